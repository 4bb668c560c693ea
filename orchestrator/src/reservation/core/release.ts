import { type Leg, numberAt, type VehicleRecord, visitAt } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * Frees what the tail has left, by reported pose only. A vehicle that stands at a pose of its way covers exactly
 * that pose's ground; a moving one is taken to be a little behind where it says it is.
 */
export function releaseBehind(zone: Zone, vehicle: VehicleRecord): void {
  const leg = vehicle.leg;
  if (leg === undefined || leg.completed) return;
  const clearM = surelyPassedM(zone, leg);
  const { visits } = vehicle;
  let left = 0;
  let i = 0;
  for (; i < visits.length; i++) {
    const visit = visitAt(visits, i);
    if (visit.first >= leg.grantedRuns) break;
    if (visit.clearAtM <= clearM) {
      zone.claims.remove(visit);
      left++;
    } else if (left > 0) visits[i - left] = visit;
  }
  if (left > 0) visits.splice(i - left, left);
}

function surelyPassedM(zone: Zone, leg: Leg): number {
  const behindM = leg.progressM - zone.settings.positionUncertaintyM;
  // The end of what it may drive, not of its way: that one moves when plans do, and ground is freed by reports only.
  const endM = numberAt(leg.poseAtM, leg.grantedRuns);
  const atM =
    leg.atPose >= 0 ? numberAt(leg.poseAtM, leg.atPose) : leg.progressM >= endM - 0.05 ? endM : behindM;
  return Math.max(behindM, atM) + 1e-6;
}
