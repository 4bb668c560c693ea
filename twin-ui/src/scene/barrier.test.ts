import { describe, expect, it } from "vitest";
import { ARM_AHEAD_M, armIsUp } from "./barrier.ts";

describe("a barrier's arm", () => {
  it("is down before a vehicle whose grant ends at the gate", () => {
    expect(armIsUp([{ alongM: 0, offM: 0, grantedNoseM: 7.5 }])).toBe(false);
    expect(armIsUp([{ alongM: 0, offM: 0, grantedNoseM: undefined }])).toBe(false);
  });

  it("goes up when the grant leads past it", () => {
    expect(armIsUp([{ alongM: 0, offM: 0, grantedNoseM: 27.5 }])).toBe(true);
  });

  it("stays up as long as a body is under it, granted or not", () => {
    expect(armIsUp([{ alongM: ARM_AHEAD_M, offM: 0.3, grantedNoseM: undefined }])).toBe(true);
    expect(armIsUp([{ alongM: ARM_AHEAD_M + 8.5, offM: 0.3, grantedNoseM: undefined }])).toBe(false);
  });

  it("does not mind vehicles in the lane beside, nor those still far away", () => {
    expect(armIsUp([{ alongM: ARM_AHEAD_M, offM: 4.5, grantedNoseM: 60 }])).toBe(false);
    expect(armIsUp([{ alongM: -30, offM: 0, grantedNoseM: 60 }])).toBe(false);
  });
});
