import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId } from "@baton/maps";
import type { Closure, ClosureId, LegRequest } from "../port.ts";
import { begin } from "./begin.ts";
import { isGranted } from "./claims.ts";
import { restoreClosures } from "./closures.ts";
import { createLeg, createStay, makeVisits } from "./legs.ts";
import { spread } from "./retime.ts";
import { at, row, runOf } from "./runs.ts";
import { markWritten } from "./store.ts";
import {
  orderLine,
  type StoredClosure,
  type StoredItinerary,
  type StoredOrder,
  type StoredProgress,
  type StoredVehicle,
} from "./stored.ts";
import { BEGUN } from "./ticks.ts";
import type { Leg, Stop, VehicleRecord, Visit } from "./vehicle.ts";
import { createVehicle } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** All that the ledger of a zone holds. */
export interface LedgerContent {
  readonly lastTick: number;
  readonly grants: ReadonlyMap<BlockId, VehicleId>;
  readonly itineraries: ReadonlyMap<VehicleId, StoredItinerary>;
  readonly vehicles: ReadonlyMap<VehicleId, StoredVehicle>;
  readonly closures: ReadonlyMap<ClosureId, StoredClosure>;
  readonly orders: ReadonlyMap<BlockId, StoredOrder>;
}

/** The ledger was written for another network, or is damaged: nothing may be granted on it. */
export class LedgerMismatch extends Error {
  readonly code = "ledger-mismatch";
}

/**
 * Fills a fresh zone with what the last leader committed, and projects it. Where vehicles are is not known until they
 * report. Throws `LedgerMismatch`.
 */
export function restore(zone: Zone, content: LedgerContent): void {
  fill(zone, content);
  // A tick looks for what may come sooner only so far ahead; here nothing has been timed yet.
  for (const vehicle of zone.vehicles.values()) {
    if (vehicle.leg === undefined || vehicle.leg.completed) continue;
    begin(zone, vehicle, vehicle.leg);
    vehicle.timing.timesJumped = content.vehicles.get(vehicle.vehicleId)?.leg?.timesJumped ?? 0;
    zone.written.timesJumped.set(vehicle.vehicleId, vehicle.timing.timesJumped);
  }
  spread(zone);
  zone.claims.takeChanges();
}

/**
 * Fills a fresh zone without projecting it: grants are the truth, claims follow in their stored order. For a content
 * of which it is not known yet whether its orders contradict each other: such a one has no times. Throws `LedgerMismatch`.
 */
export function fill(zone: Zone, content: LedgerContent): void {
  zone.originTick = content.lastTick;
  zone.tick = 0;
  const held = heldBlocks(zone, content);
  for (const [vehicleId, stored] of content.vehicles) {
    const blocks = held.get(vehicleId) ?? new Set<number>();
    held.delete(vehicleId);
    zone.vehicles.set(vehicleId, restoreVehicle(zone, vehicleId, stored, content, blocks));
  }
  for (const vehicleId of held.keys())
    throw new LedgerMismatch(`ground is granted to ${vehicleId}, of which the ledger has no record`);
  queueVisits(zone, content);
  const closures = Array.from(
    content.closures,
    ([closureId, { edgeIds, reason }]): Closure => ({ closureId, edgeIds, reason }),
  );
  restoreClosures(zone, closures);
  for (const closure of closures) zone.written.closures.set(closure.closureId, closure);
}

function heldBlocks(zone: Zone, content: LedgerContent): Map<VehicleId, Set<number>> {
  const held = new Map<VehicleId, Set<number>>();
  for (const [blockId, vehicleId] of content.grants) {
    const block = known(zone.network.blockIndex(blockId), "block", blockId);
    const blocks = held.get(vehicleId);
    if (blocks === undefined) held.set(vehicleId, new Set([block]));
    else blocks.add(block);
  }
  return held;
}

function known(index: number | undefined, what: string, id: string): number {
  if (index === undefined) {
    throw new LedgerMismatch(
      `the ledger names ${what} ${id}, which this network does not have: restore the layout it was written for, or clear the zone when all its vehicles are at rest`,
    );
  }
  return index;
}

function restoreVehicle(
  zone: Zone,
  vehicleId: VehicleId,
  stored: StoredVehicle,
  content: LedgerContent,
  held: ReadonlySet<number>,
): VehicleRecord {
  const pose = known(zone.network.poseIndex(stored.nodeId), "node", stored.nodeId);
  const vehicle = createVehicle(vehicleId, stored.vehicleClassId, pose);
  vehicle.approaching = stored.approaching === true;
  vehicle.failed = stored.failed;
  vehicle.spentLegId = stored.spentLegId;
  vehicle.version = stored.version;
  const leg =
    stored.leg === undefined
      ? undefined
      : restoreLeg(zone, vehicleId, itineraryOf(vehicleId, stored.leg, content), stored.leg);
  const stands = leg === undefined || leg.completed;
  const body = row(zone.network.poses.blocks, leg === undefined || stands ? pose : leg.startPose);
  vehicle.visits = [...body].map((block) => createStay(vehicle, block));
  if (leg !== undefined && !stands) makeVisits(vehicle, leg);
  vehicle.leg = leg;
  vehicle.visits = vehicle.visits.filter((visit) => held.has(visit.block) || !isGranted(visit));
  for (const visit of vehicle.visits) if (isGranted(visit)) visit.startTick = BEGUN;
  const explained = new Set(vehicle.visits.filter(isGranted).map((visit) => visit.block));
  if (stands && body.some((block) => !explained.has(block))) {
    throw new LedgerMismatch(`${vehicleId} stands at ${stored.nodeId} on ground that is not granted to it`);
  }
  // Held for no reason that is known: stays held until the vehicle is dismissed.
  const unexplained = [...held].filter((block) => !explained.has(block));
  vehicle.visits.unshift(...unexplained.map((block) => createStay(vehicle, block)));
  return vehicle;
}

function itineraryOf(
  vehicleId: VehicleId,
  progress: StoredProgress,
  content: LedgerContent,
): StoredItinerary {
  const itinerary = content.itineraries.get(vehicleId);
  if (itinerary?.version === progress.itinerary) return itinerary;
  throw new LedgerMismatch(
    `${vehicleId} drives itinerary ${progress.itinerary}, the ledger has ${itinerary?.version ?? "none"}`,
  );
}

function restoreLeg(
  zone: Zone,
  vehicleId: VehicleId,
  itinerary: StoredItinerary,
  progress: StoredProgress,
): Leg {
  const runs = itinerary.runs.map((edges) =>
    runOf(
      zone.network,
      zone.settings,
      edges.map((id) => known(zone.network.moveIndex(id), "edge", id)),
    ),
  );
  const stops = itinerary.stops.map(
    ({ nodeId, beforeRun, dwellTicks }, i): Stop => ({
      pose: known(zone.network.poseIndex(nodeId), "node", nodeId),
      beforeRun,
      dwellTicks,
      proceeded: at(progress.proceeded, i),
      waitingSinceTick: undefined,
    }),
  );
  const start = known(zone.network.poseIndex(itinerary.startNodeId), "node", itinerary.startNodeId);
  const leg = createLeg(zone, requestOf(vehicleId, itinerary, progress), start, runs, stops);
  leg.orderedAs = itinerary.orderedAs;
  leg.grantedRuns = progress.grantedRuns;
  leg.confirmedRuns = progress.grantedRuns;
  leg.progressM = progress.progressM;
  leg.reachedMoves = progress.reachedMoves;
  leg.completed = progress.completed;
  leg.revision = progress.revision;
  markWritten(zone, vehicleId, leg, itinerary.version);
  return leg;
}

function requestOf(
  vehicleId: VehicleId,
  itinerary: StoredItinerary,
  { priority }: StoredProgress,
): LegRequest {
  const { legId, via, toNodeId, firstGrantThroughNodeId, actionsAtEnd, commandedBy, partnerStretch } =
    itinerary;
  return {
    legId,
    vehicleId,
    via,
    toNodeId,
    ...(firstGrantThroughNodeId === undefined ? {} : { firstGrantThroughNodeId }),
    actionsAtEnd,
    priority,
    commandedBy,
    ...(partnerStretch === undefined ? {} : { partnerStretch }),
  };
}

/** Rebuilds the queues: granted visits first, then claims in their stored order. */
function queueVisits(zone: Zone, content: LedgerContent): void {
  const byBlock = new Map<number, Visit[]>();
  for (const vehicle of zone.vehicles.values()) {
    for (const visit of vehicle.visits) {
      const visits = byBlock.get(visit.block);
      if (visits === undefined) byBlock.set(visit.block, [visit]);
      else visits.push(visit);
    }
  }
  for (const [block, visits] of byBlock) {
    const blockId = at(zone.network.blocks.ids, block);
    const lines = (content.orders.get(blockId) ?? "").split("\n");
    const order = new Map(lines.map((line, i) => [line, i]));
    const rank = (visit: Visit): number => {
      if (isGranted(visit)) return -1;
      const place = order.get(orderLine(visit.first, visit.vehicle.vehicleId));
      if (place === undefined)
        throw new LedgerMismatch(
          `the ledger has no order for the claim of ${visit.vehicle.vehicleId} on ${blockId}`,
        );
      return place;
    };
    for (const visit of visits.sort((a, b) => rank(a) - rank(b) || a.first - b.first)) {
      zone.claims.append(visit);
      if (isGranted(visit)) zone.claims.hold(block, visit.vehicle);
    }
  }
}
