import { type FormEvent, Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive, useSlow } from "../app/live-twin.ts";
import { obstacleTo } from "../app/standing.ts";
import { timeOfSide } from "../i18n/local-time.ts";
import { whoMay } from "./act-texts.ts";

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

interface Wanted {
  readonly text: string;
  readonly account: string;
  readonly act: string;
}

const FIELDS = [
  { name: "text", labelKey: "audit.text" },
  { name: "account", labelKey: "audit.account" },
  { name: "act", labelKey: "audit.act" },
] as const satisfies readonly { readonly name: keyof Wanted; readonly labelKey: string }[];
const PAGE = 100;

function queryOf(wanted: Wanted, beforeSequence?: number): string {
  const query = new URLSearchParams({ count: String(PAGE) });
  for (const { name } of FIELDS) if (wanted[name].trim() !== "") query.set(name, wanted[name].trim());
  if (beforeSequence !== undefined) query.set("beforeSequence", String(beforeSequence));
  return `/audit?${query}`;
}

/** Who did what, on this page's side; and the proof that nothing of it was changed. */
export function AuditSearch() {
  const { t } = useTranslation();
  const { api, site } = useLive();
  const time = timeOfSide(site);
  const me = useSlow((state) => state.me);
  const [wanted, setWanted] = useState<Wanted>({ text: "", account: "", act: "" });
  /** What was searched for: the page before is of the same search, whatever is in the fields by then. */
  const [searched, setSearched] = useState<Wanted>(wanted);
  const [entries, setEntries] = useState<readonly Entry[] | undefined>(undefined);
  const [proof, setProof] = useState<string>("");
  const obstacle = obstacleTo("audit:read", me, site.side, site.side);
  if (obstacle !== undefined) return <p className="panel-empty">{whoMay(t, obstacle)}</p>;

  const search = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setSearched(wanted);
    setEntries(await api.read(queryOf(wanted), areEntries));
  };
  const older = async (): Promise<void> => {
    const before = await api.read(queryOf(searched, entries?.[0]?.sequence), areEntries);
    if (before !== undefined) setEntries([...before, ...(entries ?? [])]);
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
        {FIELDS.map(({ name, labelKey }) => (
          <Fragment key={name}>
            <label htmlFor={`audit-${name}`}>{t(labelKey)}</label>
            <input
              id={`audit-${name}`}
              value={wanted[name]}
              maxLength={128}
              onChange={(event) => setWanted({ ...wanted, [name]: event.currentTarget.value })}
            />
          </Fragment>
        ))}
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
              <th scope="col">
                {t("audit.time")} ({time.zone})
              </th>
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
                <td className="code">{time.date(entry.atMs)}</td>
                <td>{entry.account}</td>
                <td className="code">{entry.act}</td>
                <td className="wrap">{entry.subject}</td>
                <td className="wrap">{entry.reason}</td>
                <td className="wrap">{entry.outcome}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {(entries?.[0]?.sequence ?? 1) > 1 && (entries?.length ?? 0) >= PAGE ? (
        <p className="panel-note">
          <button type="button" className="link" onClick={() => void older()}>
            {t("audit.older")}
          </button>
        </p>
      ) : null}
    </>
  );
}
