import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive, useSlow } from "../app/live-twin.ts";
import { obstacleTo } from "../app/standing.ts";

interface Entry {
  readonly sequence: number;
  readonly atMs: number;
  readonly account: string;
  readonly act: string;
  readonly subject: string;
  readonly reason: string;
  readonly outcome: string;
}

const TEXTS = ["account", "act", "subject", "reason", "outcome"] as const;
const isEntry = (value: unknown): value is Entry =>
  typeof value === "object" &&
  value !== null &&
  typeof Reflect.get(value, "sequence") === "number" &&
  typeof Reflect.get(value, "atMs") === "number" &&
  TEXTS.every((key) => typeof Reflect.get(value, key) === "string");
const areEntries = (value: unknown): value is readonly Entry[] =>
  Array.isArray(value) && value.every(isEntry);
const isProof = (value: unknown): value is { readonly entries: number; readonly brokenAt?: number } =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, "entries") === "number";

const TIME = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Ho_Chi_Minh",
  dateStyle: "short",
  timeStyle: "medium",
});

/** Who did what, on this page's side; and the proof that nothing of it was changed. */
export function AuditSearch() {
  const { t } = useTranslation();
  const { api, site } = useLive();
  const me = useSlow((state) => state.me);
  const [text, setText] = useState("");
  const [entries, setEntries] = useState<readonly Entry[] | undefined>(undefined);
  const [proof, setProof] = useState<string>("");
  if (obstacleTo("audit:read", me, site.side, site.side) !== undefined)
    return <p className="panel-empty">{t("audit.notForYou")}</p>;

  const search = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const query = text.trim() === "" ? "" : `&text=${encodeURIComponent(text.trim())}`;
    setEntries(await api.read(`/audit?count=200${query}`, areEntries));
  };
  const verify = async (): Promise<void> => {
    const found = await api.read("/audit/verify", isProof);
    if (found === undefined) setProof(t("act.unreachable"));
    else if (found.brokenAt === undefined) setProof(t("audit.whole", { count: found.entries }));
    else setProof(t("audit.broken", { at: found.brokenAt }));
  };

  return (
    <>
      <form className="audit-form" onSubmit={(event) => void search(event)}>
        <label htmlFor="audit-text">{t("audit.text")}</label>
        <input
          id="audit-text"
          value={text}
          maxLength={128}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit">{t("audit.search")}</button>
        <button type="button" onClick={() => void verify()}>
          {t("audit.verify")}
        </button>
        <span role="status" className="dim">
          {proof}
        </span>
      </form>
      {entries === undefined ? null : entries.length === 0 ? (
        <p className="panel-empty">{t("audit.none")}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{t("audit.number")}</th>
              <th scope="col">{t("audit.time")}</th>
              <th scope="col">{t("audit.account")}</th>
              <th scope="col">{t("audit.act")}</th>
              <th scope="col">{t("audit.subject")}</th>
              <th scope="col">{t("act.reason")}</th>
              <th scope="col">{t("audit.outcome")}</th>
            </tr>
          </thead>
          <tbody>
            {[...entries].reverse().map((entry) => (
              <tr key={entry.sequence}>
                <td className="number">{entry.sequence}</td>
                <td className="number">{TIME.format(entry.atMs)}</td>
                <td>{entry.account}</td>
                <td className="code">{entry.act}</td>
                <td>{entry.subject}</td>
                <td>{entry.reason}</td>
                <td>{entry.outcome}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
