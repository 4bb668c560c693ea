import { AlarmKpiView } from "@baton/orchestrator/contract";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive, useSiteNowMs, useSlow } from "../app/live-twin.ts";
import { conforms } from "../feed/conforms.ts";
import { durationText } from "../i18n/duration.ts";
import { crossingsOf } from "./crossings.ts";
import { Targets } from "./targets.tsx";

const EVERY_MS = 10_000;
const isKpi = (value: unknown): value is AlarmKpiView => conforms(AlarmKpiView, value);

/** How much crosses, how much waits, and how much of it called for a person. */
export function NumbersPanel() {
  const { t } = useTranslation();
  const { api, site } = useLive();
  const missions = useSlow((state) => state.missions);
  const vehicles = useSlow((state) => state.vehicles);
  const nowMs = useSiteNowMs();
  const [alarms, setAlarms] = useState<AlarmKpiView | undefined>(undefined);
  useEffect(() => {
    const ask = async (): Promise<void> => setAlarms(await api.read("/alarms/kpi", isKpi));
    void ask();
    const timer = setInterval(() => void ask(), EVERY_MS);
    return () => clearInterval(timer);
  }, [api]);
  if (nowMs === undefined) return null;
  const crossed = crossingsOf(missions, nowMs);
  const waiting = vehicles.filter(({ view }) => view.explanation !== undefined).length;
  const figures = [
    ["numbers.exportHour", crossed.exportLastHour],
    ["numbers.importHour", crossed.importLastHour],
    ["numbers.held", missions.filter(({ status }) => status === "held").length],
    ["numbers.waiting", `${waiting} / ${vehicles.length}`],
    [
      "numbers.handover",
      crossed.medianHandoffMs === undefined ? "–" : durationText(t, crossed.medianHandoffMs),
    ],
    ["numbers.crossing", crossed.medianTotalMs === undefined ? "–" : durationText(t, crossed.medianTotalMs)],
    [
      "numbers.alarmsTen",
      alarms === undefined ? "–" : `${alarms.inTenMinutes} (< ${alarms.targetPerTenMinutes})`,
    ],
    ["numbers.alarmsMean", alarms === undefined ? "–" : alarms.meanPerTenMinutes.toFixed(1)],
    ["numbers.alarmsAnswer", alarms?.meanAnswerMs === undefined ? "–" : durationText(t, alarms.meanAnswerMs)],
  ] as const;
  return (
    <>
      <Targets
        targets={site.targets ?? []}
        crossed={[
          { direction: "export", count: crossed.exportLastHour },
          { direction: "import", count: crossed.importLastHour },
        ]}
      />
      <dl className="numbers">
        {figures.map(([key, value]) => (
          <div key={key}>
            <dt>{t(key)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
