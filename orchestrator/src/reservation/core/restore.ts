import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId } from "@baton/maps";
import type { LegRequest } from "../port.ts";
import { isGranted } from "./claims.ts";
import { createLeg, makeVisits } from "./legs.ts";
import { at, row, runOf } from "./runs.ts";
import type { StoredLeg, StoredOrder, StoredVehicle } from "./stored.ts";
import { BEGUN, ENDLESS } from "./ticks.ts";
import type { Leg, Stop, VehicleRecord, Visit } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** All that the ledger of a zone holds. */
export interface LedgerContent {
  readonly lastTick: number;
  readonly grants: ReadonlyMap<BlockId, VehicleId>;
  readonly vehicles: ReadonlyMap<VehicleId, StoredVehicle>;
  readonly orders: ReadonlyMap<BlockId, StoredOrder>;
}

/** The ledger was written for another network, or is damaged: nothing may be granted on it. */
export class LedgerMismatch extends Error {
  readonly code = "ledger-mismatch";
}

/**
 * Fills a fresh zone with what the last leader committed. Grants are the truth; claims follow in their stored
 * order. Where vehicles are is not known until they report. Throws `LedgerMismatch`.
 */
export function restore(zone: Zone, content: LedgerContent): void {
  zone.originTick = content.lastTick;
  zone.tick = 0;
  const held = heldBlocks(zone, content);
  for (const [vehicleId, stored] of content.vehicles) {
    const blocks = held.get(vehicleId) ?? new Set<number>();
    held.delete(vehicleId);
    zone.vehicles.set(vehicleId, restoreVehicle(zone, vehicleId, stored, blocks));
  }
  for (const vehicleId of held.keys())
    throw new LedgerMismatch(`ground is granted to ${vehicleId}, of which the ledger has no record`);
  queueVisits(zone, content);
  zone.claims.takeChanges();
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
  held: ReadonlySet<number>,
): VehicleRecord {
  const pose = known(zone.network.poseIndex(stored.nodeId), "node", stored.nodeId);
  const vehicle: VehicleRecord = {
    vehicleId,
    vehicleClassId: stored.vehicleClassId,
    pose,
    leg: undefined,
    visits: [],
    observed: undefined,
    located: false,
    offPathSaid: false,
    failed: undefined,
    version: stored.version,
  };
  const leg = stored.leg === undefined ? undefined : restoreLeg(zone, vehicleId, stored.leg);
  const stands = leg === undefined || leg.completed;
  const body = row(zone.network.poses.blocks, leg === undefined || stands ? pose : leg.startPose);
  vehicle.visits = [...body].map((block) => stay(vehicle, block));
  if (leg !== undefined && !stands) makeVisits(vehicle, leg);
  vehicle.leg = leg;
  vehicle.visits = vehicle.visits.filter((visit) => held.has(visit.block) || !isGranted(visit));
  const explained = new Set(vehicle.visits.filter(isGranted).map((visit) => visit.block));
  if (stands && body.some((block) => !explained.has(block))) {
    throw new LedgerMismatch(`${vehicleId} stands at ${stored.nodeId} on ground that is not granted to it`);
  }
  // Held for no reason that is known: stays held until the vehicle is dismissed.
  for (const block of held) if (!explained.has(block)) vehicle.visits.push(stay(vehicle, block));
  return vehicle;
}

function stay(vehicle: VehicleRecord, block: number): Visit {
  return {
    vehicle,
    block,
    first: -1,
    last: ENDLESS,
    clearAtM: Number.POSITIVE_INFINITY,
    startTick: BEGUN,
    clearTick: ENDLESS,
  };
}

function restoreLeg(zone: Zone, vehicleId: VehicleId, stored: StoredLeg): Leg {
  const runs = stored.runs.map((edges) =>
    runOf(
      zone.network,
      zone.settings,
      edges.map((id) => known(zone.network.moveIndex(id), "edge", id)),
    ),
  );
  const stops = stored.stops.map(
    ({ nodeId, beforeRun, dwellTicks, proceeded }): Stop => ({
      pose: known(zone.network.poseIndex(nodeId), "node", nodeId),
      beforeRun,
      dwellTicks,
      proceeded,
      waitingSinceTick: undefined,
    }),
  );
  const start = known(zone.network.poseIndex(stored.startNodeId), "node", stored.startNodeId);
  const leg = createLeg(zone, requestOf(vehicleId, stored), start, runs, stops);
  leg.grantedRuns = stored.grantedRuns;
  leg.confirmedRuns = stored.grantedRuns;
  leg.progressM = stored.progressM;
  leg.reachedMoves = stored.reachedMoves;
  leg.completed = stored.completed;
  leg.revision = stored.revision;
  return leg;
}

function requestOf(vehicleId: VehicleId, stored: StoredLeg): LegRequest {
  return {
    legId: stored.legId,
    vehicleId,
    via: stored.via,
    toNodeId: stored.toNodeId,
    ...(stored.firstGrantThroughNodeId === undefined
      ? {}
      : { firstGrantThroughNodeId: stored.firstGrantThroughNodeId }),
    actionsAtEnd: stored.actionsAtEnd,
    priority: stored.priority,
    commandedBy: stored.commandedBy,
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
    const order = new Map(
      (content.orders.get(blockId) ?? []).map((claim, i) => [`${claim.first} ${claim.vehicleId}`, i]),
    );
    const rank = (visit: Visit): number => {
      if (isGranted(visit)) return -1;
      const place = order.get(`${visit.first} ${visit.vehicle.vehicleId}`);
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
