import { begin, markNext, readyTick } from "./begin.ts";
import { startTicks } from "./kinematics.ts";
import { BEGUN, ENDLESS } from "./ticks.ts";
import { type Leg, runOfLeg, type VehicleRecord, visitAt } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * Projects all visits forward from where vehicles are now: every run as early as its vehicle and the order of
 * the queues allow. The orders are an action dependency graph (Hoenig et al. 2019): event (v, k) is vehicle v
 * entering its run k; it comes after (v, k - 1), and after the tail of whoever precedes one of v's visits in a
 * queue. Only what changed is looked at: vehicles that are not where they were expected, and queues in which
 * something was inserted, moved or removed since. A vehicle that is late moves others in time, never in order.
 *
 * Between two calls only what must come later than expected is moved (`raise`): then nothing is expected sooner than
 * what it depends on, which is all that plans and jumps need to be right. What may come sooner waits for the next
 * call. (To leave it longer where it is far ahead costs throughput: plans are made around claims that look late.)
 * Cost: O(vehicles) and a few steps for each event whose time changes.
 */
export function retime(zone: Zone): void {
  zone.claims.stale.startFrom(zone.tick);
  for (const vehicle of zone.vehicles.values()) {
    // What a failed vehicle holds it holds without end: nothing of it is projected.
    if (vehicle.leg === undefined || vehicle.leg.completed || vehicle.failed !== undefined) continue;
    begin(zone, vehicle, vehicle.leg);
  }
  spread(zone);
}

/**
 * Moves on at once all that must come later than it is expected, if it is expected up to a tick. To be called before plans are made after
 * an order changed. Events are taken in the order of their times so far; as long as no order changed that is one in which each comes after all that it depends on.
 */
export function raise(zone: Zone, untilTick = ENDLESS): void {
  timeEvents(zone, () => zone.claims.stale.takeLate(untilTick));
}

/**
 * Takes what changed through to all that follows from it: all times are then the earliest that the orders allow. There is one
 * such set of times, in whatever order events are taken. An event is taken when it was expected or when it may come now, whichever is
 * sooner: what it depends on and comes later than expected was expected before it, what comes sooner than expected comes before it.
 * So nearly each is timed once, also behind one that went before others that were planned earlier.
 * Behind a stay that became endless (a leg was abandoned, a vehicle has failed) times are `ENDLESS` until the one who stays has a new leg.
 */
export function spread(zone: Zone): void {
  const { stale } = zone.claims;
  stale.beginAll();
  timeEvents(zone, () => stale.take());
}

/** Times events as long as one can be taken. Throws when that are more than a graph without cycles can ask for, which is a bug. */
function timeEvents(zone: Zone, take: () => boolean): void {
  const { stale } = zone.claims;
  let left = 1_000_000 + 1_000 * stale.size;
  while (take()) {
    const { vehicle, run } = stale;
    const leg = vehicle?.leg;
    if (vehicle === undefined || leg === undefined || leg.completed || vehicle.failed !== undefined) continue;
    const { timing } = vehicle;
    if (timing.leg !== leg || timing.runs !== leg.runs) begin(zone, vehicle, leg);
    if (run >= timing.next && run <= leg.runs.length) timeEvent(zone, vehicle, leg, run);
    if (--left < 0) {
      throw new Error(`bug: the order of claims has a cycle through ${vehicle.vehicleId}`);
    }
  }
}

/** Times one event from those that it depends on; marks those that depend on it when anything changed. */
function timeEvent(zone: Zone, vehicle: VehicleRecord, leg: Leg, k: number): void {
  const { claims } = zone;
  const { timing } = vehicle;
  const arrivalTick = timing.arrivalTick[k] ?? ENDLESS;
  const waitsToBegin = timing.standing && k === timing.next;
  let start = readyTick(zone, vehicle, leg, k);
  if (k === leg.runs.length) {
    leg.etaTick = leg.cut ? ENDLESS : start;
    return;
  }
  const run = runOfLeg(leg, k);
  const starting = leg.startsAt[k] ?? [];
  if (waitsToBegin && start < zone.tick) start = zone.tick;
  if (k >= leg.grantedRuns) {
    for (let i = 0; i < starting.length; i++) {
      const visit = visitAt(starting, i);
      const before = claims.predecessor(visit);
      if (before === undefined) continue;
      const free = before.clearTick < ENDLESS ? before.clearTick - visit.enterTicks : ENDLESS;
      if (free > start) start = free;
    }
    if (claims.stale.putOff(vehicle, leg, k, start)) return;
    for (let i = 0; i < starting.length; i++) {
      const visit = visitAt(starting, i);
      claims.begins(visit, Math.min(ENDLESS, start + visit.enterTicks));
    }
  }
  const waits = start > arrivalTick || waitsToBegin;
  const entered = Math.min(ENDLESS, start + (waits ? startTicks(zone.settings, run.entrySpeedMps) : 0));
  leg.entryTick[k] = start;
  const ending = leg.endsAt[k] ?? [];
  for (let i = 0; i < ending.length; i++) {
    const visit = visitAt(ending, i);
    claims.ends(visit, Math.min(ENDLESS, entered + visit.leaveTicks));
  }
  arrives(zone, vehicle, leg, k + 1, Math.min(ENDLESS, entered + run.ticks));
}

/** The vehicle will be at the beginning of run `k` at a tick. That is nothing new to an event that has to wait longer anyway. */
function arrives(zone: Zone, vehicle: VehicleRecord, leg: Leg, k: number, thereTick: number): void {
  const { arrivalTick } = vehicle.timing;
  const before = arrivalTick[k] ?? ENDLESS;
  if (before === thereTick) return;
  arrivalTick[k] = thereTick;
  const entryTick = k < leg.runs.length ? (leg.entryTick[k] ?? ENDLESS) : BEGUN;
  const waitsAnyway = before < entryTick && thereTick < entryTick && leg.stops.length === 0;
  if (!waitsAnyway) markNext(zone, vehicle, leg, k, thereTick);
}
