/** Opening hours of one weekday (0 = Sunday) in local time; `24:00` for the end of the day. */
export interface OpeningHours {
  readonly weekday: number;
  readonly from: string;
  readonly to: string;
}

/** Open from `fromMs` until just before `toMs`, UTC. */
export interface Opening {
  readonly fromMs: number;
  readonly toMs: number;
}

const MINUTE_MS = 60_000;
const WEEK_MIN = 7 * 24 * 60;
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/**
 * When a side is open, from its weekly hours and its offset from UTC (neither Viet Nam nor China has summer time).
 * Hours that touch, also over midnight and over the end of the week, are one opening.
 */
export class Calendar {
  /** Minutes from Sunday 00:00 local, in order, not touching; the last one may reach beyond the week's end. */
  readonly #spans: readonly { readonly fromMin: number; readonly toMin: number }[];
  readonly #offsetMin: number;
  readonly #isAlways: boolean;

  constructor(hours: readonly OpeningHours[], utcOffsetMinutes: number) {
    this.#offsetMin = utcOffsetMinutes;
    const spans: { fromMin: number; toMin: number }[] = [];
    const sorted = hours
      .map(({ weekday, from, to }) => ({
        fromMin: weekday * 1_440 + minutes(from),
        toMin: weekday * 1_440 + minutes(to),
      }))
      .filter((span) => span.toMin > span.fromMin)
      .sort((a, b) => a.fromMin - b.fromMin);
    for (const span of sorted) {
      const last = spans.at(-1);
      if (last !== undefined && span.fromMin <= last.toMin) last.toMin = Math.max(last.toMin, span.toMin);
      else spans.push(span);
    }
    const [first] = spans;
    const last = spans.at(-1);
    this.#isAlways = first !== undefined && first.fromMin === 0 && first.toMin >= WEEK_MIN;
    if (first !== undefined && last !== undefined && first !== last) {
      if (first.fromMin === 0 && last.toMin >= WEEK_MIN) {
        last.toMin = WEEK_MIN + first.toMin;
        spans.shift();
      }
    }
    this.#spans = spans;
  }

  /** The opening that holds at an instant, or the next one; undefined when there is none at all. Never closes: `toMs` infinite. */
  openingAt(atMs: number): Opening | undefined {
    if (this.#isAlways) return { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
    const localMin = atMs / MINUTE_MS + this.#offsetMin + EPOCH_WEEKDAY * 1_440;
    const week = Math.floor(localMin / WEEK_MIN);
    for (const start of [week - 1, week, week + 1]) {
      for (const { fromMin, toMin } of this.#spans) {
        if (localMin >= start * WEEK_MIN + toMin) continue;
        const msOf = (min: number): number =>
          (start * WEEK_MIN + min - this.#offsetMin - EPOCH_WEEKDAY * 1_440) * MINUTE_MS;
        return { fromMs: msOf(fromMin), toMs: msOf(toMin) };
      }
    }
    return undefined;
  }
}

/** When all of several calendars are open: the opening that holds at an instant, or the next one. */
export function jointOpeningAt(calendars: readonly Calendar[], atMs: number): Opening | undefined {
  let fromMs = atMs;
  // Each round skips to the latest beginning; two weekly calendars that ever meet do so within a few dozen openings.
  for (let round = 0; round < 200; round++) {
    let begin = Number.NEGATIVE_INFINITY;
    let end = Number.POSITIVE_INFINITY;
    for (const calendar of calendars) {
      const opening = calendar.openingAt(fromMs);
      if (opening === undefined) return undefined;
      begin = Math.max(begin, opening.fromMs);
      end = Math.min(end, opening.toMs);
    }
    if (begin < end) return { fromMs: begin, toMs: end };
    fromMs = Math.max(begin, end);
  }
  return undefined;
}

function minutes(clock: string): number {
  const [hours = "0", mins = "0"] = clock.split(":");
  return Number(hours) * 60 + Number(mins);
}
