import type { CrossingPlace, NodeId } from "@baton/maps";
import type { CommittedLeg } from "../../core/committed-leg.ts";
import type { LegRefusal, LegRequest } from "../../port.ts";
import { ask, committedLeg, type Desk, keep, tell } from "./desk.ts";
import { isShut, takenBy } from "./places.ts";
import { type Journey, type VehicleRecord, zoneLegId } from "./record.ts";
import { staysSafe } from "./safe.ts";

/**
 * Asks for the next zone leg of a journey: through the vias in this zone to the journey's end, or to a free place on
 * the border that is to be passed. Without a free place it waits where it is.
 */
export function beginZoneLeg(desk: Desk, record: VehicleRecord): void {
  const { journey, zoneId } = record;
  if (journey === undefined || journey.isAsked) return;
  const { via, toNodeId } = journey.request;
  let here: NodeId = journey.hop === 0 ? journey.startNodeId : record.nodeId;
  const begunAt = here;
  let vias = journey.viasBefore;
  for (let next = via[vias]; next !== undefined; next = via[vias]) {
    if (desk.routes.next(zoneId, here, next.nodeId).kind !== "inside") break;
    here = next.nodeId;
    vias++;
  }
  const hop = desk.routes.next(zoneId, here, via[vias]?.nodeId ?? toNodeId);
  const viasHere = vias - journey.viasBefore;
  if (hop.kind === "unreachable") {
    refuse(desk, record, "unreachable");
    return;
  }
  if (hop.kind === "inside") {
    askZoneLeg(desk, keep(desk, { ...record, journey: { ...journey, viasHere, isAsked: true } }));
    return;
  }
  const open = hop.places.filter((candidate) => candidate.nodeId === begunAt || !isShut(desk, candidate));
  if (open.length === 0) {
    sayWaiting(desk, record, "ground-closed");
    return;
  }
  const place = open.find((candidate) => takenBy(desk, candidate, record) === undefined);
  if (place === undefined || !staysSafe(desk, { ...record, journey: { ...journey, viasHere } }, place)) {
    sayWaiting(desk, record, "endpoint-taken");
    return;
  }
  if (place.nodeId !== begunAt || viasHere > 0) {
    const asked = { ...journey, viasHere, isAsked: true, placeNodeId: place.nodeId };
    askZoneLeg(desk, keep(desk, { ...record, journey: asked }));
    return;
  }
  // It stands on the place already: there is no way left in this zone to ask for.
  if (mayGoOver(record, place)) goOver(desk, record, journey, place, { edgeIds: [], revision: 0 });
}

/** It drives by itself, and the zone ahead has confirmed that it forgot the vehicle's last visit. */
function mayGoOver(record: VehicleRecord, place: CrossingPlace): boolean {
  const isKnownAhead = record.behind.some((zone) => zone.zoneId === place.to);
  return record.failed === undefined && !record.isGone && !isKnownAhead;
}

/** Asks the zone in which the vehicle is for the zone leg in work; again is the same. */
export function askZoneLeg(desk: Desk, record: VehicleRecord): void {
  const { journey, zoneId, vehicleId } = record;
  if (journey === undefined) return;
  const request = zoneLegRequest(journey);
  ask(desk, zoneId, { kind: "requestLeg", request });
  for (const nodeId of journey.proceeded) {
    if (request.via.some((via) => via.nodeId === nodeId))
      ask(desk, zoneId, { kind: "proceed", vehicleId, legId: request.legId, nodeId });
  }
}

/** The zone leg in work, as its zone is asked for it. */
function zoneLegRequest(journey: Journey): LegRequest {
  const { firstGrantThroughNodeId, partnerStretch, ...request } = journey.request;
  const isLast = journey.placeNodeId === undefined;
  return {
    ...request,
    legId: zoneLegId(journey, journey.hop),
    via: request.via.slice(journey.viasBefore, journey.viasBefore + journey.viasHere),
    toNodeId: journey.placeNodeId ?? request.toNodeId,
    actionsAtEnd: isLast ? request.actionsAtEnd : [],
    ...(firstGrantThroughNodeId !== undefined && journey.hop === 0 ? { firstGrantThroughNodeId } : {}),
    ...(partnerStretch !== undefined && isLast ? { partnerStretch } : {}),
  };
}

/**
 * Goes over the border, in the next zone's ledger, once this zone has granted the way to the place to its end: from
 * then on the vehicle comes to the place whatever others do, so that no claim in the next zone ever waits for a claim
 * in this one. That is what keeps the zones' orders, each without a circle, without one together.
 */
export function tryToGoOver(desk: Desk, record: VehicleRecord): void {
  const { journey } = record;
  if (journey?.isAsked !== true || journey.completed) return;
  if (journey.placeNodeId === undefined || desk.takingBack.has(record.vehicleId)) return;
  const place = desk.routes.place(journey.placeNodeId);
  if (place === undefined || !mayGoOver(record, place)) return;
  const leg = committedLeg(desk, record, zoneLegId(journey, journey.hop));
  if (leg === undefined || !leg.leadsToEnd || leg.grantedEdges < leg.edgeIds.length) return;
  const { via } = journey.request;
  const lastVia = via[journey.viasBefore + journey.viasHere - 1];
  const stopsThere = journey.viasHere > 0 && lastVia?.nodeId === place.nodeId;
  if (stopsThere && !leg.completed) return;
  goOver(desk, record, journey, place, leg);
}

function goOver(
  desk: Desk,
  record: VehicleRecord,
  journey: Journey,
  place: CrossingPlace,
  granted: Pick<CommittedLeg, "edgeIds" | "revision">,
): void {
  const { vehicleId, vehicleClassId, zoneId } = record;
  const { placeNodeId: _, ...onwards } = journey;
  const over = keep(desk, {
    ...record,
    zoneId: place.to,
    nodeId: place.nodeId,
    behind: [...record.behind, { zoneId, placeNodeId: place.nodeId, hop: journey.hop, dismissed: false }],
    journey: {
      ...onwards,
      hop: journey.hop + 1,
      isAsked: false,
      viasBefore: journey.viasBefore + journey.viasHere,
      viasHere: 0,
      edgesBefore: [...journey.edgesBefore, [...granted.edgeIds]],
      revisionBefore: journey.revisionBefore + granted.revision,
    },
  });
  ask(desk, place.to, { kind: "admit", admission: { vehicleId, vehicleClassId, nodeId: place.nodeId } });
  beginZoneLeg(desk, over);
}

export function sayWaiting(
  desk: Desk,
  record: VehicleRecord,
  reason: "endpoint-taken" | "no-way" | "not-admitted" | "ground-closed",
): void {
  const { vehicleId, journey } = record;
  if (journey === undefined || desk.saidWaiting.get(vehicleId) === reason) return;
  desk.saidWaiting.set(vehicleId, reason);
  tell(desk, { kind: "legWaiting", vehicleId, legId: journey.request.legId, reason });
}

export function refuse(desk: Desk, record: VehicleRecord, reason: LegRefusal): void {
  const { vehicleId, journey } = record;
  if (journey === undefined) return;
  const nodeId = journey.hop === 0 ? journey.startNodeId : record.nodeId;
  keep(desk, { ...record, nodeId, journey: undefined });
  desk.isFreed = true;
  tell(desk, { kind: "legRefused", vehicleId, legId: journey.request.legId, reason });
}

/** Looks again at whoever waits for a place, the most urgent first. */
export function lookAgain(desk: Desk): void {
  while (desk.isFreed) {
    desk.isFreed = false;
    const waiting = [...desk.records.values()].filter(
      ({ journey, isGone }) => journey !== undefined && !journey.completed && !isGone,
    );
    waiting.sort((a, b) => (b.journey?.request.priority ?? 0) - (a.journey?.request.priority ?? 0));
    for (const { vehicleId } of waiting) {
      const record = desk.records.get(vehicleId);
      if (record?.journey === undefined) continue;
      if (record.journey.isAsked) tryToGoOver(desk, record);
      else beginZoneLeg(desk, record);
    }
  }
}
