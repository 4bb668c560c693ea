import type { Clock, Timers } from "../time.ts";

/** A clock that stands still until it is told to move on: for tests, and for fast time. */
export interface ManualClock extends Clock, Timers {
  /**
   * Moves on by `ms`, running what falls due on the way, each at its own instant, in the order due and, at
   * one instant, in the order asked for. Work that a task asks for within the span runs in the same call.
   */
  advance(ms: number): void;
  /** When the next task is due; undefined when none is waiting. */
  nextDueMs(): number | undefined;
}

interface Waiting {
  dueMs: number;
  readonly periodMs: number | undefined;
  readonly task: () => void;
  order: number;
}

/** Bound: tasks run in one `advance`; more is a task that asks for itself without end. */
const MAX_TASKS_PER_ADVANCE = 10_000_000;

export function manualClock(startMs = 0): ManualClock {
  let nowMs = startMs;
  let asked = 0;
  const waiting = new Set<Waiting>();

  const add = (delayMs: number, periodMs: number | undefined, task: () => void): (() => void) => {
    const entry = { dueMs: nowMs + Math.max(0, delayMs), periodMs, task, order: asked++ };
    waiting.add(entry);
    return () => waiting.delete(entry);
  };
  const next = (): Waiting | undefined => {
    let first: Waiting | undefined;
    for (const entry of waiting) {
      if (first === undefined || entry.dueMs < first.dueMs) first = entry;
      else if (entry.dueMs === first.dueMs && entry.order < first.order) first = entry;
    }
    return first;
  };

  return {
    nowMs: () => nowMs,
    after: (delayMs, task) => add(delayMs, undefined, task),
    every: (periodMs, task) => {
      if (!(periodMs > 0)) throw new RangeError(`a period must be above 0, not ${periodMs}`);
      return add(periodMs, periodMs, task);
    },
    nextDueMs: () => next()?.dueMs,
    advance: (ms) => {
      const untilMs = nowMs + ms;
      for (let run = 0; ; run += 1) {
        const entry = next();
        if (entry === undefined || entry.dueMs > untilMs) break;
        if (run === MAX_TASKS_PER_ADVANCE) throw new Error("a task asks for itself without end");
        nowMs = entry.dueMs;
        if (entry.periodMs === undefined) waiting.delete(entry);
        else {
          entry.dueMs += entry.periodMs;
          entry.order = asked++;
        }
        entry.task();
      }
      nowMs = untilMs;
    },
  };
}
