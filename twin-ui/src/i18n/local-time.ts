import type { Side } from "@baton/maps";
import type { SideHoursView, SiteView } from "@baton/orchestrator/contract";

/** Instants in the time of a side, as its site has it; a site without hours tells UTC. */
export interface LocalTime {
  /** How far it is from UTC, in words that mean the same in every language: `UTC+7`. */
  readonly zone: string;
  clock(atMs: number): string;
  /** With its day. */
  date(atMs: number): string;
}

const made = new Map<string, LocalTime>();

/** The time of the page's own side. */
export const timeOfSide = ({ side, hours }: Pick<SiteView, "side" | "hours">): LocalTime =>
  timeIn(hours?.find((each) => each.side === (side satisfies Side)));

function timeIn(hours: SideHoursView | undefined): LocalTime {
  const timeZone = hours?.timeZone ?? "UTC";
  const known = made.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium" });
  const date = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "medium" });
  const time: LocalTime = {
    zone: zoneText(hours?.utcOffsetMinutes ?? 0),
    clock: (atMs) => clock.format(atMs),
    date: (atMs) => date.format(atMs),
  };
  made.set(timeZone, time);
  return time;
}

function zoneText(offsetMinutes: number): string {
  if (offsetMinutes === 0) return "UTC";
  const minutes = Math.abs(offsetMinutes);
  const rest = minutes % 60 === 0 ? "" : `:${String(minutes % 60).padStart(2, "0")}`;
  return `UTC${offsetMinutes < 0 ? "−" : "+"}${Math.floor(minutes / 60)}${rest}`;
}
