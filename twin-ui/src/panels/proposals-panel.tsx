import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { areProposals } from "../app/api.ts";
import { useLive, useSiteNowMs, useSlow } from "../app/live-twin.ts";
import { durationText } from "../i18n/duration.ts";
import { Act } from "./act.tsx";

const EVERY_MS = 3_000;

/** Acts that wait for a second account. Nothing while none waits. */
export function ProposalsPanel() {
  const { t } = useTranslation();
  const { api, store, site } = useLive();
  const proposals = useSlow((state) => state.proposals);
  const nowMs = useSiteNowMs();
  useEffect(() => {
    const ask = async (): Promise<void> => {
      const waiting = await api.read("/proposals", areProposals);
      if (waiting !== undefined) store.getState().setProposals(waiting);
    };
    void ask();
    const timer = setInterval(() => void ask(), EVERY_MS);
    return () => clearInterval(timer);
  }, [api, store]);
  if (proposals.length === 0) return null;
  return (
    <section className="panel proposals" aria-labelledby="proposals-title">
      <div className="panel-head">
        <h2 id="proposals-title">{t("proposals.title")}</h2>
        <span className="dim">{proposals.length}</span>
      </div>
      <ol>
        {proposals.map(({ proposalId, permission, act, subject, by, reason, expiresAtMs }) => (
          <li key={proposalId}>
            <p>
              <strong>{by}</strong>: <span className="code">{act}</span>
            </p>
            <p className="alarm-detail">{subject}</p>
            <p className="dim">
              „{reason}“{nowMs === undefined ? "" : ` · ${durationText(t, expiresAtMs - nowMs)}`}
            </p>
            <div className="acts">
              <Act
                name="agree"
                permission={permission}
                side={site.side}
                isPlain
                request={() => ({ method: "POST", path: `/proposals/${proposalId}/agree`, body: {} })}
              />
              <Act
                name="refuse"
                permission={permission}
                side={site.side}
                request={(why) => ({
                  method: "POST",
                  path: `/proposals/${proposalId}/refuse`,
                  body: { reason: why },
                })}
              />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
