import { describe, expect, it, vi } from "vitest";
import { countedIds, uuidIds } from "./ids.ts";
import { manualClock } from "./manual-clock.ts";
import { wallClock } from "./wall-clock.ts";

describe("a clock moved by hand", () => {
  it("runs what falls due at its own instant, in the order due and then in the order asked for", () => {
    const clock = manualClock(1_000);
    const seen: [string, number][] = [];
    const note = (name: string) => () => seen.push([name, clock.nowMs()]);
    clock.after(50, note("late"));
    clock.after(20, note("first"));
    clock.after(20, note("second"));
    clock.every(30, note("every"));
    clock.advance(60);
    expect(seen).toEqual([
      ["first", 1_020],
      ["second", 1_020],
      ["every", 1_030],
      ["late", 1_050],
      ["every", 1_060],
    ]);
    expect(clock.nowMs()).toBe(1_060);
  });

  it("runs work that a task asks for within the same span", () => {
    const clock = manualClock();
    const seen: number[] = [];
    clock.after(10, () => clock.after(10, () => seen.push(clock.nowMs())));
    clock.advance(25);
    expect(seen).toEqual([20]);
  });

  it("does not run what was taken back, even by a task due at the same instant", () => {
    const clock = manualClock();
    const task = vi.fn();
    let cancel = (): void => {};
    clock.after(10, () => cancel());
    cancel = clock.after(10, task);
    const stop = clock.every(10, () => stop());
    clock.advance(100);
    expect(task).not.toHaveBeenCalled();
    expect(clock.nextDueMs()).toBeUndefined();
  });

  it("says when something is due next", () => {
    const clock = manualClock();
    clock.after(40, () => {});
    clock.every(15, () => {});
    expect(clock.nextDueMs()).toBe(15);
    clock.advance(30);
    expect(clock.nextDueMs()).toBe(40);
  });
});

describe("a clock on the machine's", () => {
  it("runs away from its origin at its speed, the same in every process", () => {
    vi.useFakeTimers({ now: 5_000 });
    try {
      const clock = wallClock({ speed: 4, originMs: 5_000 });
      const other = wallClock({ speed: 4, originMs: 5_000 });
      const due = vi.fn();
      const every = vi.fn();
      clock.after(400, due);
      const stop = clock.every(200, every);
      vi.advanceTimersByTime(99);
      expect(due).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(due).toHaveBeenCalledTimes(1);
      expect(every).toHaveBeenCalledTimes(2);
      expect(clock.nowMs()).toBe(5_400);
      expect(other.nowMs()).toBe(clock.nowMs());
      stop();
      vi.advanceTimersByTime(1_000);
      expect(every).toHaveBeenCalledTimes(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it("waits out a delay that the machine's timer cannot hold, and not a moment less", () => {
    vi.useFakeTimers({ now: 0 });
    try {
      const clock = wallClock({ speed: 1, originMs: 0 });
      const due = vi.fn();
      clock.after(2 ** 31 + 1_000, due);
      vi.advanceTimersByTime(2 ** 31);
      expect(due).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1_000);
      expect(due).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it("goes on from what it showed when its world was stopped", () => {
    vi.useFakeTimers({ now: 100_000 });
    try {
      const clock = wallClock({ speed: 4, originMs: 100_000, shownMs: 7_000 });
      expect(clock.nowMs()).toBe(7_000);
      vi.advanceTimersByTime(250);
      expect(clock.nowMs()).toBe(8_000);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("does not run at speed %s", (speed) => {
    expect(() => wallClock({ speed })).toThrow(RangeError);
  });
});

describe("identifiers", () => {
  it("that are counted are the same in every run", () => {
    const ids = countedIds("vn");
    expect([ids.next(), ids.next()]).toEqual(["vn-1", "vn-2"]);
  });

  it("that are drawn differ", () => {
    const ids = uuidIds();
    expect(new Set(Array.from({ length: 100 }, () => ids.next())).size).toBe(100);
  });
});
