import { sayPlanned } from "./announce.ts";
import { isEndless } from "./claims.ts";
import { STANDING_MPS } from "./kinematics.ts";
import { clearTicksIn, createLeg, makeVisits } from "./legs.ts";
import { at, type Run, row, runOf } from "./runs.ts";
import { type PlanAnswer, plan } from "./sipp.ts";
import type { Stop, VehicleRecord } from "./vehicle.ts";
import type { PendingLeg, Zone } from "./zone.ts";

/** Ticks until a leg that found no way is tried again. */
const RETRY_TICKS = 5;

/**
 * Plans legs that were asked for, most urgent first, each around every claim there is (token passing, Ma et
 * al. 2017): the joint plan stays feasible whatever happens here, and who finds no plan stays where it is.
 * Returns how many were planned.
 */
export function planPending(zone: Zone): number {
  let spent = 0;
  let planned = 0;
  const inOrder = [...zone.pending.values()].sort((a, b) => b.request.priority - a.request.priority);
  for (const pending of inOrder) {
    const vehicle = zone.vehicles.get(pending.request.vehicleId);
    if (vehicle === undefined) {
      sayWaiting(zone, pending, "not-admitted");
      continue;
    }
    if (pending.notBeforeTick > zone.tick) continue;
    if (spent >= zone.settings.expansionsPerTick) break;
    const firstRun = firstStretch(zone, vehicle, pending);
    if (firstRun === "unreachable" || !reachable(zone, vehicle, pending)) {
      const { vehicleId, legId } = pending.request;
      zone.pending.delete(vehicleId);
      zone.events.push({ kind: "legRefused", vehicleId, legId, reason: "unreachable" });
      continue;
    }
    if (isTaken(zone, vehicle, pending.goal)) {
      sayWaiting(zone, pending, "endpoint-taken");
      continue;
    }
    const { vias, goal } = pending;
    const maxExpansions = zone.settings.expansionsPerPlan;
    const answer = plan(zone, { vehicle, vias, goal, firstRun, maxExpansions });
    spent += answer.expansions;
    if (answer.kind === "found") {
      adopt(zone, vehicle, pending, answer);
      planned++;
    } else {
      pending.notBeforeTick = zone.tick + RETRY_TICKS;
      sayWaiting(zone, pending, "no-way");
    }
  }
  return planned;
}

function sayWaiting(
  zone: Zone,
  pending: PendingLeg,
  reason: "endpoint-taken" | "no-way" | "not-admitted",
): void {
  if (pending.saidWaiting !== undefined) return;
  pending.saidWaiting = reason;
  const { vehicleId, legId } = pending.request;
  zone.events.push({ kind: "legWaiting", vehicleId, legId, reason });
}

/** Whether the roads lead through the vias to the goal at all. */
function reachable(zone: Zone, vehicle: VehicleRecord, pending: PendingLeg): boolean {
  let here = vehicle.pose;
  for (const next of [...pending.vias.map((via) => via.pose), pending.goal]) {
    if (at(zone.distances.to(next), here) === Number.POSITIVE_INFINITY) return false;
    here = next;
  }
  return true;
}

/** Someone else stays on the goal's ground without end, or is going to. */
export function isTaken(zone: Zone, vehicle: VehicleRecord, goal: number): boolean {
  return row(zone.network.poses.blocks, goal).some((block) =>
    at(zone.claims.queues, block).some((visit) => visit.vehicle !== vehicle && isEndless(visit)),
  );
}

/**
 * The moves that are only to be granted all together, as one run: the shortest way to that node, or to the
 * first via on it. As one run they are claimed together too, so waiting for all of them cannot close a circle.
 */
function firstStretch(
  zone: Zone,
  vehicle: VehicleRecord,
  pending: PendingLeg,
): Run | undefined | "unreachable" {
  const through = pending.throughPose;
  if (through === undefined) return undefined;
  const distance = zone.distances.to(through);
  const stopsAt = new Set([through, ...pending.vias.map((via) => via.pose)]);
  const moves: number[] = [];
  let pose = vehicle.pose;
  while (pose !== through && (moves.length === 0 || !stopsAt.has(pose))) {
    let best: Run | undefined;
    for (const index of at(zone.table.outgoing, pose)) {
      const run = at(zone.table.runs, index);
      const left = run.ticks + at(distance, run.to);
      if (left < (best === undefined ? Number.POSITIVE_INFINITY : best.ticks + at(distance, best.to)))
        best = run;
    }
    if (best === undefined) return "unreachable";
    moves.push(...best.moves);
    pose = best.to;
  }
  return moves.length === 0 ? undefined : runOf(zone.network, zone.settings, moves);
}

/** Makes a found plan the vehicle's leg, and queues its visits. */
function adopt(
  zone: Zone,
  vehicle: VehicleRecord,
  pending: PendingLeg,
  found: Extract<PlanAnswer, { kind: "found" }>,
): void {
  const stops: Stop[] = found.viaAt.map((beforeRun, i) => {
    const via = at(pending.vias, i);
    return { ...via, beforeRun, proceeded: pending.proceeded.has(via.pose), waitingSinceTick: undefined };
  });
  const { steps } = found;
  const leg = createLeg(
    zone,
    pending.request,
    vehicle.pose,
    steps.map((step) => step.run),
    stops,
  );
  const visits = makeVisits(vehicle, leg);
  vehicle.leg = leg;
  steps.forEach((step, k) => {
    leg.entryTick[k] = step.startTick;
    for (const visit of at(leg.startsAt, k)) visit.startTick = step.startTick;
    for (const visit of at(leg.endsAt, k)) {
      visit.clearTick = step.startTick + step.extraTicks + clearTicksIn(step.run, visit.block);
    }
  });
  for (const visit of visits) zone.claims.insert(visit);
  leg.etaTick = found.arrivalTick;
  // Where it was seen standing last is where the leg begins.
  const standing =
    vehicle.located && (vehicle.observed?.speedMps ?? Number.POSITIVE_INFINITY) <= STANDING_MPS;
  leg.atPose = standing ? 0 : -1;
  zone.pending.delete(vehicle.vehicleId);
  zone.changed.add(vehicle.vehicleId);
  sayPlanned(zone, vehicle, leg);
}
