import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { parkedSides } from "./testing/deliveries.ts";
import { order, TwoSides } from "./testing/two-sides.ts";

let sides: TwoSides;
beforeEach(async () => {
  sides = await parkedSides();
});

describe("the circulation over both sides", () => {
  it("never locks: whatever the orders and the order of events, every mission ends", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("vn" as const, "cn" as const), { minLength: 4, maxLength: 10 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.infiniteStream(fc.nat(1_000)),
        async (from, vnVehicles, cnVehicles, numbers) => {
          sides = await TwoSides.create();
          for (let i = 1; i <= vnVehicles; i++) sides.world.park(`sim.vn-0${i}`, "vn", `vn.parking-${i}`);
          for (let i = 1; i <= cnVehicles; i++) sides.world.park(`sim.cn-0${i}`, "cn", `cn.parking-${i}`);
          await sides.startBoth();
          // Often more one way than the other, so that vehicles have to come back with nothing aboard.
          for (const [i, side] of from.entries()) await sides.control(side).place(order(i, side));
          const pick = (count: number): number => (numbers.next().value ?? 0) % Math.max(1, count);
          const finished = await sides.run(() => sides.allDone(from.length * 2), {
            maxSeconds: 20_000,
            pick,
          });
          expect(finished, sides.statuses().join("\n")).toBe(true);
        },
      ),
      { numRuns: 5 },
    );
  });
});
