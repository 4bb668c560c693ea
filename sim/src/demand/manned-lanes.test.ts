import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOUR_MS } from "../scenario/hours.ts";
import { loadScenario } from "../scenario/load.ts";
import { mannedLanes, serve } from "./manned-lanes.ts";

const ALWAYS = [{ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }];

describe("manned lanes", () => {
  it("serve first come first, never more at a time than there are lanes, and nobody outside the opening", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 10 * HOUR_MS }), { maxLength: 200 }),
        fc.integer({ min: 1, max: 5 }),
        (times, count) => {
          const serviceTime = { kind: "lognormal", meanS: 240, sdS: 120, source: "a test" } as const;
          const openings = [
            { fromMs: 2 * HOUR_MS, toMs: 4 * HOUR_MS },
            { fromMs: 6 * HOUR_MS, toMs: 12 * HOUR_MS },
          ];
          const passages = serve(
            times.sort((a, b) => a - b),
            { count, serviceTime, openings },
            ["test"],
          );
          const started = passages.flatMap(({ startedMs }) => (startedMs === undefined ? [] : [startedMs]));
          expect(started).toEqual([...started].sort((a, b) => a - b));
          for (const { arrivedMs, startedMs, leftMs } of passages) {
            if (startedMs === undefined || leftMs === undefined) continue;
            expect(startedMs).toBeGreaterThanOrEqual(arrivedMs);
            expect(openings.some(({ fromMs, toMs }) => startedMs >= fromMs && startedMs < toMs)).toBe(true);
            const inService = passages.filter(
              (one) => (one.startedMs ?? Infinity) <= startedMs && (one.leftMs ?? 0) > startedMs,
            );
            expect(inService.length).toBeLessThanOrEqual(count);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it("wait as long as queueing theory says: one lane, random arrivals, constant service", () => {
    // M/D/1 at 80 %: the mean wait is load x service / (2 (1 - load)), Pollaczek and Khinchine: 480 s.
    const serviceTime = { kind: "constant", valueS: 240, source: "a test" } as const;
    let state = 42;
    const uniform = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state + 0.5) / 2 ** 32;
    };
    let atMs = 0;
    const times = Array.from({ length: 60_000 }, () => {
      atMs += -Math.log(uniform()) * 300_000;
      return atMs;
    });
    const passages = serve(times, { count: 1, serviceTime, openings: ALWAYS }, ["test"]);
    const waitS =
      passages.reduce((sum, one) => sum + ((one.startedMs ?? 0) - one.arrivedMs), 0) / passages.length / 1000;
    expect(Math.abs(waitS - 480)).toBeLessThan(40);
  });

  it("pass 45 an hour with three lanes of 240 s when somebody always waits: 630 a day of 14 hours", () => {
    const serviceTime = { kind: "constant", valueS: 240, source: "a test" } as const;
    const openings = [{ fromMs: 0, toMs: 14 * HOUR_MS }];
    const passages = serve(Array(1_000).fill(0), { count: 3, serviceTime, openings }, ["test"]);
    expect(passages.filter(({ startedMs }) => startedMs !== undefined)).toHaveLength(630);
  });

  it("carry what the road leaves to them on a day, and balance hour by hour", async () => {
    const { scenario } = await loadScenario("target-2027-1119");
    const within = { fromMs: scenario.countedFromMs, toMs: scenario.endsAtMs };
    const days = mannedLanes(scenario, within);
    expect(days.map(({ direction }) => direction)).toEqual(["export", "import"]);
    for (const day of days) {
      expect(Math.abs(day.arrived - 600)).toBeLessThan(5 * Math.sqrt(600));
      expect(day.hours.reduce((sum, hour) => sum + hour.arrived, 0)).toBe(day.arrived);
      expect(day.hours.reduce((sum, hour) => sum + hour.served, 0)).toBe(day.served);
      for (const hour of day.hours) expect(hour.served).toBeLessThanOrEqual(65);
    }
    expect(mannedLanes(scenario, within)).toEqual(days);
  });

  it("are none where a scenario has no road", async () => {
    const { scenario } = await loadScenario("first-look");
    expect(mannedLanes(scenario, { fromMs: 0, toMs: HOUR_MS })).toEqual([]);
  });
});
