import type { VehicleId } from "@baton/fleet-adapter";
import type { ChainHead, ChainLink, Explanation } from "../port.ts";
import { isEndless, isGranted } from "./claims.ts";
import { blocker, isClosed } from "./grant.ts";
import { entryTo } from "./places.ts";
import { endOf, isQueued } from "./queue.ts";
import { at, row } from "./runs.ts";
import { absoluteTick, ENDLESS, msAt } from "./ticks.ts";
import { stopBefore, type VehicleRecord, type Visit } from "./vehicle.ts";
import type { PendingLeg, Zone } from "./zone.ts";

/** What is in a vehicle's way. */
export interface Obstacle {
  readonly visit: Visit;
  readonly how: ChainLink["how"];
}

/**
 * Why the vehicle stands or waits: the chain of who waits for whom, down to who has to move first, and what that
 * one does or lacks. Orders have no circle, so the chain ends; should it come back to a vehicle, it ends there.
 */
export function explain(zone: Zone, vehicleId: VehicleId): Explanation | undefined {
  const first = zone.vehicles.get(vehicleId);
  if (first === undefined) return undefined;
  const chain: ChainLink[] = [];
  const seen = new Set<VehicleRecord>();
  let head = first;
  for (;;) {
    seen.add(head);
    const obstacle = obstacleOf(zone, head);
    if (obstacle === undefined) break;
    chain.push(linkOf(zone, head, obstacle));
    if (seen.has(obstacle.visit.vehicle)) break;
    head = obstacle.visit.vehicle;
  }
  return {
    vehicleId,
    legId: first.leg?.request.legId ?? zone.pending.get(vehicleId)?.request.legId,
    chain,
    head: { vehicleId: head.vehicleId, because: becauseOf(zone, head) },
  };
}

/**
 * Who is in the vehicle's way: on the way to its next run, on the ground of an endpoint to which it could not be
 * planned, or before it in a queue. `undefined` when it may drive, or when what it lacks is nobody's ground.
 */
export function obstacleOf(zone: Zone, vehicle: VehicleRecord): Obstacle | undefined {
  const pending = pendingOf(zone, vehicle);
  if (pending !== undefined) return stayBefore(zone, vehicle, pending.goal, vehicle.pose);
  const { leg } = vehicle;
  if (leg === undefined || leg.completed || !vehicle.located || vehicle.failed !== undefined)
    return undefined;
  if (leg.grantedRuns === leg.runs.length)
    return leg.cut || isQueued(leg) ? stayBefore(zone, vehicle, leg.goal, endOf(leg)) : undefined;
  if (stopBefore(leg, leg.grantedRuns) !== undefined || isClosed(zone, leg)) return undefined;
  const before = blocker(zone, vehicle, leg);
  if (before === undefined) return undefined;
  return { visit: before, how: isGranted(before) ? "held" : "claimed-before" };
}

/** The leg that it waits for; one on its way drives on until it can be sent elsewhere. */
function pendingOf(zone: Zone, { vehicleId, leg }: VehicleRecord): PendingLeg | undefined {
  return leg === undefined || leg.completed ? zone.pending.get(vehicleId) : undefined;
}

/** Someone else's stay without end on the ground of the goal, or of the next place in its queue. */
function stayBefore(zone: Zone, vehicle: VehicleRecord, goal: number, from: number): Obstacle | undefined {
  const how = zone.queues.has(goal) ? "queued-before" : "endpoint-taken";
  for (const block of row(zone.network.poses.blocks, entryTo(zone, goal, from))) {
    for (const visit of at(zone.claims.queues, block)) {
      if (visit.vehicle !== vehicle && isEndless(visit)) return { visit, how };
    }
  }
  return undefined;
}

function linkOf(zone: Zone, vehicle: VehicleRecord, { visit, how }: Obstacle): ChainLink {
  const told = visit.clearTick < ENDLESS;
  return {
    vehicleId: vehicle.vehicleId,
    blockId: at(zone.network.blocks.ids, visit.block),
    heldBy: visit.vehicle.vehicleId,
    how,
    projectedFreeTick: told ? absoluteTick(zone, visit.clearTick) : undefined,
    projectedFreeAtMs: msAt(zone, visit.clearTick),
  };
}

function becauseOf(zone: Zone, vehicle: VehicleRecord): ChainHead["because"] {
  const { leg } = vehicle;
  if (vehicle.failed !== undefined) return "has-failed";
  const pending = pendingOf(zone, vehicle);
  if (pending !== undefined)
    return pending.saidWaiting === "ground-closed" ? "ground-closed" : "waits-for-a-plan";
  if (leg === undefined || leg.completed) return "at-rest";
  if (!vehicle.located) return "is-not-located";
  if (leg.atPose !== leg.grantedRuns) return "drives";
  if (stopBefore(leg, leg.grantedRuns) !== undefined) return "waits-for-proceed";
  if (leg.grantedRuns < leg.runs.length) return isClosed(zone, leg) ? "ground-closed" : "drives";
  return leg.cut || isQueued(leg) ? "waits-for-a-plan" : "drives";
}
