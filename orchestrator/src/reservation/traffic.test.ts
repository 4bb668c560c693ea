import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Layout, ladder, queueLane, ring, singleTrack } from "./testing/layouts.ts";
import { siteLayout, siteNetwork } from "./testing/sites.ts";
import { drive, modelLedger } from "./testing/traffic.ts";

const layouts: { layout: Layout; vehicles: number }[] = [
  { layout: ring(8), vehicles: 6 },
  { layout: ladder(7), vehicles: 5 },
  { layout: singleTrack(4, 4), vehicles: 6 },
  { layout: queueLane(9, 4), vehicles: 7 },
];

describe.each(layouts)("random traffic on $layout.name", ({ layout, vehicles }) => {
  test("no vehicle is ever on ground that is not its own, and every leg ends", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0 }), fc.constantFrom(0, 0.002, 0.01), async (seed, stops) => {
        await drive(
          { layout, seed, vehicles, tripsEach: 3, stops, lostReports: 0.3, newLeaders: 0 },
          modelLedger(),
        );
      }),
      { numRuns: 8 },
    );
  });

  test("vehicles that are sent elsewhere on their way are on nobody's ground, and end where they were sent last", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
        const plan = {
          layout,
          seed,
          vehicles: vehicles - 1,
          tripsEach: 3,
          stops: 0.005,
          lostReports: 0.3,
          newLeaders: 0.005,
          turns: 0.02,
        };
        await drive(plan, modelLedger());
      }),
      { numRuns: 6 },
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
          stops: 0.005,
          lostReports: 0.3,
          newLeaders: 0.02,
        };
        await drive(plan, modelLedger());
      }),
      { numRuns: 6 },
    );
  });
});

describe("random traffic on the site mini", () => {
  let network: Awaited<ReturnType<typeof siteNetwork>>;
  beforeAll(async () => {
    network = await siteNetwork("mini", "vn");
  });

  test("ten vehicles between all its endpoints, with stops on the way, leaders that change", async () => {
    const layout = siteLayout("mini", network.network);
    const { kinematics } = network;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
        const plan = {
          layout,
          kinematics,
          seed,
          vehicles: 10,
          tripsEach: 1,
          stops: 0.003,
          lostReports: 0.3,
          newLeaders: 0.002,
        };
        expect((await drive(plan, modelLedger())).ticks).toBeGreaterThan(0);
      }),
      { numRuns: 2 },
    );
  });
});
