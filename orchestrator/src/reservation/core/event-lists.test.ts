import type { VehicleId } from "@baton/fleet-adapter";
import type { VehicleClassId } from "@baton/maps";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventLists } from "./event-lists.ts";
import { ENDLESS } from "./ticks.ts";
import { createVehicle } from "./vehicle.ts";

/** Lists look at nothing of it. */
const VEHICLE = createVehicle("sim.any" as VehicleId, "any" as VehicleClassId, 0);

describe("lists of events", () => {
  test("have the earliest first, also when time has gone on and whatever is asked in between", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constant(ENDLESS)), { minLength: 1 }),
        fc.array(fc.nat({ max: 50 }), { maxLength: 5 }),
        (ticks, later) => {
          const events = new EventLists();
          ticks.forEach((tick, run) => {
            events.put(VEHICLE, run, tick);
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
            if (tick < ENDLESS) expect([earliestTick, events.tick]).toEqual([tick, tick]);
            taken.push(tick);
          }
          expect(taken).toEqual([...ticks].sort((a, b) => a - b));
          expect(events.take()).toBe(false);
          expect(events.earliestTick).toBe(ENDLESS);
        },
      ),
    );
  });

  test("have those of long ago before all others, and count them as earlier than anything", () => {
    const events = new EventLists();
    events.startFrom(100_000);
    [100_000, 5, 100_001].forEach((tick, run) => {
      events.put(VEHICLE, run, tick);
    });
    expect(events.earliestTick).toBeLessThan(5);
    for (const run of [1, 0, 2]) {
      events.take();
      expect(events.run).toBe(run);
    }
  });
});
