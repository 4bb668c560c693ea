import type { SideHoursView } from "@baton/orchestrator/contract";

/** Whether a side is open, and until when that is so; no `untilMs` when it never changes. */
export interface Opening {
  readonly isOpen: boolean;
  readonly untilMs: number | undefined;
}

const MINUTE_MS = 60_000;
const WEEK_MIN = 7 * 24 * 60;
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/** A side's opening at an instant, by its weekly hours; hours that touch, also over midnight, are one opening. */
export function openingAt({ openingHours, utcOffsetMinutes }: SideHoursView, atMs: number): Opening {
  const isOpenIn = new Uint8Array(WEEK_MIN);
  for (const { weekday, from, to } of openingHours)
    isOpenIn.fill(1, weekday * 1_440 + minutesOf(from), weekday * 1_440 + minutesOf(to));
  const localMin = Math.floor(atMs / MINUTE_MS) + utcOffsetMinutes + EPOCH_WEEKDAY * 1_440;
  const at = (minute: number): boolean => isOpenIn[((minute % WEEK_MIN) + WEEK_MIN) % WEEK_MIN] === 1;
  const isOpen = at(localMin);
  for (let later = 1; later <= WEEK_MIN; later++) {
    if (at(localMin + later) !== isOpen)
      return { isOpen, untilMs: (Math.floor(atMs / MINUTE_MS) + later) * MINUTE_MS };
  }
  return { isOpen, untilMs: undefined };
}

/** Hours of the week, days with the same hours together: `[[0, 6], "00:00", "24:00"]` for every day around the clock. */
export function hoursByDays(
  hours: SideHoursView["openingHours"],
): readonly { readonly fromDay: number; readonly toDay: number; readonly times: string }[] {
  const timesOf = (day: number): string =>
    hours
      .filter(({ weekday }) => weekday === day)
      .map(({ from, to }) => `${from}–${to}`)
      .sort()
      .join(", ");
  const spans: { fromDay: number; toDay: number; times: string }[] = [];
  for (let day = 0; day < 7; day++) {
    const times = timesOf(day);
    const last = spans.at(-1);
    if (last?.times === times) last.toDay = day;
    else spans.push({ fromDay: day, toDay: day, times });
  }
  return spans;
}

function minutesOf(clock: string): number {
  const [hours = "0", minutes = "0"] = clock.split(":");
  return Number(hours) * 60 + Number(minutes);
}
