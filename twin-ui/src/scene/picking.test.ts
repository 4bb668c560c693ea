import { describe, expect, it } from "vitest";
import { Fleet, type FleetPoses } from "../feed/fleet.ts";
import { pickVehicle } from "./picking.ts";

function parked(...places: { id: string; xM: number; yM: number; headingRad: number }[]): FleetPoses {
  const { poses } = new Fleet();
  for (const [i, { id, xM, yM, headingRad }] of places.entries()) {
    poses.vehicleIds[i] = id;
    poses.xM[i] = xM;
    poses.yM[i] = yM;
    poses.headingRad[i] = headingRad;
  }
  poses.count = places.length;
  return poses;
}

const down = (x: number, y: number) => ({ origin: { x, y, z: 80 }, direction: { x: 0, y: 0, z: -1 } });

describe("picking", () => {
  it("hits a vehicle along its body and misses beside it, whichever way it stands", () => {
    const fleet = parked({ id: "across", xM: 10, yM: 5, headingRad: Math.PI / 2 });
    expect(pickVehicle(down(10, 12), fleet)).toBe("across");
    expect(pickVehicle(down(17, 5), fleet)).toBeUndefined();
  });

  it("takes the one in front", () => {
    const fleet = parked(
      { id: "far", xM: 40, yM: 0, headingRad: 0 },
      { id: "near", xM: 0, yM: 0, headingRad: 0 },
    );
    expect(pickVehicle({ origin: { x: -50, y: 0, z: 1 }, direction: { x: 3, y: 0, z: 0 } }, fleet)).toBe(
      "near",
    );
  });

  it("does not hit what is behind the camera", () => {
    const fleet = parked({ id: "behind", xM: 0, yM: 0, headingRad: 0 });
    expect(
      pickVehicle({ origin: { x: 50, y: 0, z: 1 }, direction: { x: 1, y: 0, z: 0 } }, fleet),
    ).toBeUndefined();
  });
});
