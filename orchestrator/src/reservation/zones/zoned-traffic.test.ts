import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ringOfLongBodies, yards, type ZonedLayout, zonedRing } from "./testing/layouts.ts";
import { driveZones } from "./testing/zoned-traffic.ts";

const layouts: { layout: ZonedLayout; vehicles: number }[] = [
  { layout: zonedRing(9, 3), vehicles: 5 },
  { layout: ringOfLongBodies(12, 3), vehicles: 5 },
  { layout: yards(2, 3), vehicles: 4 },
  { layout: yards(3, 3), vehicles: 6 },
];

describe.each(layouts)("random traffic over zones on $layout.name", ({ layout, vehicles }) => {
  test("no vehicle is ever on ground that is not its own in the ledger of that ground's zone, and every leg ends", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0 }), fc.constantFrom(0, 0.01), async (seed, stops) => {
        const quiet = { leadersDie: 0, sidesDie: 0, downTicks: 0, lostReports: 0.2 };
        const { crossings } = await driveZones({ layout, seed, vehicles, tripsEach: 2, stops, ...quiet });
        expect(crossings).toBeGreaterThan(0);
      }),
      { numRuns: 4 },
    );
  });

  test("leaders of zones die, and the process over them, and every leg ends all the same", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
        const faults = { stops: 0.005, lostReports: 0.3, leadersDie: 0.01, sidesDie: 0.004, downTicks: 80 };
        await driveZones({ layout, seed, vehicles, tripsEach: 1, ...faults });
      }),
      { numRuns: 6 },
    );
  });
});
