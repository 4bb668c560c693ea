import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { virtualClock } from "./virtual-clock.ts";

const runAll = (clock: ReturnType<typeof virtualClock>, untilMs: number): void => {
  while (clock.runNext(untilMs));
};

describe("virtual time", () => {
  it("runs what falls due in the order due and, at one instant, in the order asked for", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 200 }), (delays) => {
        const clock = virtualClock(1_000);
        const seen: { readonly index: number; readonly atMs: number }[] = [];
        delays.forEach((delayMs, index) => {
          clock.after(delayMs, () => seen.push({ index, atMs: clock.nowMs() }));
        });
        runAll(clock, 2_000);
        const expected = delays
          .map((delayMs, index) => ({ index, atMs: 1_000 + delayMs }))
          .sort((a, b) => a.atMs - b.atMs || a.index - b.index);
        expect(seen).toEqual(expected);
        expect(clock.nowMs()).toBe(2_000);
      }),
    );
  });

  it("does not run what was taken back, even at the same instant", () => {
    const clock = virtualClock(0);
    const seen: string[] = [];
    const endEvery = clock.every(10, () => {
      seen.push("every");
      if (clock.nowMs() === 30) endEvery();
    });
    let takeBack = (): void => {};
    clock.after(10, () => takeBack());
    takeBack = clock.after(10, () => seen.push("never"));
    runAll(clock, 100);
    expect(seen).toEqual(["every", "every", "every"]);
    expect(clock.nextDueMs()).toBeUndefined();
  });

  it("keeps one grid for each period, whenever it was asked for", () => {
    const clock = virtualClock(1_000);
    const seen: number[] = [];
    clock.after(130, () => clock.every(200, () => seen.push(clock.nowMs())));
    runAll(clock, 1_800);
    expect(seen).toEqual([1_200, 1_400, 1_600, 1_800]);
  });

  it("runs work that a task asks for within the same span", () => {
    const clock = virtualClock(0);
    const seen: number[] = [];
    clock.after(10, () => clock.after(10, () => seen.push(clock.nowMs())));
    runAll(clock, 25);
    expect(seen).toEqual([20]);
    expect(clock.count).toBe(2);
  });
});
