import type { Clock, Timers } from "@baton/fleet-adapter";

/**
 * Time that stands still between events. What falls due is run in the order due and, at one instant, in the order asked
 * for; so a run depends on nothing but what was asked.
 */
export interface VirtualClock extends Clock, Timers {
  /** Runs the next task that is due by then, at its own instant; false when there is none, and the clock stands at `untilMs`. */
  runNext(untilMs: number): boolean;
  /** When the next task is due; undefined when none is waiting. */
  nextDueMs(): number | undefined;
  /** Tasks run so far. */
  readonly count: number;
}

interface Task {
  dueMs: number;
  order: number;
  readonly periodMs: number | undefined;
  readonly run: () => void;
  cancelled: boolean;
}

export function virtualClock(startMs: number): VirtualClock {
  let nowMs = startMs;
  let asked = 0;
  let count = 0;
  /** A binary heap by instant, then by order asked; cancelled tasks are left in it until they come up. */
  const heap: Task[] = [];

  const before = (a: Task, b: Task): boolean =>
    a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);

  const push = (task: Task): void => {
    let at = heap.length;
    heap.push(task);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !before(task, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = task;
  };

  const pop = (): void => {
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      let child = heap[down];
      const right = heap[down + 1];
      if (child === undefined) break;
      if (right !== undefined && before(right, child)) {
        down += 1;
        child = right;
      }
      if (!before(child, last)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = last;
  };

  /** The next task that still stands, left in the heap. */
  const next = (): Task | undefined => {
    for (;;) {
      const task = heap[0];
      if (task === undefined || !task.cancelled) return task;
      pop();
    }
  };

  const add = (delayMs: number, periodMs: number | undefined, run: () => void): (() => void) => {
    const dueMs = nowMs + Math.max(0, delayMs);
    const task: Task = { dueMs, order: asked++, periodMs, run, cancelled: false };
    push(task);
    return () => {
      task.cancelled = true;
    };
  };

  return {
    nowMs: () => nowMs,
    after: (delayMs, task) => add(delayMs, undefined, task),
    every: (periodMs, task) => {
      if (!(periodMs > 0)) throw new RangeError(`a period must be above 0, not ${periodMs}`);
      // The same grid for everyone: what has the same period falls due at the same instants, whenever it was asked for.
      return add(periodMs - (nowMs % periodMs), periodMs, task);
    },
    runNext: (untilMs) => {
      const task = next();
      if (task === undefined || task.dueMs > untilMs) {
        nowMs = Math.max(nowMs, untilMs);
        return false;
      }
      pop();
      nowMs = task.dueMs;
      if (task.periodMs !== undefined) {
        task.dueMs += task.periodMs;
        task.order = asked++;
        push(task);
      }
      count += 1;
      task.run();
      return true;
    },
    nextDueMs: () => next()?.dueMs,
    get count() {
      return count;
    },
  };
}
