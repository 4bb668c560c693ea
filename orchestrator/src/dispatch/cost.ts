import type { Side } from "@baton/maps";
import type { DispatchRules } from "./rules.ts";
import type { Demand, DispatchVehicle } from "./view.ts";

/** What it costs to give a vehicle a container at a crane, in seconds, by part. Infinite when it cannot be. */
export interface AssignmentCost {
  readonly emptyTravelS: number;
  readonly waitingS: number;
  readonly batteryS: number;
  /** Below 0 for a guest. */
  readonly guestS: number;
  readonly spareCapacityS: number;
  readonly promiseS: number;
  readonly totalS: number;
}

type Carrier = Pick<DispatchVehicle, "vehicleId" | "home" | "batteryPct" | "maxLoadKg" | "lengthM">;
interface Approach {
  /** Its empty way to the crane; infinite when there is none. */
  readonly wayM: number;
  /** How long until it can set out. */
  readonly freeInS: number;
  /** The side on which this is. */
  readonly side: Side;
}
type Wish = Pick<Demand, "grossKg" | "loadLengthM"> & { readonly promisedTo?: string | undefined };

/** Whether a vehicle can carry a container at all. */
export function fits(vehicle: Pick<Carrier, "maxLoadKg" | "lengthM">, wish: Wish): boolean {
  return wish.grossKg <= vehicle.maxLoadKg && wish.loadLengthM <= vehicle.lengthM;
}

/**
 * The part that depends on where the vehicle comes from.
 */
export function approachCostS(
  vehicle: Pick<Carrier, "batteryPct" | "home">,
  { wayM, freeInS, side }: Approach,
  { weights, paceMps, chargeBelowPct, tripBatteryPct }: DispatchRules,
): Pick<AssignmentCost, "emptyTravelS" | "waitingS" | "batteryS" | "guestS" | "totalS"> {
  const drivingS = wayM / paceMps;
  const emptyTravelS = weights.emptyTravel * drivingS;
  const waitingS = weights.waiting * (drivingS + freeInS);
  const batteryS = weights.batteryPct * Math.max(0, chargeBelowPct - (vehicle.batteryPct - tripBatteryPct));
  const guestS = vehicle.home === side ? 0 : -weights.guestGoesHome;
  return { emptyTravelS, waitingS, batteryS, guestS, totalS: emptyTravelS + waitingS + batteryS + guestS };
}

/** The part that depends on what is to be carried. */
export function carryingCostS(
  vehicle: Carrier,
  wish: Wish,
  { weights }: DispatchRules,
): Pick<AssignmentCost, "spareCapacityS" | "promiseS" | "totalS"> {
  if (!fits(vehicle, wish)) {
    const never = Number.POSITIVE_INFINITY;
    return { spareCapacityS: never, promiseS: 0, totalS: never };
  }
  const spareCapacityS = (weights.spareTonne * (vehicle.maxLoadKg - wish.grossKg)) / 1_000;
  const promiseS =
    wish.promisedTo === undefined || wish.promisedTo === vehicle.vehicleId ? 0 : weights.brokenPromise;
  return { spareCapacityS, promiseS, totalS: spareCapacityS + promiseS };
}

/** Both parts, for whoever asks why it was this one. */
export function costOf(
  vehicle: Carrier,
  wish: Wish,
  approach: Approach,
  rules: DispatchRules,
): AssignmentCost {
  const come = approachCostS(vehicle, approach, rules);
  const carry = carryingCostS(vehicle, wish, rules);
  return { ...come, ...carry, totalS: come.totalS + carry.totalS };
}

/** What it costs to leave a container waiting one more round, seconds: its urgency. */
export function urgencyS(
  { priority, perishable, sinceMs, dueAtMs }: Omit<Demand, "missionId">,
  nowMs: number,
  { weights }: DispatchRules,
): number {
  const leftS = dueAtMs === undefined ? Number.POSITIVE_INFINITY : (dueAtMs - nowMs) / 1_000;
  return (
    weights.serving +
    weights.priority * priority +
    (perishable ? weights.perishable : 0) +
    weights.waited * Math.max(0, (nowMs - sinceMs) / 1_000) +
    weights.deadline * Math.max(0, weights.deadlineHorizonS - leftS)
  );
}

/** The length of a container by the first character of its ISO 6346 size and type code, metres; 40 ft when it is unknown. */
export function containerLengthM(sizeType: string): number {
  return LENGTH_M[sizeType.charAt(0)] ?? FORTY_FEET_M;
}
const FORTY_FEET_M = 12.192;
/** ISO 6346:2022, table of length codes. */
const LENGTH_M: Readonly<Record<string, number>> = {
  "1": 2.991,
  "2": 6.058,
  "3": 9.125,
  "4": FORTY_FEET_M,
  L: 13.716,
  M: 14.63,
};
