import type { PlanAnswer } from "./sipp.ts";
import type { Leg, VehicleRecord, Visit } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** What of a vehicle's leg is not granted, taken out of the queues: its runs from `fromRun` on. */
export interface Tail {
  readonly vehicle: VehicleRecord;
  readonly leg: Leg;
  readonly fromRun: number;
}

/** Takes the ungranted part of a leg out of the queues. `undefined` when there is nothing that could be taken. */
export function withdraw(_zone: Zone, _vehicle: VehicleRecord): Tail | undefined {
  return undefined;
}

/** Puts a withdrawn tail back exactly where it was. Tails withdrawn together go back in the opposite order. */
export function reinstate(_zone: Zone, _tail: Tail): void {}

/** The earliest way from where the grants end, at the projected time of being there, through the stops left to the goal. */
export function planTail(_zone: Zone, _tail: Tail): PlanAnswer {
  return { kind: "none", expansions: 0 };
}

/** Makes a plan found by `planTail` the new ungranted part of the leg, and queues its claims. Returns the new claims. */
export function adoptTail(
  _zone: Zone,
  _tail: Tail,
  _found: Extract<PlanAnswer, { kind: "found" }>,
): readonly Visit[] {
  return [];
}
