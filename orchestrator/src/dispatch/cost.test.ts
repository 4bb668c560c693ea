import type { VehicleId } from "@baton/fleet-adapter";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { containerLengthM, costOf, urgencyS } from "./cost.ts";
import { DEFAULT_RULES } from "./rules.ts";

const vehicle = {
  vehicleId: "v" as VehicleId,
  home: "vn",
  batteryPct: 80,
  maxLoadKg: 70_000,
  lengthM: 15,
} as const;
const wish = { grossKg: 20_000, loadLengthM: 12.192, promisedTo: undefined };
const near = { wayM: 400, freeInS: 0, side: "vn" } as const;
const total = (change = {}, approach = {}): number =>
  costOf({ ...vehicle, ...change }, wish, { ...near, ...approach }, DEFAULT_RULES).totalS;
const demand = {
  priority: 0,
  sinceMs: 0,
  dueAtMs: undefined,
  perishable: false,
  grossKg: 20_000,
  loadLengthM: 12,
};
const urgency = (change = {}, nowMs = 0): number => urgencyS({ ...demand, ...change }, nowMs, DEFAULT_RULES);

describe("what an assignment costs", () => {
  it("is seconds of empty driving, and of the container's waiting at a lower rate", () => {
    // 400 m at 4 m/s, and half a tonne's second for each of 50 spare tonnes.
    expect(total()).toBeCloseTo(100 + 30 + 25, 6);
    expect(total({}, { wayM: 0, freeInS: 100 })).toBeCloseTo(30 + 25, 6);
  });

  it("has parts that add up, so that whoever asks why can be told", () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.nat(600), fc.nat(100), (wayM, freeInS, batteryPct) => {
        const cost = costOf({ ...vehicle, batteryPct }, wish, { ...near, wayM, freeInS }, DEFAULT_RULES);
        const { totalS, ...parts } = cost;
        expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(totalS, 6);
      }),
    );
  });

  it("is more for a vehicle that would come back with a low battery, and less for a guest that goes home", () => {
    expect(total({ batteryPct: 35 })).toBeGreaterThan(total({ batteryPct: 60 }));
    expect(total({ batteryPct: 60 })).toBe(total({ batteryPct: 90 }));
    expect(total({ home: "cn" })).toBeLessThan(total());
  });

  it("is infinite for a vehicle that cannot carry it, and for one that has no way there", () => {
    expect(total({ maxLoadKg: 19_999 })).toBe(Number.POSITIVE_INFINITY);
    expect(total({ lengthM: 12 })).toBe(Number.POSITIVE_INFINITY);
    expect(total({}, { wayM: Number.POSITIVE_INFINITY })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("how urgent a container is", () => {
  it("grows with priority, waiting, goods that spoil and a deadline that comes near", () => {
    expect(urgency({ priority: 1 })).toBeGreaterThan(urgency());
    expect(urgency({}, 60_000)).toBe(urgency() + 60);
    expect(urgency({ perishable: true })).toBeGreaterThan(urgency());
    expect(urgency({ dueAtMs: 7_200_000 })).toBe(urgency());
    expect(urgency({ dueAtMs: 1_800_000 })).toBeGreaterThan(urgency());
    expect(urgency({ dueAtMs: -1 })).toBeGreaterThan(urgency({ dueAtMs: 1_800_000 }));
  });

  it("is always more than any empty way of a site costs: nothing is left for being far", () => {
    expect(urgency()).toBeGreaterThan(total({ batteryPct: 0 }, { wayM: 10_000 }));
  });
});

describe("a container's length", () => {
  it("follows from its size and type code", () => {
    expect(containerLengthM("22G1")).toBeCloseTo(6.058);
    expect(containerLengthM("45G1")).toBeCloseTo(12.192);
    expect(containerLengthM("L5G1")).toBeCloseTo(13.716);
  });
});
