import type { SideHoursView } from "@baton/orchestrator/contract";
import { useTranslation } from "react-i18next";
import { useLive, useSiteNowMs } from "../app/live-twin.ts";
import { durationText } from "../i18n/duration.ts";
import { currentLanguage } from "../i18n/language.ts";
import { hoursByDays, openingAt } from "./opening.ts";

/** When each side is open, whether it is now, and for how long. */
export function HoursPanel() {
  const { t } = useTranslation();
  const { site } = useLive();
  return (
    <table>
      <caption>{t("hours.title")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("missions.column.side")}</th>
          <th scope="col">{t("hours.now")}</th>
          <th scope="col">{t("hours.week")}</th>
        </tr>
      </thead>
      <tbody>
        {(site.hours ?? []).map((hours) => (
          <HoursRow key={hours.side} hours={hours} />
        ))}
      </tbody>
    </table>
  );
}

function HoursRow({ hours }: { readonly hours: SideHoursView }) {
  const { t } = useTranslation();
  const nowMs = useSiteNowMs();
  const opening = nowMs === undefined ? undefined : openingAt(hours, nowMs);
  const left =
    nowMs === undefined || opening?.untilMs === undefined
      ? undefined
      : durationText(t, opening.untilMs - nowMs);
  return (
    <tr>
      <td>{t(`side.${hours.side}`)}</td>
      <td data-ground={opening?.isOpen === false ? "closed" : "open"}>
        {opening === undefined ? "" : t(opening.isOpen ? "hours.open" : "hours.closed")}
        {left === undefined
          ? ""
          : ` · ${t(opening?.isOpen === true ? "hours.closesIn" : "hours.opensIn", { left })}`}
      </td>
      <td className="wrap">
        {hoursByDays(hours.openingHours)
          .map(
            ({ fromDay, toDay, times }) =>
              `${daysText(fromDay, toDay)} ${times === "" ? t("hours.closed") : times}`,
          )
          .join("; ")}{" "}
        <span className="dim">{hours.timeZone}</span>
      </td>
    </tr>
  );
}

/** 2023-01-01 was a Sunday. */
const SUNDAY_MS = Date.UTC(2023, 0, 1, 12);

function daysText(fromDay: number, toDay: number): string {
  const format = new Intl.DateTimeFormat(currentLanguage(), { weekday: "short", timeZone: "UTC" });
  const name = (day: number): string => format.format(SUNDAY_MS + day * 86_400_000);
  return fromDay === toDay ? name(fromDay) : `${name(fromDay)}–${name(toDay)}`;
}
