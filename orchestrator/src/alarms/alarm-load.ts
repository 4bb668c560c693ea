import type { AlarmKpiView, AlarmView } from "../contract/index.ts";

/**
 * How many alarms come to the operator, after EEMUA 191 and ANSI/ISA-18.2-2016, 16.5: ten or more in ten minutes are a
 * flood, which lasts until fewer than five came in ten minutes. Below one in ten minutes is what normal traffic should give.
 */
export const WINDOW_MS = 600_000;
export const FLOOD_BEGINS = 10;
export const FLOOD_ENDS = 5;
export const TARGET_PER_WINDOW = 1;
const DAY_MS = 86_400_000;
/** Windows of a day; older ones are forgotten. */
const MAX_WINDOWS = DAY_MS / WINDOW_MS;

/** Counts alarms as they are raised and acknowledged. Times never go backwards. */
export class AlarmLoad {
  readonly #sinceMs: number;
  /** Times at which alarms came in the last ten minutes, oldest first. */
  #recentMs: number[] = [];
  /** Alarms of each ten minutes of the last day, by number of the window since `#sinceMs`. */
  readonly #windows = new Map<number, number>();
  readonly #counts = new Map<string, number>();
  #floodSinceMs: number | undefined;
  #floods = 0;
  #answered = 0;
  #answeredMs = 0;

  constructor(sinceMs: number) {
    this.#sinceMs = sinceMs;
  }

  raised(code: string, atMs: number): void {
    this.look(atMs);
    this.#recentMs.push(atMs);
    const window = this.#windowAt(atMs);
    this.#windows.set(window, (this.#windows.get(window) ?? 0) + 1);
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
    if (this.#floodSinceMs === undefined && this.#recentMs.length >= FLOOD_BEGINS) {
      this.#floodSinceMs = atMs;
      this.#floods++;
    }
  }

  acknowledged(afterMs: number): void {
    this.#answered++;
    this.#answeredMs += afterMs;
  }

  /** Lets time go by; whether a flood ended by that. */
  look(atMs: number): void {
    const oldestMs = atMs - WINDOW_MS;
    if ((this.#recentMs[0] ?? atMs) <= oldestMs)
      this.#recentMs = this.#recentMs.filter((each) => each > oldestMs);
    if (this.#floodSinceMs !== undefined && this.#recentMs.length < FLOOD_ENDS)
      this.#floodSinceMs = undefined;
    const oldest = this.#windowAt(atMs) - MAX_WINDOWS;
    for (const window of this.#windows.keys()) {
      if (window > oldest) break;
      this.#windows.delete(window);
    }
  }

  isFlood(): boolean {
    return this.#floodSinceMs !== undefined;
  }

  kpi(standing: readonly AlarmView[], atMs: number): AlarmKpiView {
    this.look(atMs);
    const windows = Math.min(MAX_WINDOWS, this.#windowAt(atMs) + 1);
    const total = [...this.#windows.values()].reduce((sum, count) => sum + count, 0);
    const of = (has: (alarm: AlarmView) => boolean): number => standing.filter(has).length;
    return {
      sinceMs: Math.max(this.#sinceMs, atMs - DAY_MS),
      atMs,
      inTenMinutes: this.#recentMs.length,
      meanPerTenMinutes: total / windows,
      mostInTenMinutes: Math.max(0, ...this.#windows.values()),
      targetPerTenMinutes: TARGET_PER_WINDOW,
      ...(this.#floodSinceMs === undefined ? {} : { floodSinceMs: this.#floodSinceMs }),
      floods: this.#floods,
      ...(this.#answered === 0 ? {} : { meanAnswerMs: this.#answeredMs / this.#answered }),
      standing: of(({ state }) => state !== "returned"),
      unacknowledged: of(({ state }) => state === "unacknowledged"),
      shelved: of(({ shelved }) => shelved !== undefined),
      outOfService: of(({ outOfService }) => outOfService !== undefined),
      chattering: of(({ isChattering }) => isChattering === true),
      mostFrequent: [...this.#counts]
        .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
        .slice(0, 10)
        .map(([code, count]) => ({ code, count })),
    };
  }

  #windowAt(atMs: number): number {
    return Math.floor((atMs - this.#sinceMs) / WINDOW_MS);
  }
}
