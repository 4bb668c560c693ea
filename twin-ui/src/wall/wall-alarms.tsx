import { useTranslation } from "react-i18next";
import { useSiteNowMs, useSlow } from "../app/live-twin.ts";
import { durationText } from "../i18n/duration.ts";
import { ALARM_SHAPES } from "../panels/alarm-shapes.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";
import { wallAlarms } from "./wall-view.ts";

/** What needs somebody, the most urgent first: whose, what, since when, and whether somebody has taken it on. */
export function WallAlarms() {
  const { t, i18n } = useTranslation();
  const nowMs = useSiteNowMs();
  const alarms = useSlow((state) => state.alarms);
  const { shown, more } = wallAlarms(alarms);
  return (
    <section className="wall-alarms" aria-label={t("alarms.title")} aria-live="polite">
      {shown.length === 0 ? <p className="dim">{t("alarms.empty")}</p> : null}
      <ul>
        {shown.map(({ alarmId, code, priority, state, side, vehicleId, raisedAtMs }) => (
          <li key={alarmId} className="alarm" data-priority={priority} data-state={state}>
            <span className="alarm-shape" aria-hidden="true">
              {ALARM_SHAPES[priority]}
            </span>
            <span>
              {vehicleId === undefined ? t(`side.${side}`) : shortVehicleName(vehicleId)}
              {": "}
              {i18n.exists(`alarm.code.${code}`)
                ? t(`alarm.code.${code}`)
                : t("alarm.code.unknown", { code })}
              <span className="dim">
                {" "}
                {nowMs === undefined ? "" : durationText(t, nowMs - raisedAtMs)} · {t(`alarm.state.${state}`)}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {more === 0 ? null : <p className="dim">{t("wall.more", { count: more })}</p>}
    </section>
  );
}
