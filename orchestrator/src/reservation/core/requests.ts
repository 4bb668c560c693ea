import type { NodeId } from "@baton/maps";
import type { LegId, LegRequest } from "../port.ts";
import { admit, dismiss } from "./admission.ts";
import { announce } from "./announce.ts";
import { close, fail, open, recover } from "./closures.ts";
import { nodeOf } from "./legs.ts";
import { giveUpStretch } from "./partner-stretch.ts";
import { row, standable } from "./runs.ts";
import { ENDLESS } from "./ticks.ts";
import { waitsInVain } from "./turn.ts";
import type { Leg, VehicleRecord } from "./vehicle.ts";
import type { Command, PendingLeg, Zone } from "./zone.ts";

/** Takes in one thing that was asked. */
export function obey(zone: Zone, command: Command): void {
  switch (command.kind) {
    case "admit":
      admit(zone, command.admission);
      break;
    case "requestLeg":
      requestLeg(zone, command.request);
      break;
    case "proceed":
      proceed(zone, command);
      break;
    case "abandonLeg":
      abandonLeg(zone, command);
      break;
    case "dismiss":
      dismiss(zone, command.vehicleId);
      break;
    case "close":
      close(zone, command.closure);
      break;
    case "open":
      open(zone, command.closureId);
      break;
    case "fail":
      fail(zone, command.vehicleId, command.reason);
      break;
    case "recover":
      recover(zone, command.vehicleId);
      break;
    case "prioritise":
      prioritise(zone, command);
      break;
  }
}

function requestLeg(zone: Zone, request: LegRequest): void {
  const { vehicleId, legId } = request;
  const vehicle = zone.vehicles.get(vehicleId);
  const pending = zone.pending.get(vehicleId);
  if (vehicle?.leg?.request.legId === legId) {
    announce(zone, vehicle, vehicle.leg);
    return;
  }
  if (pending?.request.legId === legId) {
    if (pending.saidWaiting !== undefined) {
      zone.events.push({ kind: "legWaiting", vehicleId, legId, reason: pending.saidWaiting });
    }
    return;
  }
  const { insteadOf } = request;
  if (
    request.orNever === true &&
    insteadOf !== undefined &&
    vehicle !== undefined &&
    waitsInVain(zone, vehicle, insteadOf)
  ) {
    zone.pending.delete(vehicleId);
    zone.events.push({ kind: "legAbandoned", vehicleId, legId: insteadOf, ok: true });
    zone.events.push({ kind: "legRefused", vehicleId, legId, reason: "not-turned" });
    return;
  }
  const { leg } = vehicle ?? {};
  const isBusy = leg?.completed === false && leg.request.legId !== insteadOf;
  if (pending !== undefined || isBusy) {
    const reason = request.orNever === true ? "not-turned" : "busy";
    zone.events.push({ kind: "legRefused", vehicleId, legId, reason });
    return;
  }
  const places = placesOf(zone, request);
  if (places === undefined) {
    zone.events.push({ kind: "legRefused", vehicleId, legId, reason: "unknown-node" });
    return;
  }
  if (vehicle?.spentLegId === legId) {
    answerSpent(zone, vehicle, legId, places.goal);
    return;
  }
  zone.pending.set(vehicleId, {
    request,
    ...places,
    proceeded: new Set(),
    saidWaiting: undefined,
    sinceTick: zone.tick,
    notBeforeTick: zone.tick,
    tries: 0,
    toldToStay: false,
  });
}

/** Its order has led it to the leg's end, or aside from it: then no further order of that name would be followed. */
function answerSpent(zone: Zone, { vehicleId, pose }: VehicleRecord, legId: LegId, goal: number): void {
  if (pose !== goal) {
    zone.events.push({ kind: "legRefused", vehicleId, legId, reason: "order-lost" });
    return;
  }
  const nodeId = nodeOf(zone, pose);
  zone.events.push({ kind: "reached", vehicleId, legId, nodeId, edgeId: undefined });
  zone.events.push({ kind: "legCompleted", vehicleId, legId, nodeId });
}

/** The leg's nodes as poses where a vehicle may stand; `undefined` when one of them is not. */
function placesOf(
  zone: Zone,
  request: LegRequest,
): Pick<PendingLeg, "goal" | "vias" | "throughPose"> | undefined {
  const poseOf = (nodeId: NodeId): number | undefined => {
    const pose = zone.network.poseIndex(nodeId);
    return pose !== undefined && standable(zone.network, pose) ? pose : undefined;
  };
  const goal = poseOf(request.toNodeId);
  if (goal === undefined) return undefined;
  const vias: { pose: number; dwellTicks: number }[] = [];
  for (const via of request.via) {
    const pose = poseOf(via.nodeId);
    if (pose === undefined) return undefined;
    vias.push({ pose, dwellTicks: Math.max(0, Math.ceil(via.expectedDwellMs / zone.settings.tickMs)) });
  }
  const stretch = request.partnerStretch?.throughNodeId;
  if (stretch !== undefined && poseOf(stretch) === undefined) return undefined;
  const through = request.firstGrantThroughNodeId;
  const throughPose = through === undefined ? undefined : poseOf(through);
  return through !== undefined && throughPose === undefined ? undefined : { goal, vias, throughPose };
}

function proceed(zone: Zone, command: Extract<Command, { kind: "proceed" }>): void {
  const leg = zone.vehicles.get(command.vehicleId)?.leg;
  const pose = zone.network.poseIndex(command.nodeId);
  const pending = zone.pending.get(command.vehicleId);
  if (pose !== undefined && pending?.request.legId === command.legId) pending.proceeded.add(pose);
  if (leg?.request.legId !== command.legId) return;
  const here = leg.stops.filter((stop) => stop.pose === pose);
  const stop = here.find((candidate) => !candidate.proceeded);
  if (stop === undefined) return;
  // Of two stops at one node the second takes no repetition of what was said for the first.
  if (stop !== here[0] && stop.waitingSinceTick === undefined) return;
  stop.proceeded = true;
  zone.changed.add(command.vehicleId);
}

function abandonLeg(zone: Zone, command: Extract<Command, { kind: "abandonLeg" }>): void {
  const { vehicleId, legId } = command;
  const ok = takeBack(zone, command);
  zone.events.push({ kind: "legAbandoned", vehicleId, legId, ok });
}

function takeBack(zone: Zone, { vehicleId, legId }: Extract<Command, { kind: "abandonLeg" }>): boolean {
  if (zone.pending.get(vehicleId)?.request.legId === legId) return zone.pending.delete(vehicleId);
  const vehicle = zone.vehicles.get(vehicleId);
  const leg = vehicle?.leg;
  // A leg that is not there (any more) needs no taking back.
  if (vehicle === undefined || leg?.request.legId !== legId) return true;
  if (leg.request.partnerStretch !== undefined) return giveUpStretch(zone, vehicle, leg);
  if (!standsAtStart(zone, vehicle, leg)) return false;
  giveUp(zone, vehicle, leg);
  return true;
}

/** It is known to stand where the leg begins, and still holds all of its body's ground there. */
function standsAtStart(zone: Zone, vehicle: VehicleRecord, leg: Leg): boolean {
  if (leg.completed) return false;
  if (leg.grantedRuns === 0) return true;
  const still = new Set(vehicle.visits.filter((visit) => visit.first === -1).map((visit) => visit.block));
  const body = row(zone.network.poses.blocks, leg.startPose);
  return vehicle.located && leg.atPose === 0 && body.every((block) => still.has(block));
}

/** Changes how urgent a leg is. One that became more urgent is let by where nothing is granted yet. */
function prioritise(zone: Zone, command: Extract<Command, { kind: "prioritise" }>): void {
  const { vehicleId, legId, priority } = command;
  const pending = zone.pending.get(vehicleId);
  if (pending?.request.legId === legId) {
    zone.pending.set(vehicleId, { ...pending, request: { ...pending.request, priority } });
  }
  const leg = zone.vehicles.get(vehicleId)?.leg;
  if (leg === undefined || leg.request.legId !== legId || leg.request.priority === priority) return;
  if (priority > leg.request.priority) zone.hurried.add(vehicleId);
  leg.request = { ...leg.request, priority };
  zone.changed.add(vehicleId);
}

/** Others that are queued behind it are planned again around it. */
function giveUp(zone: Zone, vehicle: VehicleRecord, leg: Leg): void {
  const beyond = vehicle.visits.filter((visit) => visit.first !== -1);
  vehicle.visits = vehicle.visits.filter((visit) => visit.first === -1);
  for (const visit of vehicle.visits) {
    visit.last = ENDLESS;
    visit.clearAtM = Number.POSITIVE_INFINITY;
    visit.clearTick = ENDLESS;
    zone.claims.markBehind(visit);
  }
  vehicle.pose = leg.startPose;
  vehicle.leg = undefined;
  for (const visit of beyond) zone.claims.remove(visit);
  zone.changed.add(vehicle.vehicleId);
}
