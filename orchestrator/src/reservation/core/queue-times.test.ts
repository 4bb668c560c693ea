import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { driveCore } from "../testing/core-traffic.ts";
import { ladder, ring } from "../testing/layouts.ts";
import { randomOf } from "../testing/traffic.ts";
import { intAt } from "./int-arrays.ts";
import { reinstate, withdraw } from "./tail.ts";
import { ENDLESS } from "./ticks.ts";
import type { Zone } from "./zone.ts";

describe("the times of queues in numbers", () => {
  test("are those of the visits, whatever was put in, taken out, timed anew or moved forward since they were written", () => {
    fc.assert(
      fc.property(fc.constantFrom(ring(8), ladder(7)), fc.integer({ min: 0, max: 1e6 }), (layout, seed) => {
        const random = randomOf(seed);
        driveCore({
          layout,
          seed,
          vehicles: Math.floor(layout.bays.length / 2),
          tripsEach: 1,
          stops: 0.01,
          watch: (zone) => {
            expectRowsOf(zone);
            if (random() > 0.1) return;
            const tails = [...zone.vehicles.values()].flatMap((vehicle) => withdraw(zone, vehicle) ?? []);
            expectRowsOf(zone);
            for (const tail of tails.reverse()) reinstate(zone, tail);
            expectRowsOf(zone);
          },
        });
      }),
      { numRuns: 6 },
    );
  });
});

function expectRowsOf({ claims }: Zone): void {
  const wrong = claims.queues.findIndex((queue, block) => {
    const first = claims.times.of(block);
    const times = queue.flatMap(({ startTick, clearTick }) => [startTick, clearTick]);
    times.push(ENDLESS + 1, ENDLESS + 1);
    return times.some((tick, i) => tick !== intAt(claims.times.pool, first + i));
  });
  expect(wrong, "the first block whose row is not that of its queue").toBe(-1);
}
