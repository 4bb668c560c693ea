import type { VehicleId } from "@baton/fleet-adapter";
import { type Network, type NodeId, PoseKind, type ZoneId } from "@baton/maps";
import { at } from "../../core/runs.ts";
import type { Command } from "../../core/zone.ts";
import type { Admission, Closure, LegId, LegRequest } from "../../port.ts";
import type { Routes } from "../routes.ts";
import { abandonLeg } from "./abandon.ts";
import { askZoneLeg, sayWaiting } from "./crossing.ts";
import { ask, type Desk, forget, keep, tell } from "./desk.ts";
import { restsAt } from "./places.ts";
import { type Journey, type VehicleRecord, zoneLegId, zoneLegsUnderWay } from "./record.ts";

/** Takes in one thing that was asked of the whole side. */
export function obey(desk: Desk, command: Command): void {
  switch (command.kind) {
    case "admit":
      admit(desk, command.admission);
      return;
    case "requestLeg":
      requestLeg(desk, command.request);
      return;
    case "proceed":
      proceed(desk, command.vehicleId, command.legId, command.nodeId);
      return;
    case "abandonLeg":
      abandonLeg(desk, command.vehicleId, command.legId);
      return;
    case "dismiss":
      dismiss(desk, command.vehicleId);
      return;
    case "close":
      desk.closures.set(command.closure.closureId, command.closure);
      for (const zoneId of desk.routes.partition.zoneIds) askToClose(desk, zoneId, command.closure);
      return;
    case "open":
      desk.closures.delete(command.closureId);
      desk.isFreed = true;
      for (const zoneId of desk.routes.partition.zoneIds) ask(desk, zoneId, command);
      return;
    case "fail":
      fail(desk, command.vehicleId, command.reason);
      return;
    case "recover":
      recover(desk, command.vehicleId);
      return;
    case "prioritise":
      prioritise(desk, command.vehicleId, command.legId, command.priority);
      return;
  }
}

function admit(desk: Desk, admission: Admission): void {
  const { vehicleId, vehicleClassId, nodeId } = admission;
  const known = desk.records.get(vehicleId);
  if (known?.isGone === true) {
    desk.admissionsToCome.set(vehicleId, admission);
    return;
  }
  if (known?.isAdmitted === true) {
    tell(desk, { kind: "admitted", vehicleId });
    return;
  }
  const zoneId = known?.zoneId ?? desk.routes.zoneOf(nodeId);
  if (zoneId === undefined) {
    tell(desk, { kind: "admissionRefused", vehicleId, reason: "unknown-node" });
    return;
  }
  keep(desk, { vehicleId, vehicleClassId, zoneId, nodeId, isAdmitted: false, behind: [], isGone: false });
  ask(desk, zoneId, { kind: "admit", admission });
}

/** Asks for what waited until the vehicle was admitted. */
export function admitted(desk: Desk, record: VehicleRecord): void {
  keep(desk, { ...record, isAdmitted: true });
  tell(desk, { kind: "admitted", vehicleId: record.vehicleId });
  const request = desk.legsToCome.get(record.vehicleId);
  desk.legsToCome.delete(record.vehicleId);
  if (request !== undefined) requestLeg(desk, request);
}

function requestLeg(desk: Desk, request: LegRequest): void {
  const { vehicleId, legId } = request;
  const record = desk.records.get(vehicleId);
  const journey = record?.journey;
  const toCome = desk.legsToCome.get(vehicleId);
  if (record !== undefined && journey?.request.legId === legId && !record.isGone) {
    announce(desk, record, journey);
    return;
  }
  if ((toCome !== undefined && toCome.legId !== legId) || (journey !== undefined && !journey.completed)) {
    tell(desk, { kind: "legRefused", vehicleId, legId, reason: "busy" });
    return;
  }
  if (!areStandable(desk.routes, request)) {
    tell(desk, { kind: "legRefused", vehicleId, legId, reason: "unknown-node" });
    return;
  }
  if (record === undefined || !record.isAdmitted || record.isGone) {
    desk.legsToCome.set(vehicleId, request);
    tell(desk, { kind: "legWaiting", vehicleId, legId, reason: "not-admitted" });
    return;
  }
  const startNodeId = restsAt(record) ?? record.nodeId;
  if (!isReachable(desk.routes, record.zoneId, startNodeId, request)) {
    tell(desk, { kind: "legRefused", vehicleId, legId, reason: "unreachable" });
    return;
  }
  desk.saidWaiting.delete(vehicleId);
  desk.saidClear.delete(vehicleId);
  keep(desk, { ...record, journey: newJourney(request, startNodeId) });
  // Who rested until now is in nobody's way any more; who waits longer is looked at first.
  desk.isFreed = true;
}

function newJourney(request: LegRequest, startNodeId: NodeId): Journey {
  return {
    request,
    startNodeId,
    hop: 0,
    isAsked: false,
    viasBefore: 0,
    viasHere: 0,
    proceeded: [],
    edgesBefore: [],
    revisionBefore: 0,
    completed: false,
  };
}

function areStandable(routes: Routes, request: LegRequest): boolean {
  const { network } = routes.partition;
  const through = request.firstGrantThroughNodeId;
  const nodes = [...request.via.map((via) => via.nodeId), request.toNodeId];
  if (through !== undefined) nodes.push(through);
  if (request.partnerStretch !== undefined) nodes.push(request.partnerStretch.throughNodeId);
  return nodes.every((nodeId) => isStandable(network, nodeId) && routes.zoneOf(nodeId) !== undefined);
}

function isStandable(network: Network, nodeId: NodeId): boolean {
  const pose = network.poseIndex(nodeId);
  return pose !== undefined && at(network.poses.kind, pose) !== PoseKind.passing;
}

/**
 * Whether roads lead through the vias to the end; and, for a leg with a first stretch, that this stretch is one
 * zone's: no two ledgers grant anything together.
 */
function isReachable(routes: Routes, zoneId: ZoneId, startNodeId: NodeId, request: LegRequest): boolean {
  const through = request.firstGrantThroughNodeId;
  if (through !== undefined && routes.next(zoneId, startNodeId, through).kind !== "inside") return false;
  let zone: ZoneId | undefined = zoneId;
  let here = startNodeId;
  for (const next of [...request.via.map((via) => via.nodeId), request.toNodeId]) {
    if (zone === undefined || routes.next(zone, here, next).kind === "unreachable") return false;
    zone = routes.zoneOf(next);
    here = next;
  }
  return true;
}

/** Says again what came of a leg so far: what zones that were left had said, and then the zones it is in. */
function announce(desk: Desk, record: VehicleRecord, journey: Journey): void {
  const { vehicleId } = record;
  const { legId } = journey.request;
  desk.saidClear.delete(vehicleId);
  if (!journey.isAsked && !journey.completed) {
    desk.saidWaiting.delete(vehicleId);
    sayWaiting(desk, record, "endpoint-taken");
  }
  const underWay = new Map(record.behind.filter((zone) => !zone.dismissed).map((zone) => [zone.hop, zone]));
  if (journey.hop > 0) {
    tell(desk, { kind: "reached", vehicleId, legId, nodeId: journey.startNodeId, edgeId: undefined });
  }
  journey.edgesBefore.forEach((edgeIds, hop) => {
    const zone = underWay.get(hop);
    if (zone !== undefined) {
      askAgain(desk, zone.zoneId, journey, hop);
      return;
    }
    const { network } = desk.routes.partition;
    for (const edgeId of edgeIds) {
      const move = network.moveIndex(edgeId);
      if (move === undefined) continue;
      const nodeId = at(network.poses.nodeIds, at(network.moves.to, move));
      tell(desk, { kind: "reached", vehicleId, legId, nodeId, edgeId });
    }
  });
  if (journey.isAsked) askZoneLeg(desk, record);
}

/** A zone leg that its zone knows by its name, whatever else is asked of it. */
function askAgain(desk: Desk, zoneId: ZoneId, journey: Journey, hop: number): void {
  const request = { ...journey.request, legId: zoneLegId(journey, hop), via: [], actionsAtEnd: [] };
  ask(desk, zoneId, { kind: "requestLeg", request });
}

function proceed(desk: Desk, vehicleId: VehicleId, legId: LegId, nodeId: NodeId): void {
  const record = desk.records.get(vehicleId);
  const journey = record?.journey;
  if (record === undefined || journey?.request.legId !== legId) return;
  if (!journey.proceeded.includes(nodeId))
    keep(desk, { ...record, journey: { ...journey, proceeded: [...journey.proceeded, nodeId] } });
  for (const { zoneId, hop } of zoneLegsUnderWay(record, journey)) {
    ask(desk, zoneId, { kind: "proceed", vehicleId, legId: zoneLegId(journey, hop), nodeId });
  }
}

function dismiss(desk: Desk, vehicleId: VehicleId): void {
  desk.legsToCome.delete(vehicleId);
  desk.admissionsToCome.delete(vehicleId);
  const record = desk.records.get(vehicleId);
  if (record === undefined || record.isGone) return;
  const zones = [
    ...record.behind,
    { zoneId: record.zoneId, placeNodeId: record.nodeId, hop: record.journey?.hop ?? 0, dismissed: true },
  ];
  for (const { zoneId } of zones) ask(desk, zoneId, { kind: "dismiss", vehicleId });
  const behind = zones.map((zone) => ({ ...zone, dismissed: true }));
  keep(desk, { ...record, behind, isGone: true, journey: undefined });
  desk.isFreed = true;
}

/** The last zone has confirmed that it holds nothing for the vehicle. */
export function gone(desk: Desk, record: VehicleRecord): void {
  forget(desk, record.vehicleId);
  const admission = desk.admissionsToCome.get(record.vehicleId);
  desk.admissionsToCome.delete(record.vehicleId);
  if (admission !== undefined) admit(desk, admission);
}

export function askToClose(desk: Desk, zoneId: ZoneId, closure: Closure): void {
  const view = desk.routes.view(zoneId);
  const edgeIds = closure.edgeIds.filter((edgeId) => view.moveIndex(edgeId) !== undefined);
  if (edgeIds.length > 0) ask(desk, zoneId, { kind: "close", closure: { ...closure, edgeIds } });
}

function fail(desk: Desk, vehicleId: VehicleId, reason: string): void {
  const record = desk.records.get(vehicleId);
  if (record === undefined || record.isGone) return;
  keep(desk, { ...record, failed: reason });
  for (const zoneId of zonesOf(record)) ask(desk, zoneId, { kind: "fail", vehicleId, reason });
}

function recover(desk: Desk, vehicleId: VehicleId): void {
  const record = desk.records.get(vehicleId);
  if (record === undefined || record.failed === undefined) return;
  const { failed: _, ...well } = record;
  keep(desk, well);
  for (const zoneId of zonesOf(record)) ask(desk, zoneId, { kind: "recover", vehicleId });
  desk.isFreed = true;
}

function zonesOf(record: VehicleRecord): ZoneId[] {
  return [...record.behind.filter((zone) => !zone.dismissed).map((zone) => zone.zoneId), record.zoneId];
}

function prioritise(desk: Desk, vehicleId: VehicleId, legId: LegId, priority: number): void {
  const record = desk.records.get(vehicleId);
  const journey = record?.journey;
  if (record === undefined || journey?.request.legId !== legId) return;
  keep(desk, { ...record, journey: { ...journey, request: { ...journey.request, priority } } });
  for (const { zoneId, hop } of zoneLegsUnderWay(record, journey)) {
    ask(desk, zoneId, { kind: "prioritise", vehicleId, legId: zoneLegId(journey, hop), priority });
  }
}
