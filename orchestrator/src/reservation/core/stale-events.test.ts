import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { StaleEvents } from "./stale-events.ts";
import { ENDLESS } from "./ticks.ts";
import { createTiming, type VehicleRecord } from "./vehicle.ts";

/** A vehicle of which only the times of its runs matter. */
function vehicleWith(entryTick: number[]): VehicleRecord {
  const leg = { entryTick, etaTick: ENDLESS } as unknown as VehicleRecord["leg"];
  return { timing: createTiming(), leg } as unknown as VehicleRecord;
}

describe("events to be timed again", () => {
  test("come earliest first, each once, also when time has gone on and whatever is asked in between", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constant(ENDLESS)), { minLength: 1 }),
        fc.array(fc.nat({ max: 50 }), { maxLength: 5 }),
        (ticks, later) => {
          const events = new StaleEvents(1);
          const vehicle = vehicleWith(ticks);
          ticks.forEach((_, run) => {
            events.mark(vehicle, run);
            events.mark(vehicle, run);
          });
          let now = 0;
          for (const by of later) {
            now += by;
            events.startFrom(now);
          }
          expect(events.size).toBe(ticks.length);
          const taken: number[] = [];
          while (events.size > 0) {
            const { earliestTick } = events;
            events.take();
            const tick = ticks[events.run] ?? -1;
            if (tick < ENDLESS) expect(earliestTick).toBe(tick);
            taken.push(tick);
          }
          expect(taken).toEqual([...ticks].sort((a, b) => a - b));
          expect(events.take()).toBe(false);
          expect(events.earliestTick).toBe(ENDLESS);
        },
      ),
    );
  });

  test("of long ago come before all others, and count as earlier than anything", () => {
    const events = new StaleEvents(1);
    events.startFrom(100_000);
    const vehicle = vehicleWith([100_000, 5, 100_001]);
    for (const run of [0, 1, 2]) events.mark(vehicle, run);
    expect(events.earliestTick).toBeLessThan(5);
    for (const run of [1, 0, 2]) {
      events.take();
      expect(events.run).toBe(run);
    }
  });
});
