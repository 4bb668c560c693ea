import type { MissionView } from "@baton/orchestrator/contract";
import { useTranslation } from "react-i18next";
import { useLive, useSiteNowMs } from "../app/live-twin.ts";
import { durationText } from "../i18n/duration.ts";
import { timeOfSide } from "../i18n/local-time.ts";
import { paintedNumber } from "../scene/number-atlas.ts";
import { CaseFile } from "./case-file.tsx";
import { reasonText, useDispatchReasons } from "./dispatch-reasons.ts";
import { evidenceText } from "./evidence-text.ts";
import { MissionActs } from "./mission-acts.tsx";

/** One mission step by step: when each was done and by what evidence, where it is now, what is still before it; and its acts. */
export function MissionDetail({ mission }: { readonly mission: MissionView }) {
  const { t, i18n } = useTranslation();
  const reason = useDispatchReasons()?.missions.find(({ missionId }) => missionId === mission.missionId);
  const nowMs = useSiteNowMs();
  const time = timeOfSide(useLive().site);
  const about = mission.containerNo === undefined ? t("mission.empty") : paintedNumber(mission.containerNo);
  const isOver = mission.status === "done" || mission.status === "returned";
  // Who passes the lane again has steps before it that were done already.
  const ahead = new Set(isOver ? [] : mission.steps.slice(mission.steps.indexOf(mission.step)));
  const doneAt = new Map(
    mission.timeline.flatMap((entry) => (ahead.has(entry.step) ? [] : [[entry.step, entry] as const])),
  );
  return (
    <div className="mission-detail">
      <ol aria-label={t("missions.timeline")}>
        {mission.steps.map((step) => {
          const done = doneAt.get(step);
          const evidence = done && evidenceText(t, done);
          const isNow = !isOver && done === undefined && step === mission.step;
          return (
            <li
              key={step}
              data-at={done !== undefined ? "done" : isNow ? "now" : "ahead"}
              aria-current={isNow ? "step" : undefined}
            >
              <span>{t(`step.${step}`)}</span>
              <span className="number dim">
                {done !== undefined
                  ? time.clock(done.atMs)
                  : isNow && nowMs !== undefined
                    ? durationText(t, nowMs - mission.stepSinceMs)
                    : ""}
              </span>
              <span className="code dim" title={evidence}>
                {evidence}
              </span>
            </li>
          );
        })}
      </ol>
      <p className="dim">
        {mission.orderId} · {mission.missionId} · {time.zone}
        {mission.slot === undefined
          ? ""
          : ` · ${t("missions.slot", { from: time.clock(mission.slot.fromMs), to: time.clock(mission.slot.toMs) })}`}
      </p>
      {reason === undefined ? null : (
        <p>{t("why.leftWaiting", { reason: reasonText(t, (key) => i18n.exists(key), reason, nowMs) })}</p>
      )}
      {isOver ? null : <MissionActs mission={mission} about={about} />}
      <p>
        <CaseFile mission={mission} />
      </p>
    </div>
  );
}
