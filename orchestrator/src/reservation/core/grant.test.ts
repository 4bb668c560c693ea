import { describe, expect, test } from "vitest";
import { wrongTimes } from "../testing/projected-times.ts";
import { scene } from "../testing/scene.ts";
import { grantAhead } from "./grant.ts";
import { locate } from "./progress.ts";
import { releaseBehind } from "./release.ts";
import { retime, spread } from "./retime.ts";
import { at } from "./runs.ts";
import { ENDLESS } from "./ticks.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** The vehicle reports that it stands (or passes) so far along its way. */
function seen(zone: Zone, vehicle: VehicleRecord, alongM: number, speedMps = 0): void {
  zone.tick++;
  const move = at(vehicle.leg?.moves ?? [], Math.min(Math.floor(alongM / 20), 2));
  const pose = zone.network.poseAlong(move, alongM - 20 * Math.min(Math.floor(alongM / 20), 2));
  const atMs = 1000 * zone.tick;
  locate(zone, vehicle, { vehicleId: vehicle.vehicleId, pose, speedMps, driving: speedMps > 0, atMs });
  releaseBehind(zone, vehicle);
  retime(zone);
  grantAhead(zone, vehicle);
}

describe("grants", () => {
  test("lead to the next pose only once the vehicle is at the end of what it has, when the settings say so", () => {
    const { zone, vehicle } = scene({ ways: { A: "a p q r" } });
    const a = vehicle("A");
    grantAhead(zone, a);
    expect(a.leg?.grantedRuns).toBe(1);
    seen(zone, a, 15, 5);
    expect(a.leg?.grantedRuns).toBe(1);
    seen(zone, a, 20, 5);
    expect(a.leg?.grantedRuns).toBe(2);
  });

  test("wait for a vehicle that stops short of their end, which goes on when it has driven there", () => {
    const { zone, vehicle } = scene({ ways: { A: "a p q r" } });
    const a = vehicle("A");
    grantAhead(zone, a);
    for (const [alongM, granted] of [
      [19.3, 1],
      [19.3, 1],
      [19.3, 1],
      [20, 2],
    ] as const) {
      seen(zone, a, alongM);
      expect(a.leg?.grantedRuns).toBe(granted);
      spread(zone);
      expect(wrongTimes(zone)).toEqual([]);
    }
  });

  test("keep the ground of a vehicle that stops short of where it would have left it", () => {
    const { zone, vehicle, order } = scene({ ways: { A: "a p q r" } });
    grantAhead(zone, vehicle("A"));
    seen(zone, vehicle("A"), 17.5);
    expect(order("a")).toBe("A");
    seen(zone, vehicle("A"), 19.9);
    expect(order("a")).toBe("");
  });

  test("never lead onto closed ground, and go on when it is open again", () => {
    const { zone, vehicle } = scene({ ways: { A: "a p q r" } });
    const p = zone.network.blockIndex(at(zone.network.blocks.ids, 1)) ?? 1;
    zone.closedCount[p] = 1;
    grantAhead(zone, vehicle("A"));
    expect(vehicle("A").leg?.grantedRuns).toBe(0);
    zone.closedCount[p] = 0;
    grantAhead(zone, vehicle("A"));
    expect(vehicle("A").leg?.grantedRuns).toBe(1);
  });

  test("move no times of others while a vehicle is as far as expected", () => {
    const { zone, vehicle } = scene({ ways: { A: "a p q r", B: "b p s" } });
    grantAhead(zone, vehicle("A"));
    seen(zone, vehicle("A"), 0, 5);
    spread(zone);
    const expected = vehicle("B").leg?.entryTick.slice();
    for (const alongM of [5, 10, 15]) {
      seen(zone, vehicle("A"), alongM, 5);
      expect(zone.claims.stale.hasLate(ENDLESS)).toBe(false);
      spread(zone);
      expect(vehicle("B").leg?.entryTick).toEqual(expected);
    }
  });
});
