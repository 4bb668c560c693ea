import { isShutPose, isTaken } from "./endpoint.ts";
import { lookaheadM } from "./kinematics.ts";
import { wayOver } from "./legs.ts";
import { isQueued } from "./queue.ts";
import { at } from "./runs.ts";
import { stretchRun } from "./stretch-run.ts";
import { adoptTail, planTail, reinstate, withdraw } from "./tail.ts";
import { ENDLESS } from "./ticks.ts";
import type { Leg, VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * The partner's stretch of a leg: from where our command of the vehicle ends (the hold line) to the first stop beyond, on
 * what of that is this side's ledger's. It becomes part of the leg when the vehicle comes near, not before, so that
 * nobody else waits for it longer than need be; as one run, since the partner is told that it has all of it or nothing.
 */

/** How much sooner than a vehicle would brake: the partner has to be asked, and to grant its own ground. */
const LEAD_M = 25;

/** Makes the stretch part of the legs that are about to need it. Returns how many. */
export function planStretches(zone: Zone): number {
  let planned = 0;
  for (const vehicle of zone.vehicles.values()) if (isDue(zone, vehicle) && plan(zone, vehicle)) planned++;
  return planned;
}

function isDue(zone: Zone, { leg, failed, located }: VehicleRecord): boolean {
  if (leg === undefined || leg.completed || leg.cut || leg.overLine || leg.grantedRuns < leg.runs.length)
    return false;
  if (leg.request.partnerStretch === undefined || failed !== undefined || !located || isQueued(leg))
    return false;
  if (leg.stops.some((stop) => !stop.proceeded)) return false;
  const speedMps = leg.runs[leg.runs.length - 1]?.entrySpeedMps ?? 0;
  return at(leg.poseAtM, leg.runs.length) - leg.progressM <= lookaheadM(zone.settings, speedMps) + LEAD_M;
}

function plan(zone: Zone, vehicle: VehicleRecord): boolean {
  const { leg } = vehicle;
  const throughNodeId = leg?.request.partnerStretch?.throughNodeId;
  const through = throughNodeId === undefined ? undefined : zone.network.poseIndex(throughNodeId);
  if (leg === undefined || through === undefined) return false;
  if (isShutPose(zone, through) || isTaken(zone, vehicle, through)) return false;
  const ours = leg.goal;
  leg.goal = through;
  leg.overLine = true;
  const tail = withdraw(zone, vehicle);
  const answer = tail === undefined ? undefined : planTail(zone, tail);
  if (tail !== undefined && answer?.kind === "found") {
    adoptTail(zone, tail, answer);
    return true;
  }
  if (tail !== undefined) reinstate(zone, tail);
  leg.goal = ours;
  leg.overLine = false;
  return false;
}

/**
 * Gives the stretch up (the hand-off came to nothing): the leg ends where our command ends. `false` when the vehicle has
 * gone onto it, or may have.
 */
export function giveUpStretch(zone: Zone, vehicle: VehicleRecord, leg: Leg): boolean {
  const end = leg.overLine ? (stretchRun(leg) ?? leg.runs.length) : leg.runs.length;
  const endM = at(leg.poseAtM, end);
  if (
    leg.completed ||
    (leg.overLine && (!vehicle.located || leg.progressM > endM + zone.settings.standToleranceM))
  )
    return false;
  const { partnerStretch: _over, ...request } = leg.request;
  leg.request = request;
  zone.changed.add(vehicle.vehicleId);
  if (!leg.overLine) return true;
  const beyond = vehicle.visits.filter((visit) => visit.first >= end);
  vehicle.visits = vehicle.visits.filter((visit) => visit.first < end);
  for (const visit of vehicle.visits) {
    if (visit.last < end) continue;
    visit.last = ENDLESS;
    visit.clearAtM = Number.POSITIVE_INFINITY;
    visit.clearTick = ENDLESS;
    zone.claims.markBehind(visit);
  }
  const goal = zone.network.poseIndex(request.toNodeId);
  if (goal === undefined) throw new Error(`bug: leg ${request.legId} leads to a place that is not there`);
  Object.assign(leg, {
    ...wayOver(zone, leg.runs.slice(0, end)),
    startsAt: leg.startsAt.slice(0, end),
    endsAt: leg.endsAt.slice(0, end),
    entryTick: leg.entryTick.slice(0, end),
    goal,
    overLine: false,
    cut: false,
    etaTick: zone.tick,
    grantedRuns: Math.min(leg.grantedRuns, end),
    confirmedRuns: Math.min(leg.confirmedRuns, end),
  });
  for (const visit of beyond) zone.claims.remove(visit);
  return true;
}
