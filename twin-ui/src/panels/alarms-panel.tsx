import type { AlarmView } from "@baton/orchestrator/contract";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSlow } from "../app/live-twin.ts";
import { AlarmItem } from "./alarm-item.tsx";
import { EmptyList } from "./empty-list.tsx";

const isAside = ({ state, shelved, outOfService }: AlarmView): boolean =>
  state !== "returned" && (shelved !== undefined || outOfService !== undefined);

/** What needs a person, most urgent first; what was put aside is counted and out of sight until asked for. */
export function AlarmsPanel() {
  const { t } = useTranslation();
  const alarms = useSlow((state) => state.alarms);
  const [isAsideShown, setAsideShown] = useState(false);
  const aside = alarms.filter(isAside);
  const before = alarms.filter((alarm) => !isAside(alarm));
  const standing = before.filter((alarm) => alarm.state !== "returned").length;
  return (
    <section className="panel alarms" aria-labelledby="alarms-title">
      <div className="panel-head">
        <h2 id="alarms-title">{t("alarms.title")}</h2>
        {standing === 0 ? null : <span className="dim">{t("alarms.count", { count: standing })}</span>}
        {aside.length === 0 ? null : (
          <button
            type="button"
            className="link dim"
            aria-pressed={isAsideShown}
            onClick={() => setAsideShown((shown) => !shown)}
          >
            {t("alarms.aside", { count: aside.length })}
          </button>
        )}
      </div>
      {before.length === 0 && !isAsideShown ? (
        <EmptyList text={t("alarms.empty")} />
      ) : (
        <ol className="panel-scroll" aria-labelledby="alarms-title" aria-live="polite">
          {[...before, ...(isAsideShown ? aside : [])].map((alarm) => (
            <AlarmItem key={`${alarm.side}.${alarm.alarmId}`} alarm={alarm} />
          ))}
        </ol>
      )}
    </section>
  );
}
