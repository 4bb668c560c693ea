import { lookaheadM } from "./kinematics.ts";
import { nodeOf } from "./legs.ts";
import { stretchRun } from "./stretch-run.ts";
import { BEGUN } from "./ticks.ts";
import {
  currentRun,
  type Leg,
  numberAt,
  runOfLeg,
  stopBefore,
  type VehicleRecord,
  type Visit,
  visitsAt,
} from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * Turns claims into grants, as far ahead as the vehicle needs not to brake. A run is granted as a whole, when
 * the vehicle is first in the queue of each of its blocks and nobody else holds one; never past a stop at which
 * it is to wait, and only to a vehicle of which it is known where it is. Returns whether it is held up: it wants its next
 * run, which is open, and others come first.
 */
export function grantAhead(zone: Zone, vehicle: VehicleRecord): boolean {
  const leg = vehicle.leg;
  if (leg === undefined || leg.completed || !vehicle.located) return false;
  const before = leg.grantedRuns;
  let heldUp = false;
  while (leg.grantedRuns < leg.runs.length && wanted(zone, leg) && !isClosed(zone, leg)) {
    heldUp = blocker(zone, vehicle, leg) !== undefined;
    if (heldUp) break;
    const run = runOfLeg(leg, leg.grantedRuns);
    for (const visit of visitsAt(leg.startsAt, leg.grantedRuns)) zone.claims.begins(visit, BEGUN);
    leg.grantedRuns++;
    for (const block of run.blocks) zone.claims.hold(block, vehicle);
  }
  if (leg.grantedRuns === before) return heldUp;
  // Of the partner's stretch the vehicle is not told by this side.
  if (stretchRun(leg) !== before) leg.revision++;
  zone.changed.add(vehicle.vehicleId);
  const throughNodeId = nodeOf(zone, runOfLeg(leg, leg.grantedRuns - 1).to);
  zone.events.push({
    kind: "granted",
    vehicleId: vehicle.vehicleId,
    legId: leg.request.legId,
    throughNodeId,
  });
  return heldUp;
}

/** The next run is within what the vehicle needs ahead of it, and no stop is before it. */
export function wanted(zone: Zone, leg: Leg): boolean {
  const { settings } = zone;
  if (leg.grantedRuns >= leg.runs.length || stopBefore(leg, leg.grantedRuns) !== undefined) return false;
  if (stretchRun(leg) === leg.grantedRuns) return true;
  if (settings.grantAhead === "next-run") return isAtGrantsEnd(zone, leg);
  const fromM = numberAt(leg.poseAtM, leg.grantedRuns);
  // Most need nothing yet at any speed, and nothing more is looked at.
  if (fromM >= leg.progressM + lookaheadM(settings, settings.kinematics.maxSpeedMps)) return false;
  const next = runOfLeg(leg, leg.grantedRuns);
  const here = runOfLeg(leg, Math.min(currentRun(leg), leg.runs.length - 1));
  const speedMps = Math.max(next.entrySpeedMps, here.entrySpeedMps);
  return fromM < leg.progressM + lookaheadM(settings, speedMps);
}

/** It is at the end of what it is granted, as near as a vehicle that stands at a pose is to it. */
function isAtGrantsEnd(zone: Zone, leg: Leg): boolean {
  return numberAt(leg.poseAtM, leg.grantedRuns) <= leg.progressM + zone.settings.standToleranceM;
}

/** The next run needs ground that is out of use. What the vehicle holds already does not count: it may leave it. */
export function isClosed(zone: Zone, leg: Leg): boolean {
  for (const { block } of leg.startsAt[leg.grantedRuns] ?? []) if (zone.closedCount[block] !== 0) return true;
  return false;
}

/** The first visit of another vehicle that is before this one's in a queue of its next run. */
export function blocker(zone: Zone, vehicle: VehicleRecord, leg: Leg): Visit | undefined {
  for (const visit of leg.startsAt[leg.grantedRuns] ?? []) {
    for (const other of visitsAt(zone.claims.queues, visit.block)) {
      if (other === visit) break;
      if (other.vehicle !== vehicle) return other;
    }
  }
  return undefined;
}
