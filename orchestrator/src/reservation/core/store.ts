import type { NodeId } from "@baton/maps";
import { nodeOf } from "./legs.ts";
import { at } from "./runs.ts";
import type { StoredLeg, StoredOrder, StoredVehicle } from "./stored.ts";
import { absoluteTick, ENDLESS } from "./ticks.ts";
import type { Leg, VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** The record of a vehicle as it is now, under its next version. */
export function storeVehicle(zone: Zone, vehicle: VehicleRecord): StoredVehicle {
  vehicle.version++;
  const stored = {
    version: vehicle.version,
    vehicleClassId: vehicle.vehicleClassId,
    nodeId: nodeOf(zone, vehicle.pose),
  };
  return vehicle.leg === undefined ? stored : { ...stored, leg: storeLeg(zone, vehicle.leg) };
}

function storeLeg(zone: Zone, leg: Leg): StoredLeg {
  const { request } = leg;
  const node = (pose: number): NodeId => nodeOf(zone, pose);
  return {
    legId: request.legId,
    via: request.via.map((via) => ({ nodeId: via.nodeId, expectedDwellMs: via.expectedDwellMs })),
    toNodeId: request.toNodeId,
    ...(request.firstGrantThroughNodeId === undefined
      ? {}
      : { firstGrantThroughNodeId: request.firstGrantThroughNodeId }),
    actionsAtEnd: [...request.actionsAtEnd],
    priority: request.priority,
    commandedBy: request.commandedBy,
    startNodeId: node(leg.startPose),
    runs: leg.runs.map((run) => run.moves.map((move) => at(zone.network.moves.edgeIds, move))),
    entryTicks: leg.entryTick.map((tick) => (tick < ENDLESS ? absoluteTick(zone, tick) : -1)),
    stops: leg.stops.map(({ pose, beforeRun, dwellTicks, proceeded }) => ({
      nodeId: node(pose),
      beforeRun,
      dwellTicks,
      proceeded,
    })),
    grantedRuns: leg.grantedRuns,
    progressM: leg.progressM,
    reachedMoves: leg.reachedMoves,
    completed: leg.completed,
    revision: leg.revision,
  };
}

export function storeOrder(zone: Zone, block: number): StoredOrder {
  return at(zone.claims.queues, block).map(({ vehicle, first }) => ({ vehicleId: vehicle.vehicleId, first }));
}
