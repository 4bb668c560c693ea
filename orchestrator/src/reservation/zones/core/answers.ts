import type { VehicleId } from "@baton/fleet-adapter";
import { bodyAt, type NodeId, type ZoneId } from "@baton/maps";
import type { CommittedLeg } from "../../core/committed-leg.ts";
import { at } from "../../core/runs.ts";
import type { LegId, ReservationEvent } from "../../port.ts";
import { takenBack } from "./abandon.ts";
import { askZoneLeg, refuse, sayWaiting, tryToGoOver } from "./crossing.ts";
import { ask, type Desk, forget, keep, tell } from "./desk.ts";
import { type Journey, type VehicleRecord, zoneLegId } from "./record.ts";
import { admitted, askToClose, gone } from "./requests.ts";

/** A leader is at work in a zone that knows what its ledger knows: whatever it was asked and may not have heard is asked again. */
export function zoneIsUp(desk: Desk, zoneId: ZoneId): void {
  for (const closure of desk.closures.values()) askToClose(desk, zoneId, closure);
  for (const record of [...desk.records.values()]) {
    const { vehicleId, vehicleClassId, nodeId, journey, failed } = record;
    for (const behind of record.behind) {
      if (behind.zoneId !== zoneId) continue;
      if (behind.dismissed) ask(desk, zoneId, { kind: "dismiss", vehicleId });
      else if (failed !== undefined) ask(desk, zoneId, { kind: "fail", vehicleId, reason: failed });
    }
    if (record.zoneId !== zoneId || record.isGone) continue;
    ask(desk, zoneId, { kind: "admit", admission: { vehicleId, vehicleClassId, nodeId } });
    if (journey?.isAsked === true && !journey.completed) askZoneLeg(desk, record);
    if (failed !== undefined) ask(desk, zoneId, { kind: "fail", vehicleId, reason: failed });
  }
}

/** A tick of a zone is in its ledger: its legs as they now are, and whom it still knows. */
export function zoneCommitted(
  desk: Desk,
  zoneId: ZoneId,
  legs: readonly CommittedLeg[],
  knows: (vehicleId: VehicleId) => boolean,
): void {
  desk.committed.set(zoneId, new Map(legs.map((leg) => [leg.vehicleId, leg])));
  for (const record of [...desk.records.values()]) {
    if (record.behind.some((zone) => zone.zoneId === zoneId && zone.dismissed) && !knows(record.vehicleId)) {
      confirmLeft(desk, record, zoneId);
    } else if (record.zoneId === zoneId) tryToGoOver(desk, record);
  }
}

function confirmLeft(desk: Desk, record: VehicleRecord, zoneId: ZoneId): void {
  const behind = record.behind.filter((zone) => zone.zoneId !== zoneId);
  desk.isFreed = true;
  if (record.isGone && behind.length === 0) gone(desk, record);
  else keep(desk, { ...record, behind });
}

/** Something that a zone said, turned into what it means for the whole side. */
export function hear(desk: Desk, zoneId: ZoneId, event: ReservationEvent): void {
  if (event.kind === "trouble") {
    const ofZone = event.vehicleId === undefined ? `zone ${zoneId}: ` : "";
    tell(desk, { ...event, detail: `${ofZone}${event.detail}` });
    return;
  }
  const record = desk.records.get(event.vehicleId);
  if (record === undefined || record.isGone) return;
  switch (event.kind) {
    case "admitted":
      if (!record.isAdmitted && record.zoneId === zoneId) admitted(desk, record);
      return;
    case "admissionRefused":
      if (record.isAdmitted || record.zoneId !== zoneId) return;
      forget(desk, record.vehicleId);
      tell(desk, event);
      return;
    case "clearOfGround":
      if (record.zoneId === zoneId) sayClear(desk, record);
      return;
    default:
      hearOfLeg(desk, zoneId, record, event);
  }
}

type LegEvent = Extract<ReservationEvent, { legId: LegId }>;

function hearOfLeg(desk: Desk, zoneId: ZoneId, record: VehicleRecord, event: LegEvent): void {
  const { journey } = record;
  const hop = journey === undefined ? undefined : hopOf(record, journey, zoneId, event.legId);
  if (journey === undefined || hop === undefined) return;
  const { vehicleId } = record;
  const { legId } = journey.request;
  const isInWork = hop === journey.hop;
  switch (event.kind) {
    case "legPlanned":
      desk.saidWaiting.delete(vehicleId);
      if (isInWork) tell(desk, { ...event, legId, etaAtMs: event.etaAtMs + onwardsMs(desk, journey) });
      return;
    case "legWaiting":
      if (isInWork) sayWaiting(desk, record, event.reason);
      return;
    case "legRefused":
      if (isInWork) refuse(desk, record, event.reason);
      return;
    case "legAbandoned":
      if (desk.takingBack.has(vehicleId)) takenBack(desk, record, event.ok);
      return;
    case "granted":
    case "waitingAt":
      tell(desk, { ...event, legId });
      return;
    case "reached":
      // The place where a zone leg begins was reached at the end of the one before.
      if (hop > 0 && event.edgeId === undefined) return;
      if (hop > 0) leaveBehind(desk, record, event.nodeId, hop);
      tell(desk, { ...event, legId });
      if (hop > 0) clearWhenBeyond(desk, record.vehicleId, event.nodeId);
      return;
    case "legCompleted":
      if (!isInWork || journey.placeNodeId !== undefined) return;
      complete(desk, record, journey);
      tell(desk, { ...event, legId });
  }
}

/** Which zone leg of its journey a zone means; `undefined` for one that is not under way there. */
function hopOf(record: VehicleRecord, journey: Journey, zoneId: ZoneId, legId: LegId): number | undefined {
  if (record.zoneId === zoneId && legId === zoneLegId(journey, journey.hop)) return journey.hop;
  return record.behind.find(
    (zone) => zone.zoneId === zoneId && !zone.dismissed && legId === zoneLegId(journey, zone.hop),
  )?.hop;
}

/** Driving time beyond the border, on the empty road: the zones ahead have not planned yet. */
function onwardsMs(desk: Desk, journey: Journey): number {
  if (journey.placeNodeId === undefined) return 0;
  const seconds = desk.routes.secondsBeyond(journey.placeNodeId, journey.request.toNodeId);
  return Number.isFinite(seconds) ? 1000 * seconds : 0;
}

/** By report the vehicle is where its body covers nothing of a zone that it came from: that zone is told so. */
function leaveBehind(desk: Desk, record: VehicleRecord, nodeId: NodeId, hop: number): void {
  const under = desk.routes.zonesUnder(nodeId);
  const left = record.behind.filter(
    (zone) => !zone.dismissed && zone.hop < hop && !under.includes(zone.zoneId),
  );
  if (left.length === 0) return;
  const behind = record.behind.map((zone) => (left.includes(zone) ? { ...zone, dismissed: true } : zone));
  keep(desk, { ...record, behind });
  desk.isFreed = true;
  for (const zone of left) ask(desk, zone.zoneId, { kind: "dismiss", vehicleId: record.vehicleId });
}

function complete(desk: Desk, record: VehicleRecord, journey: Journey): void {
  leaveBehind(desk, record, journey.request.toNodeId, journey.hop);
  const now = desk.records.get(record.vehicleId) ?? record;
  if (!journey.completed) keep(desk, { ...now, journey: { ...journey, completed: true } });
  desk.isFreed = true;
}

/** A zone in which a leg began off our ground does not notice that it ends there. */
function clearWhenBeyond(desk: Desk, vehicleId: VehicleId, nodeId: NodeId): void {
  const { network } = desk.routes.partition;
  const record = desk.records.get(vehicleId);
  const pose = network.poseIndex(nodeId);
  if (record === undefined || pose === undefined) return;
  if (bodyAt(network, pose).every((block) => at(network.blocks.own, block) === 0)) sayClear(desk, record);
}

function sayClear(desk: Desk, { vehicleId }: VehicleRecord): void {
  if (desk.saidClear.has(vehicleId)) return;
  desk.saidClear.add(vehicleId);
  tell(desk, { kind: "clearOfGround", vehicleId });
}
