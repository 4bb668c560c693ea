import { isGranted } from "./claims.ts";
import { at } from "./runs.ts";
import type { Leg, VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * Frees what the tail has left, by reported pose only. A vehicle that stands at a pose of its way covers exactly
 * that pose's ground; a moving one is taken to be a little behind where it says it is.
 */
export function releaseBehind(zone: Zone, vehicle: VehicleRecord): void {
  const leg = vehicle.leg;
  if (leg === undefined || leg.completed) return;
  const clearM = surelyPassedM(zone, leg);
  const kept = vehicle.visits.filter((visit) => !(visit.clearAtM <= clearM && isGranted(visit)));
  if (kept.length === vehicle.visits.length) return;
  for (const visit of vehicle.visits)
    if (visit.clearAtM <= clearM && isGranted(visit)) zone.claims.remove(visit);
  vehicle.visits = kept;
}

function surelyPassedM(zone: Zone, leg: Leg): number {
  const behindM = leg.progressM - zone.settings.positionUncertaintyM;
  const endM = at(leg.poseAtM, leg.runs.length);
  const atM = leg.atPose >= 0 ? at(leg.poseAtM, leg.atPose) : leg.progressM >= endM - 0.05 ? endM : behindM;
  return Math.max(behindM, atM) + 1e-6;
}
