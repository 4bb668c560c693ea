import type { VehicleId } from "@baton/fleet-adapter";
import type { CrossingPlace, NodeId } from "@baton/maps";
import { type BorderId, borderOf } from "../routes.ts";
import type { Desk } from "./desk.ts";
import type { VehicleRecord } from "./record.ts";

/**
 * Whether a vehicle (its record as it would be, vias counted) may take a place on a border without locking the places: afterwards there must be an order in
 * which it, and everyone who could before, can go through all borders left on its way to its end, each border having
 * a free place for it and its end being empty by then (the banker's algorithm, Dijkstra 1965; Habermann 1969). Over
 * blocks such a check is far too careful; there are few places, and only taking one is asked.
 *
 * Without it, vehicles on their way through a circle of zones fill all its places and wait for each other for ever; and a
 * vehicle would leave its bay for an end where someone rests, and hold up a border for as long.
 */
export function staysSafe(desk: Desk, record: VehicleRecord, place: CrossingPlace): boolean {
  const before = travellers(desk, undefined);
  const after = travellers(desk, { record, place });
  const could = ableToFinish(desk, before);
  const can = ableToFinish(desk, after);
  return can.has(record.vehicleId) && [...could].every((vehicleId) => can.has(vehicleId));
}

interface Traveller {
  readonly vehicleId: VehicleId;
  /** The place on each border that it has, going to it, standing on it or not having left it. */
  readonly has: readonly BorderId[];
  /** Borders that it has still to get a place on. */
  readonly needs: readonly BorderId[];
  /** Where it stands until it sets out; `undefined` for one that is under way. */
  readonly standsAt: NodeId | undefined;
  readonly endsAt: NodeId;
}

function travellers(
  desk: Desk,
  taking: { readonly record: VehicleRecord; readonly place: CrossingPlace } | undefined,
): Traveller[] {
  const all: Traveller[] = [];
  for (const known of desk.records.values()) {
    const isTaking = taking?.record.vehicleId === known.vehicleId;
    const record = isTaking ? taking.record : known;
    const { journey, vehicleId } = record;
    if (journey === undefined || journey.completed || record.isGone || record.failed !== undefined) continue;
    const taken = isTaking ? taking.place.nodeId : undefined;
    const ahead = journey.isAsked ? journey.placeNodeId : taken;
    const has: BorderId[] = [];
    for (const zone of record.behind) if (!zone.dismissed) has.push(...borderAt(desk, zone.placeNodeId));
    if (ahead !== undefined) has.push(...borderAt(desk, ahead));
    const needs = bordersLeft(desk, record, ahead);
    if (needs === undefined) continue;
    const isUnderWay = journey.isAsked || taken !== undefined || journey.hop > 0;
    all.push({
      vehicleId,
      has,
      needs,
      standsAt: isUnderWay ? undefined : journey.startNodeId,
      endsAt: journey.request.toNodeId,
    });
  }
  return all;
}

/** Borders after the place that it goes to; all from where it is when it goes to none. */
function bordersLeft(
  desk: Desk,
  record: VehicleRecord,
  ahead: NodeId | undefined,
): readonly BorderId[] | undefined {
  const { journey } = record;
  if (journey === undefined) return undefined;
  const { via, toNodeId } = journey.request;
  const place = ahead === undefined ? undefined : desk.routes.place(ahead);
  const zoneId = place?.to ?? record.zoneId;
  const here = place?.nodeId ?? (journey.hop === 0 ? journey.startNodeId : record.nodeId);
  const nodes = [...via.slice(journey.viasBefore + journey.viasHere).map((each) => each.nodeId), toNodeId];
  if (place === undefined && journey.isAsked) return [];
  return desk.routes.bordersOn(zoneId, here, nodes);
}

function borderAt(desk: Desk, placeNodeId: NodeId): BorderId[] {
  const place = desk.routes.place(placeNodeId);
  return place === undefined ? [] : [borderOf(place)];
}

/** Who can finish, one after the other: who has finished has left its places and its start, and stands at its end. */
function ableToFinish(desk: Desk, all: readonly Traveller[]): ReadonlySet<VehicleId> {
  const free = freePlaces(desk, all);
  const standing = restingAt(desk, all);
  const finished = new Set<VehicleId>();
  // Who is under way comes first: one that still stands need not go before those that want its end.
  const inOrder = [...all].sort(
    (a, b) => Number(a.standsAt !== undefined) - Number(b.standsAt !== undefined),
  );
  for (let went = true; went; ) {
    went = false;
    for (const one of inOrder) {
      if (finished.has(one.vehicleId)) continue;
      const there = standing.get(one.endsAt);
      if (there !== undefined && there !== one.vehicleId) continue;
      if (!one.needs.every((border) => (free.get(border) ?? 0) > 0)) continue;
      for (const border of one.has) free.set(border, (free.get(border) ?? 0) + 1);
      if (one.standsAt !== undefined && standing.get(one.standsAt) === one.vehicleId)
        standing.delete(one.standsAt);
      standing.set(one.endsAt, one.vehicleId);
      finished.add(one.vehicleId);
      went = true;
    }
  }
  return finished;
}

function freePlaces(desk: Desk, all: readonly Traveller[]): Map<BorderId, number> {
  const free = new Map<BorderId, number>();
  const resting = new Set(restingAt(desk, all).keys());
  for (const place of desk.routes.partition.places) {
    const border = borderOf(place);
    free.set(border, (free.get(border) ?? 0) + (resting.has(place.nodeId) ? 0 : 1));
  }
  for (const one of all) for (const border of one.has) free.set(border, (free.get(border) ?? 0) - 1);
  return free;
}

/** Who stands where without being under way. */
function restingAt(desk: Desk, all: readonly Traveller[]): Map<NodeId, VehicleId> {
  const standing = new Map<NodeId, VehicleId>();
  const waits = new Map(all.map((one) => [one.vehicleId, one.standsAt]));
  for (const record of desk.records.values()) {
    if (record.isGone) continue;
    const { journey, vehicleId } = record;
    const restsAt =
      journey === undefined ? record.nodeId : journey.completed ? journey.request.toNodeId : undefined;
    const nodeId = restsAt ?? waits.get(vehicleId);
    if (nodeId !== undefined) standing.set(nodeId, vehicleId);
  }
  return standing;
}
