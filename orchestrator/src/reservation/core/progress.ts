import type { Pose } from "@baton/maps";
import type { Observation } from "../port.ts";
import { isFenced, isInItsFence } from "./fenced.ts";
import { floatAt } from "./int-arrays.ts";
import { STANDING_MPS } from "./kinematics.ts";
import { poseOfPath } from "./legs.ts";
import { isPartners } from "./stretch-run.ts";
import { type Leg, numberAt, runAt, type VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** A vehicle's clock went back by less than this: an old message. By more: a new clock. */
const OLD_MESSAGE_MS = 10_000;
/** A heading farther than this from the road's is another road. */
const COS_HEADING = Math.cos(Math.PI / 3);
/** A vehicle that the partner brings is seen from this far. */
const APPROACH_M = 100;
/** Of two places on a path that crosses itself the farther one must fit better by this much. */
const CLEARLY_NEARER_M = 0.1;

/**
 * Takes in a report: where on its path the vehicle is. Monotonic, never beyond what is granted, never farther
 * than it can have driven since the last report that was believed, so that a path that crosses itself is not
 * taken at the wrong branch. A report off the path changes nothing but `located`.
 */
export function locate(zone: Zone, vehicle: VehicleRecord, observation: Observation): void {
  const before = vehicle.observed;
  const sinceMs = before === undefined ? undefined : observation.atMs - before.atMs;
  if (sinceMs !== undefined && sinceMs < 0 && sinceMs > -OLD_MESSAGE_MS) return;
  const leg = vehicle.leg;
  const found =
    leg === undefined || leg.completed || leg.grantedRuns === 0
      ? standingPlace(zone, vehicle, observation)
      : placeOnPath(
          zone,
          leg,
          observation,
          // Who finds its own way between the nodes may come to the next one sooner than by the roads.
          reachM(zone, isFenced(zone, vehicle) ? undefined : sinceMs),
        );
  const believed = found.offM <= zone.settings.offPathM;
  // A partner that drives it on beyond our last node need not explain itself to us, nor did we have to be there to see.
  const leftForPartner = leg !== undefined && isPartners(leg) && leg.grantedRuns === leg.runs.length;
  if (!believed && vehicle.approaching && isBeforeStart(zone, vehicle, observation)) {
    vehicle.located = true;
    return;
  }
  if (!believed && isInItsFence(zone, vehicle, observation.pose)) {
    vehicle.located = true;
    vehicle.offPathSaid = false;
    vehicle.observed = observation;
    return;
  }
  // Of a vehicle that has failed a person knows already.
  const isNews = !vehicle.offPathSaid && !leftForPartner && vehicle.failed === undefined;
  if (!believed && isNews) {
    vehicle.offPathSaid = true;
    zone.events.push({
      kind: "trouble",
      code: "off-path",
      vehicleId: vehicle.vehicleId,
      detail: `reported ${found.offM.toFixed(2)} m off its way at (${observation.pose.xM.toFixed(2)}, ${observation.pose.yM.toFixed(2)})`,
    });
  }
  vehicle.located = believed;
  if (!believed) return;
  vehicle.offPathSaid = false;
  if (vehicle.approaching) {
    vehicle.approaching = false;
    zone.changed.add(vehicle.vehicleId);
  }
  vehicle.observed = observation;
  if (leg === undefined || leg.completed) return;
  leg.progressM = Math.max(leg.progressM, found.alongM);
  leg.atPose = poseStoodAt(zone, leg, observation);
}

/** It has not gone onto its way yet, and is near enough to come: the partner brings it. */
function isBeforeStart(zone: Zone, vehicle: VehicleRecord, { pose }: Observation): boolean {
  const { leg } = vehicle;
  if (leg !== undefined && (leg.completed || leg.progressM > 0)) return false;
  const { xM, yM } = zone.network.poses;
  const start = leg === undefined ? vehicle.pose : leg.startPose;
  return Math.hypot(floatAt(xM, start) - pose.xM, floatAt(yM, start) - pose.yM) <= APPROACH_M;
}

/** How far it can have driven since: the class's speed with a fifth more, and a vehicle's uncertainty. */
function reachM(zone: Zone, sinceMs: number | undefined): number {
  if (sinceMs === undefined) return Number.POSITIVE_INFINITY;
  return 3 + (1.2 * zone.settings.kinematics.maxSpeedMps * Math.max(0, sinceMs)) / 1000;
}

function standingPlace(zone: Zone, vehicle: VehicleRecord, observation: Observation): Place {
  const leg = vehicle.leg;
  const pose = leg === undefined ? vehicle.pose : poseOfPath(leg, leg.completed ? leg.runs.length : 0);
  return placeAtPose(zone, pose, observation);
}

/** At the beginning of its way, whichever way it faces. */
function placeAtPose({ network }: Zone, pose: number, observation: Observation): Place {
  const { xM, yM } = network.poses;
  return {
    alongM: 0,
    offM: Math.hypot(floatAt(xM, pose) - observation.pose.xM, floatAt(yM, pose) - observation.pose.yM),
  };
}

interface Place {
  readonly alongM: number;
  readonly offM: number;
}

function placeOnPath(zone: Zone, leg: Leg, observation: Observation, farthestM: number): Place {
  const { pose } = observation;
  const fromM = leg.progressM;
  const toM = Math.min(numberAt(leg.poseAtM, leg.grantedRuns), fromM + farthestM);
  // Who has not set out faces as it came, and turns when it knows of its grants: it may not have been told of them yet.
  let best: Place =
    fromM === 0 && observation.speedMps <= STANDING_MPS
      ? placeAtPose(zone, leg.startPose, observation)
      : { alongM: fromM, offM: Number.POSITIVE_INFINITY };
  let first = leg.reachedMoves;
  while (first > 0 && numberAt(leg.moveEndM, first - 1) >= fromM) first--;
  let startM = first === 0 ? 0 : numberAt(leg.moveEndM, first - 1);
  for (let i = first; i < leg.moves.length && startM <= toM; i++) {
    const endM = numberAt(leg.moveEndM, i);
    if (endM >= fromM) {
      const place = placeOnMove(zone, numberAt(leg.moves, i), pose, fromM - startM, toM - startM);
      if (
        place !== undefined &&
        place.offM < best.offM - (best.offM === Number.POSITIVE_INFINITY ? 0 : CLEARLY_NEARER_M)
      ) {
        best = { alongM: startM + place.alongM, offM: place.offM };
      } else if (place !== undefined && place.offM < best.offM && startM + place.alongM - best.alongM < 1) {
        best = { alongM: startM + place.alongM, offM: place.offM };
      }
    }
    startM = endM;
  }
  return best;
}

function placeOnMove(zone: Zone, move: number, pose: Pose, fromM: number, toM: number): Place | undefined {
  const nearest = zone.network.project(move, pose.xM, pose.yM).alongM;
  const alongM = Math.max(
    0,
    Math.min(Math.max(nearest, fromM), toM, floatAt(zone.network.moves.lengthM, move)),
  );
  const on = zone.network.poseAlong(move, alongM);
  if (Math.cos(on.headingRad - pose.headingRad) < COS_HEADING) return undefined;
  return { alongM, offM: Math.hypot(on.xM - pose.xM, on.yM - pose.yM) };
}

/** The pose of the path at which it stands, or -1. */
function poseStoodAt(zone: Zone, leg: Leg, observation: Observation): number {
  if (observation.speedMps > STANDING_MPS) return -1;
  let nearest = -1;
  let offM = zone.settings.standToleranceM;
  const from = Math.max(0, runAt(leg, leg.progressM - offM) - 1);
  for (let k = from; k <= leg.grantedRuns && numberAt(leg.poseAtM, k) <= leg.progressM + offM; k++) {
    const gapM = Math.abs(numberAt(leg.poseAtM, k) - leg.progressM);
    if (gapM <= offM) {
      nearest = k;
      offM = gapM;
    }
  }
  return nearest;
}
