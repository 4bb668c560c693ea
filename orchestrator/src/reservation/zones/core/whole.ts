import type { VehicleId } from "@baton/fleet-adapter";
import { bodyAt, type ZoneId } from "@baton/maps";
import type { CommittedLeg } from "../../core/committed-leg.ts";
import { at } from "../../core/runs.ts";
import type { ChainLink, Closure, ClosureId, Explanation, Holding, OutOfUse, Standing } from "../../port.ts";
import { committedLeg, type Desk } from "./desk.ts";
import { takenBy } from "./places.ts";
import { type VehicleRecord, zoneLegId } from "./record.ts";

/** What zones are asked of a vehicle for showing it. */
export interface Views {
  holding(zoneId: ZoneId, vehicleId: VehicleId): Holding | undefined;
  explain(zoneId: ZoneId, vehicleId: VehicleId): Explanation | undefined;
}

/** A chain of who waits for whom over zones is cut off at this many links: each zone's own has no circle. */
const MAX_ZONES_IN_CHAIN = 16;

/**
 * All legs as far as the ledgers have confirmed them, each as one from where it began: what was granted in the zones
 * before, and in the zone ahead only what that zone's ledger has. Nothing beyond a border is in it before that.
 */
export function wholeLegs(desk: Desk): CommittedLeg[] {
  const legs: CommittedLeg[] = [];
  for (const record of desk.records.values()) {
    const leg = wholeLeg(desk, record);
    if (leg !== undefined) legs.push(leg);
  }
  return legs;
}

function wholeLeg(desk: Desk, record: VehicleRecord): CommittedLeg | undefined {
  const { journey, vehicleId } = record;
  if (journey === undefined || record.isGone) return undefined;
  const part = committedLeg(desk, record, zoneLegId(journey, journey.hop));
  const before = journey.edgesBefore.flat();
  if (part === undefined && before.length === 0) return undefined;
  const { request, startNodeId } = journey;
  return {
    vehicleId,
    legId: request.legId,
    revision: journey.revisionBefore + (part?.revision ?? 0),
    commandedBy: request.commandedBy,
    actionsAtEnd: request.actionsAtEnd,
    startNodeId,
    leadsToEnd: journey.placeNodeId === undefined && part?.leadsToEnd === true,
    edgeIds: [...before, ...(part?.edgeIds ?? [])],
    grantedEdges: before.length + (part?.grantedEdges ?? 0),
    completed: journey.completed && part?.completed === true,
  };
}

/** What a vehicle holds and plans in all zones. */
export function wholeHolding(desk: Desk, views: Views, vehicleId: VehicleId): Holding | undefined {
  const record = desk.records.get(vehicleId);
  if (record?.isAdmitted !== true || record.isGone) return undefined;
  const parts = [...record.behind.filter((zone) => !zone.dismissed), record].flatMap(
    ({ zoneId }) => views.holding(zoneId, vehicleId) ?? [],
  );
  const { journey } = record;
  const waits = parts.find((part) => part.waitingFor !== undefined)?.waitingFor;
  const link = placeLink(desk, record);
  return {
    legId: journey?.request.legId,
    grantedEdgeIds: parts.flatMap((part) => part.grantedEdgeIds),
    plannedEdgeIds: parts.flatMap((part) => part.plannedEdgeIds),
    waitingFor:
      waits ??
      (link === undefined
        ? undefined
        : {
            blockId: link.blockId,
            heldBy: link.heldBy,
            how: "claimed-before",
            projectedFreeAtMs: undefined,
          }),
  };
}

/**
 * Who waits for whom, from zone to zone: where one zone's chain ends at a vehicle that stands at its border, the
 * next zone's goes on.
 */
export function wholeExplanation(desk: Desk, views: Views, vehicleId: VehicleId): Explanation | undefined {
  const record = desk.records.get(vehicleId);
  if (record?.isAdmitted !== true || record.isGone) return undefined;
  const chain: ChainLink[] = [];
  let head: Explanation["head"] = { vehicleId, because: "at-rest" };
  let here: VehicleRecord | undefined = record;
  const asked = new Set<VehicleId>();
  for (let i = 0; here !== undefined && !asked.has(here.vehicleId) && i < MAX_ZONES_IN_CHAIN; i++) {
    asked.add(here.vehicleId);
    const found: Explanation | undefined = explainOne(desk, views, here);
    if (found === undefined) break;
    chain.push(...found.chain);
    head = found.head;
    here = desk.records.get(head.vehicleId);
  }
  return { vehicleId, legId: record.journey?.request.legId, chain, head };
}

/** The first of the vehicle's zones that has something in its way; else the zone that it goes to. */
function explainOne(desk: Desk, views: Views, record: VehicleRecord): Explanation | undefined {
  const { vehicleId } = record;
  const link = placeLink(desk, record);
  if (link !== undefined) {
    const head = { vehicleId: link.heldBy, because: "at-rest" as const };
    return { vehicleId, legId: record.journey?.request.legId, chain: [link], head };
  }
  let last: Explanation | undefined;
  for (const { zoneId } of [...record.behind.filter((zone) => !zone.dismissed), record]) {
    const found = views.explain(zoneId, vehicleId);
    if (found === undefined) continue;
    if (found.chain.length > 0) return found;
    last = found;
  }
  return last;
}

/** A vehicle that waits for a place on a border waits for whoever has the nearest. */
function placeLink(desk: Desk, record: VehicleRecord): ChainLink | undefined {
  const { journey, vehicleId } = record;
  if (journey === undefined || journey.isAsked || journey.completed) return undefined;
  const { network, places } = desk.routes.partition;
  const wanted = desk.routes.next(
    record.zoneId,
    journey.hop === 0 ? journey.startNodeId : record.nodeId,
    journey.request.via[journey.viasBefore]?.nodeId ?? journey.request.toNodeId,
  );
  const place = wanted.kind === "over" ? wanted.places[0] : places[0];
  const holder = place === undefined ? undefined : takenBy(desk, place, record);
  if (place === undefined || holder === undefined) return undefined;
  const block = at(bodyAt(network, place.pose), 0);
  return {
    vehicleId,
    blockId: at(network.blocks.ids, block),
    heldBy: holder.vehicleId,
    how: "endpoint-taken",
    projectedFreeTick: undefined,
    projectedFreeAtMs: undefined,
  };
}

/** Every vehicle of the side: where its leg across the zones ends, and where it came into the zone where it is. */
export function wholeStanding({ records }: Desk): readonly Standing[] {
  return [...records.values()].flatMap(({ vehicleId, nodeId, journey, isAdmitted, isGone }) => {
    if (!isAdmitted || isGone) return [];
    if (journey === undefined) return [{ vehicleId, nodeIds: [nodeId] }];
    const { request, completed } = journey;
    return [{ vehicleId, nodeIds: completed ? [request.toNodeId] : [nodeId, request.toNodeId] }];
  });
}

/** Closures by their names, whichever zones they lie in, and failed vehicles, whichever zones they are in. */
export function wholeOutOfUse(parts: readonly OutOfUse[]): OutOfUse {
  const closures = new Map<ClosureId, Closure>();
  const failed = new Map<VehicleId, OutOfUse["failed"][number]>();
  for (const part of parts) {
    for (const closure of part.closures) {
      const known = closures.get(closure.closureId)?.edgeIds ?? [];
      closures.set(closure.closureId, { ...closure, edgeIds: [...new Set([...known, ...closure.edgeIds])] });
    }
    for (const vehicle of part.failed) failed.set(vehicle.vehicleId, vehicle);
  }
  return { closures: [...closures.values()], failed: [...failed.values()] };
}
