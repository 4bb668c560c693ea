import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createModelLedger } from "./ledger/model.ts";
import { type Layout, ladder, ring, singleTrack } from "./testing/layouts.ts";
import { drive } from "./testing/traffic.ts";

const layouts: { layout: Layout; vehicles: number }[] = [
  { layout: ring(8), vehicles: 6 },
  { layout: ladder(7), vehicles: 5 },
  { layout: singleTrack(4, 4), vehicles: 6 },
];

describe.each(layouts)("random traffic on $layout.name", ({ layout, vehicles }) => {
  test("no vehicle is ever on ground that is not its own, and every leg ends", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0 }), fc.constantFrom(0, 0.01, 0.05), async (seed, stops) => {
        const plan = { layout, seed, vehicles, tripsEach: 3, stops, lostReports: 0.3, newLeaders: 0 };
        await drive(plan, createModelLedger());
      }),
      { numRuns: 12 },
    );
  });

  test("a new leader goes on where the old one was", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
        const plan = {
          layout,
          seed,
          vehicles,
          tripsEach: 2,
          stops: 0.01,
          lostReports: 0.3,
          newLeaders: 0.02,
        };
        expect((await drive(plan, createModelLedger())).ticks).toBeGreaterThan(0);
      }),
      { numRuns: 8 },
    );
  });
});
