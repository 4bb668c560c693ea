import Type, { type Static } from "typebox";

/** Hours of the day, as people write them: every day the same, in the local time of whoever they belong to. */

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;

const ClockTime = Type.String({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$" });

export const DailyWindow = Type.Object(
  { from: ClockTime, to: ClockTime },
  {
    additionalProperties: false,
    description:
      "Every day from one time to another, `HH:MM`, `24:00` for the end; over midnight when `to` is the earlier",
  },
);
export type DailyWindow = Static<typeof DailyWindow>;

/** An interval of time, `fromMs` in it and `toMs` not. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Milliseconds after midnight. */
export function clockMs(time: string): number {
  const [hours, minutes] = time.split(":");
  return Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
}

/** How long after the local midnight an instant is. */
export function timeOfDayMs(atMs: number, utcOffsetMinutes: number): number {
  const localMs = atMs + utcOffsetMinutes * MINUTE_MS;
  return ((localMs % DAY_MS) + DAY_MS) % DAY_MS;
}

export function isWithin(window: DailyWindow, atMs: number, utcOffsetMinutes: number): boolean {
  const time = timeOfDayMs(atMs, utcOffsetMinutes);
  const from = clockMs(window.from);
  const to = clockMs(window.to);
  return from <= to ? time >= from && time < to : time >= from || time < to;
}

/** How long a window is, milliseconds. */
export function lengthMs(window: DailyWindow): number {
  const spanMs = clockMs(window.to) - clockMs(window.from);
  return spanMs >= 0 ? spanMs : spanMs + DAY_MS;
}

/** The times of a window that touch an interval, cut to it, in order. */
export function windowsIn(window: DailyWindow, utcOffsetMinutes: number, within: Interval): Interval[] {
  const offMs = utcOffsetMinutes * MINUTE_MS;
  const firstDay = Math.floor((within.fromMs + offMs) / DAY_MS) - 1;
  const lastDay = Math.floor((within.toMs + offMs) / DAY_MS);
  const spanMs = lengthMs(window);
  const found: Interval[] = [];
  for (let day = firstDay; day <= lastDay; day++) {
    const startMs = day * DAY_MS - offMs + clockMs(window.from);
    const fromMs = Math.max(startMs, within.fromMs);
    const toMs = Math.min(startMs + spanMs, within.toMs);
    if (fromMs < toMs) found.push({ fromMs, toMs });
  }
  return found;
}
