import { nodeOf } from "./legs.ts";
import { endOf, isQueued } from "./queue.ts";
import { at, row } from "./runs.ts";
import { isPartners } from "./stretch-run.ts";
import { absoluteTick, ENDLESS } from "./ticks.ts";
import { type Leg, numberAt, type VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** Says everything again that came of a leg so far, for someone who asks anew. */
export function announce(zone: Zone, vehicle: VehicleRecord, leg: Leg): void {
  const { vehicleId } = vehicle;
  const { legId } = leg.request;
  sayPlanned(zone, vehicle, leg);
  if (leg.grantedRuns > 0) {
    const throughNodeId = nodeOf(zone, at(leg.runs, leg.grantedRuns - 1).to);
    zone.events.push({ kind: "granted", vehicleId, legId, throughNodeId });
  }
  for (let i = 0; i < leg.reachedMoves; i++) sayReached(zone, vehicle, leg, i);
  for (const stop of leg.stops) {
    if (stop.waitingSinceTick === undefined || stop.proceeded) continue;
    zone.events.push({ kind: "waitingAt", vehicleId, legId, nodeId: nodeOf(zone, stop.pose) });
  }
  if (leg.completed)
    zone.events.push({ kind: "legCompleted", vehicleId, legId, nodeId: nodeOf(zone, vehicle.pose) });
  if (leg.clearAnnounced) zone.events.push({ kind: "clearOfGround", vehicleId });
}

/** Says when the vehicle is expected at the end of its leg; of one that is to move up in a queue, at the soonest. */
export function sayEta(zone: Zone, { vehicleId }: VehicleRecord, leg: Leg): void {
  const { legId } = leg.request;
  // A time that cannot be told yet is told as now: whoever plans with it is early, not never.
  const soonest = isQueued(leg) ? zone.distances.to(leg.goal).from(endOf(leg)) : 0;
  const etaTick = leg.etaTick + soonest >= ENDLESS ? zone.tick : leg.etaTick + soonest;
  const etaAtMs = absoluteTick(zone, etaTick) * zone.settings.tickMs;
  zone.events.push({ kind: "legPlanned", vehicleId, legId, etaAtMs });
}

export function sayPlanned(zone: Zone, vehicle: VehicleRecord, leg: Leg): void {
  sayEta(zone, vehicle, leg);
  zone.events.push({
    kind: "reached",
    vehicleId: vehicle.vehicleId,
    legId: leg.request.legId,
    nodeId: nodeOf(zone, leg.startPose),
    edgeId: undefined,
  });
}

function sayReached(zone: Zone, vehicle: VehicleRecord, leg: Leg, index: number): void {
  const move = at(leg.moves, index);
  zone.events.push({
    kind: "reached",
    vehicleId: vehicle.vehicleId,
    legId: leg.request.legId,
    nodeId: nodeOf(zone, at(zone.network.moves.to, move)),
    edgeId: at(zone.network.moves.edgeIds, move),
  });
}

/** Says what the newest position brought: nodes reached, waiting at a via, the leg's end, our ground left behind. */
export function settle(zone: Zone, vehicle: VehicleRecord): void {
  const leg = vehicle.leg;
  if (leg === undefined) return;
  const { vehicleId } = vehicle;
  const { legId } = leg.request;
  const standingM = leg.atPose >= 0 ? numberAt(leg.poseAtM, leg.atPose) : 0;
  const passedM = Math.max(leg.progressM + 0.05, standingM) + 1e-6;
  while (leg.reachedMoves < leg.moves.length && numberAt(leg.moveEndM, leg.reachedMoves) <= passedM) {
    sayReached(zone, vehicle, leg, leg.reachedMoves++);
  }
  for (const stop of leg.stops) {
    const waits = !stop.proceeded && leg.atPose === stop.beforeRun && leg.grantedRuns === stop.beforeRun;
    if (!waits || stop.waitingSinceTick !== undefined) continue;
    // The first of several stops at one pose comes first.
    if (
      leg.stops.some(
        (other) =>
          other.beforeRun === stop.beforeRun &&
          other !== stop &&
          other.waitingSinceTick !== undefined &&
          !other.proceeded,
      )
    )
      continue;
    stop.waitingSinceTick = zone.tick;
    zone.events.push({ kind: "waitingAt", vehicleId, legId, nodeId: nodeOf(zone, stop.pose) });
  }
  if (!leg.clearAnnounced && hasLeftOurGround(zone, vehicle, leg)) {
    leg.clearAnnounced = true;
    zone.events.push({ kind: "clearOfGround", vehicleId });
  }
}

/** It is at the end of its leg with nothing left to wait for there. A partner need not let it stop at our last node. */
export function isAtEnd(leg: Leg): boolean {
  if (leg.cut || isQueued(leg)) return false;
  // The partner is to drive it on from there.
  if (leg.request.partnerStretch !== undefined && !leg.overLine) return false;
  const end = leg.runs.length;
  const passed = isPartners(leg) && leg.progressM >= numberAt(leg.poseAtM, end) - 0.05;
  return (
    (leg.atPose === end || (passed && leg.grantedRuns === end)) && leg.stops.every((stop) => stop.proceeded)
  );
}

/** The leg began on our ground, ends off it, and nothing that it holds or plans is ours. */
function hasLeftOurGround(zone: Zone, vehicle: VehicleRecord, leg: Leg): boolean {
  const { own } = zone.network.blocks;
  // Nearly always the first visit is ours, and nothing else is looked at.
  for (const { block } of vehicle.visits) if (own[block] === 1) return false;
  return row(zone.network.poses.blocks, leg.startPose).some((block) => own[block] === 1);
}
