import { describe, expect, it } from "vitest";
import { capacityPerHour } from "./capacity.ts";

/** 5 m/s, 20 m of vehicle and gap, 28 m of braking and latency. */
const ROAD = { speedMps: 5, vehicleAndGapM: 20, brakingMps2: 0.5, latencyS: 0.6 };

describe("the vehicles that a lane passes in an hour", () => {
  it("are 265 with blocks of 20 m, 340 with blocks of 5 m, and never more than 375", () => {
    expect(Math.round(capacityPerHour({ ...ROAD, blockLengthM: 20 }))).toBe(265);
    expect(Math.round(capacityPerHour({ ...ROAD, blockLengthM: 5 }))).toBe(340);
    expect(Math.round(capacityPerHour({ ...ROAD, blockLengthM: 0 }))).toBe(375);
  });

  it("are about halved by blocks of 100 m", () => {
    const share =
      capacityPerHour({ ...ROAD, blockLengthM: 100 }) / capacityPerHour({ ...ROAD, blockLengthM: 20 });
    expect(share).toBeLessThan(0.5);
  });

  it("are fewer when a vehicle reports once a second: 5 m more are held", () => {
    const once = capacityPerHour({ ...ROAD, blockLengthM: 15, reportEveryS: 1 });
    expect(once).toBeCloseTo(capacityPerHour({ ...ROAD, blockLengthM: 20 }), 9);
  });
});
