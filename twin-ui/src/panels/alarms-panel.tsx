import type { AlarmView } from "@baton/orchestrator/contract";
import { useTranslation } from "react-i18next";
import { useShowVehicle, useSiteNowMs, useSlow } from "../app/live-twin.ts";
import { durationText } from "../i18n/duration.ts";
import { shortVehicleName } from "../scene/layers/label-layer.ts";

/** Each priority has a shape of its own: never colour alone. */
const SHAPES: Readonly<Record<AlarmView["priority"], string>> = {
  critical: "■",
  high: "▲",
  medium: "◆",
  low: "●",
};

/** What needs a person, most urgent first. */
export function AlarmsPanel() {
  const { t } = useTranslation();
  const alarms = useSlow((state) => state.alarms);
  const standing = alarms.filter((alarm) => alarm.state !== "returned").length;
  return (
    <section className="panel alarms" aria-labelledby="alarms-title">
      <div className="panel-head">
        <h2 id="alarms-title">{t("alarms.title")}</h2>
        {standing === 0 ? null : <span className="dim">{t("alarms.count", { count: standing })}</span>}
      </div>
      {alarms.length === 0 ? (
        <p className="panel-empty">{t("alarms.empty")}</p>
      ) : (
        <ol className="panel-scroll" aria-labelledby="alarms-title" aria-live="polite">
          {alarms.map((alarm) => (
            <AlarmItem key={`${alarm.side}.${alarm.alarmId}`} alarm={alarm} />
          ))}
        </ol>
      )}
    </section>
  );
}

function AlarmItem({ alarm }: { readonly alarm: AlarmView }) {
  const { t, i18n } = useTranslation();
  const nowMs = useSiteNowMs();
  const show = useShowVehicle();
  const { vehicleId } = alarm;
  const key = `alarm.code.${alarm.code}`;
  const title = i18n.exists(key) ? t(key) : t("alarm.code.unknown", { code: alarm.code });
  return (
    <li className="alarm" data-priority={alarm.priority} data-state={alarm.state}>
      <span className="alarm-shape" aria-hidden="true">
        {SHAPES[alarm.priority]}
      </span>
      <div>
        <p className="alarm-title">
          {title}
          <span className="alarm-meta"> · {t(`side.${alarm.side}`)}</span>
        </p>
        <p className="alarm-detail">{alarm.detail}</p>
        <p className="alarm-meta">
          {t(`alarm.priority.${alarm.priority}`)} · {t(`alarm.state.${alarm.state}`)}
          {nowMs === undefined ? "" : ` · ${durationText(t, nowMs - alarm.raisedAtMs)}`}
        </p>
      </div>
      {vehicleId === undefined ? null : (
        <button
          type="button"
          className="quiet"
          aria-label={t("alarms.goto", { vehicle: shortVehicleName(vehicleId) })}
          onClick={() => show(vehicleId)}
        >
          <svg
            viewBox="0 0 16 16"
            width="16"
            height="16"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
            aria-hidden="true"
          >
            <circle cx="8" cy="8" r="4.2" />
            <path d="M8 1v4M8 11v4M1 8h4M11 8h4" />
          </svg>
        </button>
      )}
    </li>
  );
}
