import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { driveCore } from "../testing/core-traffic.ts";
import { findCircle } from "../testing/dependency-graph.ts";
import { type Layout, ladder, queueLane, ring, singleTrack } from "../testing/layouts.ts";
import { wrongTimes } from "../testing/projected-times.ts";
import { isGranted } from "./claims.ts";
import { DEFAULT_SETTINGS } from "./kinematics.ts";
import { spread } from "./retime.ts";
import type { Visit } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

const layouts: { layout: Layout; vehicles: number }[] = [
  { layout: ring(8), vehicles: 6 },
  { layout: ladder(7), vehicles: 5 },
  // More bays at each end than vehicles: who goes back to its own end turns in a bay of the other.
  { layout: singleTrack(6, 4), vehicles: 5 },
  { layout: queueLane(8, 4), vehicles: 6 },
];
const switching = DEFAULT_SETTINGS.switching;

function runs(property: (seed: number, stops: number) => void): void {
  fc.assert(fc.property(fc.integer({ min: 0 }), fc.constantFrom(0, 0.005, 0.02), property), {
    numRuns: 4,
    endOnFailure: true,
  });
}

function same(visits: readonly Visit[], others: readonly Visit[]): boolean {
  return visits.length === others.length && visits.every((visit, i) => visit === others[i]);
}

const jumps: string[] = [];

describe.each(layouts)("orders on $layout.name", ({ layout, vehicles }) => {
  test("are timed by what changed exactly as they would be from scratch", () => {
    runs((seed, stops) => {
      const watch = (zone: Zone): void => {
        spread(zone);
        expect(wrongTimes(zone)).toEqual([]);
      };
      driveCore({ layout, seed, vehicles, tripsEach: 2, stops, watch });
    });
  });

  test("never close a circle, and let every trip end", () => {
    runs((seed, stops) => {
      const watch = (zone: Zone): void => expect(findCircle(zone)).toBeUndefined();
      driveCore({ layout, seed, vehicles, tripsEach: 3, stops, watch });
    });
  });

  test("only change by a jump among claims of others and of the one that jumps, and stay without a circle", () => {
    runs((seed, stops) => {
      const watch = (zone: Zone): void => {
        for (const vehicle of zone.vehicles.values()) {
          if (vehicle.leg === undefined || vehicle.leg.completed) continue;
          if (vehicle.leg.grantedRuns === vehicle.leg.runs.length) continue;
          const isOwn = (visit: Visit) => visit.vehicle === vehicle;
          const isOthers = (visit: Visit) => visit.vehicle !== vehicle;
          const before = zone.claims.queues.map((queue) => [...queue]);
          if (!zone.jumps.tryJump(zone, vehicle)) {
            expect(zone.claims.queues.every((queue, block) => same(queue, before[block] ?? []))).toBe(true);
            continue;
          }
          jumps.push(layout.name);
          zone.claims.queues.forEach((queue, block) => {
            const was = before[block] ?? [];
            if (same(queue, was)) return;
            expect(queue.length === was.length && queue.every((visit) => was.includes(visit))).toBe(true);
            expect(same(queue.filter(isGranted), was.filter(isGranted))).toBe(true);
            for (const keepTheirOrder of [isOthers, isOwn]) {
              expect(same(queue.filter(keepTheirOrder), was.filter(keepTheirOrder))).toBe(true);
            }
          });
          expect(findCircle(zone)).toBeUndefined();
        }
        spread(zone);
        expect(wrongTimes(zone)).toEqual([]);
      };
      const settings = { switching: { ...switching, jump: false, jumpCostWeight: 0, mostTimesJumped: 5 } };
      driveCore({ layout, seed, vehicles, tripsEach: 2, stops, settings, watch });
    });
  });
});

test("there were jumps to look at", () => {
  expect(new Set(jumps).size).toBeGreaterThan(1);
});
