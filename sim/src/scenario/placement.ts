import { otherSide, type Side, type Site, stationsOf } from "@baton/maps";
import { seededRandom } from "../random/seeded.ts";
import type { ScenarioVehicle } from "./scenario.ts";
import type { CountedFleet } from "./scenario-file.ts";

/** Bays of a side where an empty vehicle may stand for as long as it likes, in the order in which they are filled. */
export function restingPlaces(site: Site, side: Side): readonly string[] {
  return [...stationsOf(site, side, "parking"), ...stationsOf(site, side, "charger")]
    .filter((station) => station.nodeId !== undefined)
    .map((station) => station.stationId);
}

/**
 * A fleet that is only counted, placed: half of it on each side (the odd one in Viet Nam) unless `atVn` says otherwise, in parking
 * bays first, then at chargers, where the vehicle charges. A side that has no more places leaves the rest to the other.
 * Vehicles are named after the side where they begin, which is their home: `vn-01`, `cn-01`.
 * Placed vehicles are as many as there are places for; whether that is all of them is for the check of the scenario to say.
 */
export function placedFleet(fleet: CountedFleet, site: Site, seed: string): ScenarioVehicle[] {
  const places = { vn: restingPlaces(site, "vn"), cn: restingPlaces(site, "cn") };
  const wantedVn = Math.min(fleet.atVn ?? Math.ceil(fleet.count / 2), fleet.count);
  const wanted = { vn: wantedVn, cn: fleet.count - wantedVn };
  const countOn = (side: Side): number => {
    const overflow = Math.max(0, wanted[otherSide(side)] - places[otherSide(side)].length);
    return Math.min(wanted[side] + overflow, places[side].length);
  };
  const chargers = new Set(
    (["vn", "cn"] as const).flatMap((side) => stationsOf(site, side, "charger").map((one) => one.stationId)),
  );
  return (["vn", "cn"] as const).flatMap((side) =>
    places[side].slice(0, countOn(side)).map((stationId, index): ScenarioVehicle => {
      const serialNumber = `${side}-${String(index + 1).padStart(2, "0")}`;
      const { min, max } = fleet.batteryPct;
      const part = seededRandom(seed, "battery", serialNumber).next();
      return {
        serialNumber,
        home: side,
        at: { side, stationId },
        batteryPct: Math.round(min + part * (max - min)),
        ...(chargers.has(stationId) ? { charging: true } : {}),
      };
    }),
  );
}
