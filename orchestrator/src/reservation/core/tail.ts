import { sayEta } from "./announce.ts";
import type { TakenClaim } from "./claims.ts";
import { firstStretch, stretchWay } from "./first-stretch.ts";
import { stopTicks } from "./kinematics.ts";
import { clearTicksIn, makeVisits, poseOfPath, wayOver } from "./legs.ts";
import { restFor } from "./places.ts";
import type { Found, PlanAnswer } from "./plan.ts";
import { endOf, isQueued, isRest } from "./queue.ts";
import { at, type Run } from "./runs.ts";
import { plan } from "./sipp.ts";
import { ENDLESS } from "./ticks.ts";
import { dwellLeft, stopsAhead } from "./to-go.ts";
import type { Trial } from "./trial.ts";
import { type Course, type Leg, runOfLeg, type VehicleRecord, type Visit, visitsAt } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * What of a vehicle's leg was not granted, taken out of the queues: its runs from `fromRun` on. What is granted
 * is never touched. While a tail is out, the leg is cut: its way ends where its grants end, and the body's ground
 * there is the vehicle's without end.
 */
export interface Tail extends TailPlan {
  readonly before: Before;
}

/** What is to be known of a tail to plan it, be it taken out or not. */
export interface TailPlan {
  readonly vehicle: VehicleRecord;
  readonly leg: Leg;
  readonly fromRun: number;
  /** The pose where the grants end. */
  readonly from: number;
  /** When the vehicle is, or was, where its grants end, as projected; never before the tick in work. */
  readonly arrivalTick: number;
}

/** All that `reinstate` needs. */
interface Before {
  readonly course: Course;
  readonly cut: boolean;
  readonly etaTick: number;
  readonly beforeRun: readonly number[];
  readonly visits: Visit[];
  readonly claims: readonly TakenClaim[];
  /** The body's visits where the grants end. */
  readonly body: readonly BodyVisit[];
  readonly changed: boolean;
  readonly eventCount: number;
}

/** A visit, and how it ended. */
interface BodyVisit extends Readonly<Pick<Visit, "last" | "leaveTicks" | "clearAtM" | "clearTick">> {
  readonly visit: Visit;
}

/**
 * Takes the ungranted part of a leg out of the queues, so that it can be planned again: `adoptTail`, or
 * `reinstate` to undo it, or neither, and the leg stays cut (the vehicle stops where its grants end) until someone
 * plans it. `undefined` for a vehicle that has no leg in progress, or all of it granted.
 *
 * `stays: false` says that the vehicle is about to be planned together with others: they may plan over the place
 * where its grants end, as soon as it can have gone; if it then finds no plan, all of them are to be put back.
 */
export function withdraw(zone: Zone, vehicle: VehicleRecord, stays = true): Tail | undefined {
  const tail = tailOf(zone, vehicle);
  if (tail === undefined) return undefined;
  const { leg, fromRun, from, arrivalTick } = tail;
  const before: Before = {
    course: courseOf(leg),
    cut: leg.cut,
    etaTick: leg.etaTick,
    beforeRun: leg.stops.map((stop) => stop.beforeRun),
    visits: vehicle.visits,
    claims: takeClaims(zone, leg, fromRun),
    body: bodyAt(vehicle, fromRun),
    changed: zone.changed.has(vehicle.vehicleId),
    eventCount: zone.events.length,
  };
  for (const { visit } of before.body) {
    visit.last = ENDLESS;
    visit.clearAtM = Number.POSITIVE_INFINITY;
    visit.clearTick = stays ? ENDLESS : arrivalTick + soonestLeft(zone, from, visit.block);
    zone.claims.markBehind(visit);
  }
  vehicle.visits = vehicle.visits.filter((visit) => visit.first < fromRun);
  for (const stop of leg.stops) if (stop.beforeRun > fromRun) stop.beforeRun = ENDLESS;
  Object.assign(leg, {
    ...wayOver(zone, leg.runs.slice(0, fromRun)),
    startsAt: leg.startsAt.slice(0, fromRun),
    endsAt: leg.endsAt.slice(0, fromRun),
    entryTick: leg.entryTick.slice(0, fromRun),
  });
  leg.cut = true;
  leg.etaTick = ENDLESS;
  zone.changed.add(vehicle.vehicleId);
  return { ...tail, before };
}

/** What `withdraw` would take out; `undefined` for a vehicle that has no leg in progress, or all of it granted. */
export function tailOf(zone: Zone, vehicle: VehicleRecord): TailPlan | undefined {
  const leg = vehicle.leg;
  if (leg === undefined || leg.completed) return undefined;
  const fromRun = leg.grantedRuns;
  if (fromRun === leg.runs.length && !leg.cut && !isQueued(leg)) return undefined;
  const arrivalTick = arrivalAtGrantsEnd(zone, vehicle, leg);
  return { vehicle, leg, fromRun, from: poseOfPath(leg, fromRun), arrivalTick };
}

/**
 * Puts a withdrawn tail back exactly where it was. What was done since is undone first: of tails withdrawn
 * together the last goes back first, and one that was adopted meanwhile is withdrawn again before.
 */
export function reinstate(zone: Zone, { vehicle, leg, before }: Tail): void {
  Object.assign(leg, before.course);
  leg.cut = before.cut;
  leg.etaTick = before.etaTick;
  leg.stops.forEach((stop, i) => {
    stop.beforeRun = at(before.beforeRun, i);
  });
  vehicle.visits = before.visits;
  for (const { visit, ...ending } of before.body) {
    Object.assign(visit, ending);
    zone.claims.markBehind(visit);
  }
  for (let i = before.claims.length - 1; i >= 0; i--) zone.claims.putBack(at(before.claims, i));
  if (!before.changed) zone.changed.delete(vehicle.vehicleId);
  zone.events.length = before.eventCount;
}

export interface TailOptions {
  readonly maxExpansions?: number;
  readonly latestArrivalTick?: number;
  /** To plan against what would be, the vehicle being the one that it has turned to. */
  readonly trial?: Trial;
  /** Somewhere to wait instead of the leg's goal; the stops left are for later, unless it leads through them. */
  readonly refuge?: number;
  readonly throughStops?: boolean;
  /** The place of the goal's queue to lead to; else the one that the leg leads to now, or the foremost that it can have. */
  readonly rest?: number;
  /** Who waits in a queue goes on to the foremost place that it can have. */
  readonly movesUp?: boolean;
}

/**
 * The earliest way from where the grants end, at the projected time of being there, through the stops left to the goal, or
 * to a place in its queue.
 */
export function planTail(zone: Zone, tail: TailPlan, options: TailOptions = {}): PlanAnswer {
  const { vehicle, leg, fromRun, from, arrivalTick } = tail;
  const {
    maxExpansions = zone.settings.expansionsPerPlan,
    refuge,
    latestArrivalTick = ENDLESS,
    trial,
    movesUp = false,
    throughStops = refuge === undefined,
  } = options;
  const isOpen = leg.cut || (movesUp && isQueued(leg));
  const goal = refuge ?? options.rest ?? (isOpen ? restAgain(zone, tail, trial) : endOf(leg));
  if (goal === undefined) return { kind: "none", expansions: 0 };
  const firstRun = leg.overLine
    ? stretchWay(zone, from, leg)
    : fromRun === 0
      ? firstStretch(zone, from, leg.request)
      : undefined;
  if (firstRun === "unreachable") return { kind: "none", expansions: 0 };
  const standing = fromRun === 0 || leg.atPose === fromRun;
  return plan(zone, {
    vehicle,
    from,
    fromTick: arrivalTick,
    standing,
    stopTicks: standing ? 0 : stopTicks(zone.settings, runOfLeg(leg, fromRun - 1).entrySpeedMps),
    vias: throughStops
      ? stopsAhead(leg, fromRun).map((stop) => ({ pose: stop.pose, dwellTicks: dwellLeft(zone, stop) }))
      : [],
    goal,
    firstRun,
    maxExpansions,
    latestArrivalTick,
    trial,
  });
}

/**
 * Makes a plan found by `planTail` the new ungranted part of the leg, and queues its claims. Throws when it was
 * not made against the claims as they are. Says the new time of arrival; a leg that leads to a refuge has none, and
 * stays cut. Returns the new claims.
 */
export function adoptTail(zone: Zone, tail: Tail, found: Found): readonly Visit[] {
  const { vehicle, leg, fromRun } = tail;
  stopsAhead(leg, fromRun).forEach((stop, i) => {
    const viaAt = found.viaAt[i];
    if (viaAt !== undefined) stop.beforeRun = fromRun + viaAt;
  });
  const { steps } = found;
  const added: readonly Run[] = steps.map((step) => step.run);
  Object.assign(leg, {
    ...wayOver(zone, [...leg.runs, ...added]),
    startsAt: [...leg.startsAt],
    endsAt: [...leg.endsAt],
    entryTick: [...leg.entryTick, ...steps.map((step) => step.startTick)],
  });
  leg.cut = !isRest(zone, leg.goal, endOf(leg)) || leg.stops.some((stop) => stop.beforeRun === ENDLESS);
  leg.etaTick = leg.cut ? ENDLESS : found.arrivalTick;
  const made = makeVisits(vehicle, leg, fromRun);
  for (let i = 0; i < steps.length; i++) {
    const { startTick, extraTicks } = at(steps, i);
    for (const visit of visitsAt(leg.startsAt, fromRun + i)) {
      visit.startTick = startTick + visit.enterTicks;
    }
    for (const visit of visitsAt(leg.endsAt, fromRun + i)) {
      visit.clearTick = startTick + extraTicks + visit.leaveTicks;
      if (visit.first < fromRun) zone.claims.markBehind(visit);
    }
  }
  // What no run leaves is the ground of the goal: the body stays there without end.
  for (const visit of vehicle.visits) {
    if (visit.last !== ENDLESS || visit.clearTick === ENDLESS) continue;
    visit.clearTick = ENDLESS;
    zone.claims.markBehind(visit);
  }
  for (const visit of made) zone.claims.insert(visit);
  zone.changed.add(vehicle.vehicleId);
  if (!leg.cut && leg.etaTick !== tail.before.etaTick) sayEta(zone, vehicle, leg);
  return made;
}

/** Where a leg that was cut, or is to move up, is to lead: its goal, taken or not, and of a queue the foremost place that it can have. */
function restAgain(zone: Zone, { vehicle, leg, from }: TailPlan, trial?: Trial): number | undefined {
  return zone.queues.has(leg.goal) ? restFor(zone, vehicle, leg.goal, from, trial) : leg.goal;
}

/** When the vehicle is where its grants end, as last projected. */
function arrivalAtGrantsEnd(zone: Zone, { timing }: VehicleRecord, leg: Leg): number {
  const projected = timing.leg === leg && leg.atPose !== leg.grantedRuns;
  const tick = projected ? timing.arrivalTick[leg.grantedRuns] : undefined;
  return Math.max(zone.tick, tick ?? zone.tick);
}

/** How soon a body can have left a block of the ground where it stands, after setting out. */
export function soonestLeft(zone: Zone, pose: number, block: number): number {
  let ticks = ENDLESS;
  for (const index of at(zone.table.outgoing, pose)) {
    const run = at(zone.table.runs, index);
    const clear = clearTicksIn(run, block);
    ticks = Math.min(ticks, clear === ENDLESS ? run.ticks + 1 : clear);
  }
  return ticks === ENDLESS ? 1 : ticks;
}

function courseOf({ runs, moves, moveEndM, poseAtM, startsAt, endsAt, entryTick }: Leg): Course {
  return { runs, moves, moveEndM, poseAtM, startsAt, endsAt, entryTick };
}

/** Takes all claims of the runs from `fromRun` on out of their queues. */
function takeClaims(zone: Zone, leg: Leg, fromRun: number): TakenClaim[] {
  const taken: TakenClaim[] = [];
  for (let k = fromRun; k < leg.runs.length; k++) {
    for (const claim of visitsAt(leg.startsAt, k)) taken.push(zone.claims.take(claim));
  }
  return taken;
}

/** The granted visits that end beyond the grants: exactly the ground of the body where these end. */
function bodyAt({ visits }: VehicleRecord, fromRun: number): BodyVisit[] {
  const body: BodyVisit[] = [];
  for (const visit of visits) {
    if (visit.first >= fromRun || visit.last < fromRun) continue;
    const { last, leaveTicks, clearAtM, clearTick } = visit;
    body.push({ visit, last, leaveTicks, clearAtM, clearTick });
  }
  return body;
}
