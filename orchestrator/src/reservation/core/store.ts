import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId } from "@baton/maps";
import type { ClosureId } from "../port.ts";
import { nodeOf } from "./legs.ts";
import { at } from "./runs.ts";
import {
  orderLine,
  type Recorded,
  type StoredClosure,
  type StoredItinerary,
  type StoredOrder,
  type StoredProgress,
  type StoredVehicle,
} from "./stored.ts";
import { absoluteTick, ENDLESS } from "./ticks.ts";
import type { Leg, VehicleRecord } from "./vehicle.ts";
import type { WrittenItinerary } from "./written.ts";
import type { Zone } from "./zone.ts";

/** To be called for a leg that was read from the ledger. */
export function markWritten(zone: Zone, vehicleId: VehicleId, leg: Leg, version: number): void {
  zone.written.itineraries.set(vehicleId, {
    version,
    leg,
    runs: [...leg.runs],
    beforeRun: leg.stops.map((stop) => stop.beforeRun),
  });
}

/** The plan of a vehicle, if the ledger has another one; `undefined` when it has one and there is none any more. */
export function storeItinerary(
  zone: Zone,
  vehicleId: VehicleId,
  vehicle: VehicleRecord | undefined,
): StoredItinerary | undefined | "as-written" {
  const written = zone.written.itineraries.get(vehicleId);
  const leg = vehicle?.leg;
  if (vehicle === undefined || leg === undefined) {
    return zone.written.itineraries.delete(vehicleId) ? undefined : "as-written";
  }
  if (written?.leg === leg && isSame(written, leg)) return "as-written";
  markWritten(zone, vehicleId, leg, vehicle.version);
  return itineraryOf(zone, vehicle, leg);
}

/** A leg as it is planned now. */
export function itineraryOf(zone: Zone, vehicle: VehicleRecord, leg: Leg): StoredItinerary {
  const { request } = leg;
  const node = (pose: number): NodeId => nodeOf(zone, pose);
  return {
    version: vehicle.version,
    legId: request.legId,
    ...(leg.orderedAs === undefined ? {} : { orderedAs: leg.orderedAs }),
    via: request.via.map((via) => ({ nodeId: via.nodeId, expectedDwellMs: via.expectedDwellMs })),
    toNodeId: request.toNodeId,
    ...(request.firstGrantThroughNodeId === undefined
      ? {}
      : { firstGrantThroughNodeId: request.firstGrantThroughNodeId }),
    actionsAtEnd: [...request.actionsAtEnd],
    commandedBy: request.commandedBy,
    ...(request.partnerStretch === undefined ? {} : { partnerStretch: request.partnerStretch }),
    startNodeId: node(leg.startPose),
    runs: leg.runs.map((run) => Array.from(run.moves, (move) => at(zone.network.moves.edgeIds, move))),
    entryTicks: Array.from(leg.entryTick, (tick) => (tick < ENDLESS ? absoluteTick(zone, tick) : -1)),
    stops: leg.stops.map(({ pose, beforeRun, dwellTicks }) => ({
      nodeId: node(pose),
      beforeRun,
      dwellTicks,
    })),
  };
}

/** A tail that was planned anew has other runs; one that was only put back has the same. */
function isSame({ runs, beforeRun }: WrittenItinerary, leg: Leg): boolean {
  return (
    runs.length === leg.runs.length &&
    runs.every((run, k) => run === leg.runs[k]) &&
    beforeRun.every((run, i) => run === leg.stops[i]?.beforeRun)
  );
}

/** The record of a vehicle as it is now. */
export function storeVehicle(zone: Zone, vehicle: VehicleRecord): StoredVehicle {
  const { vehicleId, leg, failed } = vehicle;
  const stored: StoredVehicle = {
    version: vehicle.version,
    vehicleClassId: vehicle.vehicleClassId,
    nodeId: nodeOf(zone, vehicle.pose),
  };
  if (failed !== undefined) stored.failed = failed;
  if (vehicle.spentLegId !== undefined) stored.spentLegId = vehicle.spentLegId;
  if (vehicle.approaching) stored.approaching = true;
  const written = zone.written.itineraries.get(vehicleId);
  if (leg !== undefined && written !== undefined) {
    stored.leg = storeProgress(leg, written.version);
    if (vehicle.timing.timesJumped > 0) stored.leg.timesJumped = vehicle.timing.timesJumped;
  }
  return stored;
}

function storeProgress(leg: Leg, itinerary: number): StoredProgress {
  return {
    itinerary,
    priority: leg.request.priority,
    proceeded: leg.stops.map((stop) => stop.proceeded),
    grantedRuns: leg.grantedRuns,
    progressM: leg.progressM,
    reachedMoves: leg.reachedMoves,
    completed: leg.completed,
    revision: leg.revision,
  };
}

/** Closures that the ledger does not have, and those that it has and that are over. */
export function storeClosures(zone: Zone): Recorded<ClosureId, StoredClosure>[] {
  const { closures } = zone.written;
  const changed: Recorded<ClosureId, StoredClosure>[] = [];
  for (const id of closures.keys()) {
    if (zone.closures.has(id)) continue;
    closures.delete(id);
    changed.push({ id, stored: undefined });
  }
  for (const [id, closure] of zone.closures) {
    if (closures.get(id) === closure) continue;
    closures.set(id, closure);
    changed.push({ id, stored: { edgeIds: [...closure.edgeIds], reason: closure.reason } });
  }
  return changed;
}

export function storeOrder(zone: Zone, block: number): StoredOrder {
  let order = "";
  for (const { vehicle, first } of at(zone.claims.queues, block)) {
    order += `${order === "" ? "" : "\n"}${orderLine(first, vehicle.vehicleId)}`;
  }
  return order;
}
