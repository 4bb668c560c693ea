import { bodyAt, type CrossingPlace, type NodeId, sweptBy } from "@baton/maps";
import type { Desk } from "./desk.ts";
import type { VehicleRecord } from "./record.ts";

/** Where a vehicle rests that is on no leg. */
export function restsAt(record: VehicleRecord): NodeId | undefined {
  const { journey } = record;
  if (journey === undefined) return record.nodeId;
  if (journey.completed) return journey.request.toNodeId;
  return journey.hop === 0 && !journey.isAsked ? journey.startNodeId : undefined;
}

/** Who stands on a place, goes to it, or has not left it: a place is a buffer for one. */
export function takenBy(desk: Desk, place: CrossingPlace, except: VehicleRecord): VehicleRecord | undefined {
  for (const record of desk.records.values()) {
    if (record.vehicleId === except.vehicleId || record.isGone) continue;
    if (record.behind.some((zone) => zone.placeNodeId === place.nodeId && !zone.dismissed)) return record;
    if (restsAt(record) === place.nodeId) return record;
    const { journey } = record;
    if (journey === undefined || journey.completed) continue;
    if (journey.isAsked && journey.placeNodeId === place.nodeId) return record;
    if (journey.request.toNodeId === place.nodeId) return record;
  }
  return undefined;
}

/** Ground at a place, or on the way over its border, is closed: nobody new is led there. */
export function isShut(desk: Desk, place: CrossingPlace): boolean {
  if (desk.closures.size === 0) return false;
  const { network } = desk.routes.partition;
  const ground = new Set(bodyAt(network, place.pose));
  for (const move of place.stretch) for (const block of sweptBy(network, move)) ground.add(block);
  for (const { edgeIds } of desk.closures.values()) {
    for (const edgeId of edgeIds) {
      const move = network.moveIndex(edgeId);
      if (move !== undefined && sweptBy(network, move).some((block) => ground.has(block))) return true;
    }
  }
  return false;
}
