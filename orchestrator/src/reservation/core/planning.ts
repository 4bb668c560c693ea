import { adopt, adoptUnplanned } from "./adopt.ts";
import { cutStranded } from "./closures.ts";
import { isShutPose, takerOf } from "./endpoint.ts";
import { firstStretch } from "./first-stretch.ts";
import { overtake } from "./improve.ts";
import { moveUp } from "./move-up.ts";
import { planStretches } from "./partner-stretch.ts";
import { entryTo, restFor, roomIn } from "./places.ts";
import { hasWaitedLong, rescue, standsAside } from "./rescue.ts";
import { row } from "./runs.ts";
import { plan } from "./sipp.ts";
import { endAside, isToStay } from "./stay.ts";
import { adoptTail, planTail, reinstate, withdraw } from "./tail.ts";
import { ENDLESS } from "./ticks.ts";
import { stopsAhead } from "./to-go.ts";
import { giveUpTurn, turn, turnFailed } from "./turn.ts";
import { urgencyOf } from "./urgency.ts";
import type { Leg, VehicleRecord } from "./vehicle.ts";
import { poseOfGrantsEnd, sayTrapped, sayWaiting } from "./waiting.ts";
import type { PendingLeg, WaitingReason, Zone } from "./zone.ts";

/** A leg that found no way is tried again after so many ticks, each time twice as many, up to the most. */
const FIRST_RETRY_TICKS = 5;
const MOST_RETRY_TICKS = 40;
/** Who stands on the road and found no way so often may be in the way of others that are in its own. */
const TRIES_ALONE = 2;

/** To look at so many poses for distances that nobody asked for yet costs as much as to expand a state. */
const POSES_AN_EXPANSION = 16;

/** What is to be planned: a leg that was asked for, or what is left of one that was cut. */
interface Task {
  readonly vehicle: VehicleRecord;
  readonly goal: number;
  readonly urgency: number;
  readonly pending: PendingLeg | undefined;
}

/** What became of a task in this tick: `idle` when it was not its turn. */
type TaskOutcome =
  | { readonly kind: "planned" | "refused" | "idle"; readonly expansions: number }
  | { readonly kind: "waits"; readonly reason: WaitingReason; readonly expansions: number };

/**
 * Plans legs that were asked for, and those that were cut, most urgent first, each around every claim there is
 * (token passing, Ma et al. 2017): the joint plan stays feasible whatever happens here, and who finds no plan stays
 * where it is. A leg with stations is one bundle through to its endpoint, which must be free for ever: so no more
 * vehicles are let into a line than there are places behind it.
 *
 * A place that someone waits for is not given to one who is less urgent, unless it is closed ground that keeps the
 * first one away. No further plan is begun once `expansionsPerTick` are spent: a crowd is spread over ticks.
 * Returns how many were planned.
 */
export function planPending(zone: Zone): number {
  cutStranded(zone);
  for (const vehicleId of zone.hurried) {
    const vehicle = zone.vehicles.get(vehicleId);
    if (vehicle !== undefined) overtake(zone, vehicle);
  }
  zone.hurried.clear();
  endAside(zone);
  let planned = planStretches(zone) + moveUp(zone);
  const tasks = tasksOf(zone);
  if (tasks.length === 0) return planned;
  const awaited = new Set<number>();
  const inLine = new Map<number, number>();
  let trapped = 0;
  let spent = 0;
  for (const task of tasks) {
    if (spent >= zone.settings.expansionsPerTick) break;
    const ground = row(zone.network.poses.blocks, task.goal);
    const places = zone.queues.get(task.goal);
    const isAwaited =
      places === undefined
        ? ground.some((block) => awaited.has(block))
        : isFullFor(zone, task, places, inLine.get(task.goal) ?? 0);
    const before = zone.distances.effort.posesLookedAt;
    const outcome: TaskOutcome = isAwaited ? waitItsTurn(zone, task) : tryTask(zone, task);
    spent += outcome.expansions + (zone.distances.effort.posesLookedAt - before) / POSES_AN_EXPANSION;
    if (outcome.kind === "planned") planned++;
    if (outcome.kind === "waits" && task.pending === undefined) trapped++;
    if (outcome.kind === "waits" && task.pending !== undefined)
      sayWaiting(zone, task.pending, outcome.reason);
    const keepsPlace =
      outcome.kind === "idle" || (outcome.kind === "waits" && outcome.reason !== "ground-closed");
    if (!keepsPlace || isShutOff(zone, task)) continue;
    if (places === undefined) for (const block of ground) awaited.add(block);
    else inLine.set(task.goal, 1 + (inLine.get(task.goal) ?? 0));
  }
  if (trapped > 0) planned += rescueCut(zone, tasks);
  // Who was planned is out of the way of who was not.
  if (planned > 0)
    for (const cut of zone.cuts.values()) cut.notBeforeTick = Math.min(cut.notBeforeTick, zone.tick + 1);
  return planned;
}

function waitItsTurn(zone: Zone, { pending }: Task): TaskOutcome {
  if (pending?.request.orNever !== true) return { kind: "waits", reason: "endpoint-taken", expansions: 0 };
  giveUpTurn(zone, pending);
  return { kind: "refused", expansions: 0 };
}

/**
 * The places that are left in a queue are for those who wait for one longer, or are more urgent. But not so for who is on
 * its way already: it may be what keeps these from coming.
 */
function isFullFor(
  zone: Zone,
  { vehicle, pending }: Task,
  places: readonly number[],
  waiting: number,
): boolean {
  return pending !== undefined && waiting > 0 && roomIn(zone, vehicle, places) <= waiting;
}

/** Tries those together that find no way alone, and says who is shut in. */
function rescueCut(zone: Zone, tasks: readonly Task[]): number {
  const stranded = tasks.flatMap(({ vehicle, pending }) =>
    pending === undefined && vehicle.leg?.cut === true ? [vehicle] : [],
  );
  const mayGoAside = (vehicle: VehicleRecord): boolean =>
    !isShutOut(zone, vehicle) || isBeforeItsStops(vehicle);
  const rescued = rescue(zone, stranded, mayGoAside);
  for (const { vehicleId } of rescued) zone.cuts.delete(vehicleId);
  for (const vehicle of stranded) sayTrapped(zone, vehicle);
  return rescued.length;
}

/** All that is to be planned, most urgent first; of equals those that wait longer. */
function tasksOf(zone: Zone): Task[] {
  const tasks: Task[] = [];
  for (const pending of [...zone.pending.values()]) {
    const { request, goal } = pending;
    const vehicle = zone.vehicles.get(request.vehicleId);
    if (hasFailedOnItsWay(vehicle)) {
      const isTurned = turnFailed(zone, vehicle, vehicle.leg, pending);
      if (!isTurned && request.orNever === true) giveUpTurn(zone, pending);
      continue;
    }
    if (request.orNever === true && !isUnderWay(vehicle) && vehicle?.pose !== goal) {
      giveUpTurn(zone, pending);
      continue;
    }
    if (vehicle === undefined) {
      sayWaiting(zone, pending, "not-admitted");
      continue;
    }
    const urgency = urgencyOf(zone, { priority: request.priority, sinceTick: pending.sinceTick });
    if (vehicle.failed === undefined) tasks.push({ vehicle, goal, urgency, pending });
  }
  for (const vehicle of zone.vehicles.values()) {
    const { leg, vehicleId } = vehicle;
    if (leg?.cut !== true || leg.completed) {
      if (zone.cuts.size > 0) zone.cuts.delete(vehicleId);
      continue;
    }
    if (vehicle.failed !== undefined || isToStay(vehicle, zone.pending.get(vehicleId))) continue;
    const cut = zone.cuts.get(vehicleId) ?? {
      sinceTick: zone.tick,
      notBeforeTick: zone.tick,
      tries: 0,
      said: false,
    };
    zone.cuts.set(vehicleId, cut);
    const { priority } = leg.request;
    const urgency = urgencyOf(zone, { priority, sinceTick: cut.sinceTick });
    tasks.push({ vehicle, goal: leg.goal, urgency, pending: undefined });
  }
  return tasks.sort((a, b) => b.urgency - a.urgency);
}

const isUnderWay = (vehicle: VehicleRecord | undefined): boolean =>
  vehicle?.leg?.completed === false && vehicle.failed === undefined;

const hasFailedOnItsWay = (
  vehicle: VehicleRecord | undefined,
): vehicle is VehicleRecord & { readonly leg: Leg } =>
  vehicle?.leg?.completed === false && vehicle.failed !== undefined;

function tryTask(zone: Zone, { vehicle, pending }: Task): TaskOutcome {
  return pending === undefined ? tryCut(zone, vehicle) : tryPending(zone, vehicle, pending);
}

function tryPending(zone: Zone, vehicle: VehicleRecord, pending: PendingLeg): TaskOutcome {
  if (pending.notBeforeTick > zone.tick) return { kind: "idle", expansions: 0 };
  if (vehicle.leg?.completed === false) return tryTurn(zone, vehicle, vehicle.leg, pending);
  const { vias, goal, request } = pending;
  const firstRun = firstStretch(zone, vehicle.pose, request);
  if (!reachable(zone, vehicle, pending)) {
    zone.pending.delete(request.vehicleId);
    zone.events.push({
      kind: "legRefused",
      vehicleId: request.vehicleId,
      legId: request.legId,
      reason: "unreachable",
    });
    return { kind: "refused", expansions: 0 };
  }
  const rest = restFor(zone, vehicle, goal, vehicle.pose);
  if (rest === undefined) {
    const entry = entryTo(zone, goal, vehicle.pose);
    const taker = isShutPose(zone, entry) ? undefined : takerOf(zone, vehicle, entry);
    if (taker === undefined) return { kind: "waits", reason: "ground-closed", expansions: 0 };
    // Someone who went aside there may be waiting for this one to be out of the way; or, in the end, for its place.
    if (taker.leg?.cut === true && (!standsAside(zone, vehicle) || hasWaitedLong(zone, pending)))
      adoptUnplanned(zone, vehicle, pending);
    const reason = taker.failed === undefined ? "endpoint-taken" : "ground-closed";
    return { kind: "waits", reason, expansions: 0 };
  }
  const answer =
    firstRun === "unreachable"
      ? { kind: "none" as const, expansions: 0 }
      : plan(zone, {
          vehicle,
          from: vehicle.pose,
          fromTick: zone.tick,
          standing: true,
          stopTicks: 0,
          vias,
          goal: rest,
          firstRun,
          maxExpansions: zone.settings.expansionsPerPlan,
          latestArrivalTick: ENDLESS,
          trial: undefined,
        });
  if (answer.kind === "found") {
    adopt(zone, vehicle, pending, answer);
    return { kind: "planned", expansions: answer.expansions };
  }
  pending.notBeforeTick = zone.tick + retryTicks(pending.tries++);
  const reason = zone.closures.size > 0 && answer.kind === "none" ? "ground-closed" : "no-way";
  // Who stands aside is in nobody's way, unless it is its place that someone waits for.
  const isInTheWay = standsAside(zone, vehicle)
    ? hasWaitedLong(zone, pending) && isWhereStrandedGo(zone, vehicle)
    : pending.tries >= TRIES_ALONE;
  if (reason === "no-way" && isInTheWay) adoptUnplanned(zone, vehicle, pending);
  return { kind: "waits", reason, expansions: answer.expansions };
}

/** Sends a vehicle elsewhere on its way, if that can be; else it drives on as it was told. */
function tryTurn(zone: Zone, vehicle: VehicleRecord, leg: Leg, pending: PendingLeg): TaskOutcome {
  const { kind, expansions } = turn(zone, vehicle, leg, pending);
  if (kind === "turned") return { kind: "planned", expansions };
  if (pending.request.orNever === true) {
    giveUpTurn(zone, pending);
    return { kind: "refused", expansions };
  }
  if (kind === "not-now") return { kind: "idle", expansions };
  if (kind === "no-way") pending.notBeforeTick = zone.tick + retryTicks(pending.tries++);
  return { kind: "waits", reason: kind === "no-place" ? "endpoint-taken" : kind, expansions };
}

/** Plans what is left of a leg that was cut, from where its grants end. */
function tryCut(zone: Zone, vehicle: VehicleRecord): TaskOutcome {
  const cut = zone.cuts.get(vehicle.vehicleId);
  if (cut === undefined || cut.notBeforeTick > zone.tick) return { kind: "idle", expansions: 0 };
  if (isShutOut(zone, vehicle)) {
    const stuck = hasFailedIn(zone, vehicle);
    // Not looked at in every tick, as all who are stranded are with it. Whose plan leaves a place has it tried at once.
    cut.notBeforeTick = zone.tick + retryTicks(stuck ? cut.tries++ : cut.tries);
    return { kind: "waits", reason: stuck ? "ground-closed" : "endpoint-taken", expansions: 0 };
  }
  const onItsWay = hasRefugeAhead(vehicle);
  const tail = withdraw(zone, vehicle);
  if (tail === undefined) return { kind: "idle", expansions: 0 };
  const answer = planTail(zone, tail);
  if (answer.kind === "found") {
    adoptTail(zone, tail, answer);
    zone.cuts.delete(vehicle.vehicleId);
    return { kind: "planned", expansions: answer.expansions };
  }
  if (onItsWay) reinstate(zone, tail);
  cut.notBeforeTick = zone.tick + retryTicks(cut.tries++);
  const reason = zone.closures.size > 0 && answer.kind === "none" ? "ground-closed" : "no-way";
  return { kind: "waits", reason, expansions: answer.expansions };
}

/** Somebody whose leg was cut is to go where it stands. */
function isWhereStrandedGo(zone: Zone, { pose }: VehicleRecord): boolean {
  for (const { leg } of zone.vehicles.values()) if (leg?.cut === true && leg.goal === pose) return true;
  return false;
}

/** All places of the queue that it is to join are taken: it waits where it is, and there is nothing to plan. */
function isShutOut(zone: Zone, vehicle: VehicleRecord): boolean {
  const { leg } = vehicle;
  if (leg === undefined || !zone.queues.has(leg.goal)) return false;
  return restFor(zone, vehicle, leg.goal, poseOfGrantsEnd(vehicle)) === undefined;
}

/** It is on the way to its first stop still: who waits for a queue there may be in the way of those who leave it. */
function isBeforeItsStops({ leg }: VehicleRecord): boolean {
  return leg !== undefined && stopsAhead(leg, leg.grantedRuns).length === leg.stops.length;
}

/** Someone in the queue that it is to join will not drive on by itself. */
function hasFailedIn(zone: Zone, vehicle: VehicleRecord): boolean {
  const places = zone.queues.get(vehicle.leg?.goal ?? -1) ?? [];
  return places.some((place) => takerOf(zone, vehicle, place)?.failed !== undefined);
}

/** It is on its way to a place where it will be in nobody's way (see `rescue.ts`), and nothing endless is before it. */
function hasRefugeAhead({ leg }: VehicleRecord): boolean {
  const last = leg === undefined || leg.runs.length === leg.grantedRuns ? undefined : leg.entryTick.at(-1);
  return last !== undefined && last < ENDLESS;
}

function retryTicks(tries: number): number {
  return Math.min(MOST_RETRY_TICKS, FIRST_RETRY_TICKS * 2 ** Math.min(tries, 8));
}

/** Whether the roads lead through the vias to the goal at all, be they open or closed for now. */
function reachable(zone: Zone, vehicle: VehicleRecord, pending: PendingLeg): boolean {
  let here = vehicle.pose;
  const places = [...pending.vias.map((via) => via.pose), pending.goal];
  if (pending.throughPose !== undefined) places.unshift(pending.throughPose);
  for (const next of places) {
    if (zone.distances.overOpenRoad(next).from(here) >= ENDLESS) return false;
    // What is to be granted at once may lead beyond the first stops.
    if (next !== pending.throughPose) here = next;
  }
  return true;
}

/** Closed ground, or a vehicle that has failed, is what keeps it from its goal. */
function isShutOff(zone: Zone, { goal, pending, vehicle }: Task): boolean {
  if (isShutPose(zone, goal) || pending?.saidWaiting === "ground-closed") return true;
  return pending === undefined && zone.cuts.get(vehicle.vehicleId)?.said === true;
}
