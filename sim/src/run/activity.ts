import type { StationKind } from "@baton/maps";
import type { Vehicle } from "../vehicle/vehicle.ts";
import { ACTIVITIES, type Activity } from "./record.ts";

/** Below this a vehicle stands. */
export const STANDS_BELOW_MPS = 0.05;

const INDEX = new Map<Activity, number>(ACTIVITIES.map((activity, index) => [activity, index]));

/** The index of an activity in `ACTIVITIES`. */
export function activityIndex(activity: Activity): number {
  return INDEX.get(activity) ?? 0;
}

/** What standing at a station of a kind counts as. */
const STANDING_AT: Readonly<Record<StationKind, Activity>> = {
  crane: "at-crane",
  portal: "at-station",
  weighbridge: "at-station",
  scanner: "at-station",
  buffer: "in-bay",
  "inspection-dock": "in-bay",
  "exit-gate": "at-station",
  "entry-gate": "at-station",
  "hold-line": "at-station",
  "first-stop": "at-station",
  parking: "parked",
  charger: "parked",
  "transfer-pad": "at-crane",
  "exchange-pad": "at-crane",
  "truck-gate": "at-station",
};

/**
 * What a vehicle is busy with.
 * @param at the kind of the station that it is in, undefined on open road
 * @param isHeld whether its mission waits for a person
 */
export function activityOf(vehicle: Vehicle, at: StationKind | undefined, isHeld: boolean): Activity {
  if (vehicle.speedMps >= STANDS_BELOW_MPS)
    return vehicle.deck === undefined ? "driving-empty" : "driving-loaded";
  if (isHeld || vehicle.pausedBy.length > 0) return "stopped";
  if (vehicle.charging) return "charging";
  return at === undefined ? "waiting-in-lane" : STANDING_AT[at];
}
