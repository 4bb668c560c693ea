import { begin, markNext, readyTick } from "./begin.ts";
import { startTicks } from "./kinematics.ts";
import { clearTicksIn, enterTicksIn } from "./legs.ts";
import { ENDLESS } from "./ticks.ts";
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
  zone.claims.late.startFrom(zone.tick);
  zone.claims.stale.startFrom(zone.tick);
  for (const vehicle of zone.vehicles.values()) {
    // What a failed vehicle holds it holds without end: nothing of it is projected.
    if (vehicle.leg === undefined || vehicle.leg.completed || vehicle.failed !== undefined) continue;
    begin(zone, vehicle, vehicle.leg);
  }
  spread(zone);
}

/** Moves on at once all that must come later than it is expected. To be called before plans are made after an order changed. */
export function raise(zone: Zone): void {
  spread(zone, ENDLESS, -1);
}

/**
 * Takes what changed through to all that follows from it: events that must come later than expected if they were
 * expected up to a tick, and those that may come sooner up to another. Without limits all times are then the
 * earliest that the orders allow.
 *
 * Events are taken in the order of their times so far. As long as no order changed that is an order in which each
 * comes after all that it depends on, so each is timed once. Behind a stay that became endless (a leg was
 * abandoned, a vehicle has failed) times are `ENDLESS` until the one who stays has a new leg.
 * Throws when more events are timed than a graph without cycles can ask for, which is a bug.
 */
export function spread(zone: Zone, lateUntilTick = ENDLESS, staleUntilTick = ENDLESS): void {
  const { late, stale } = zone.claims;
  let left = 1_000_000 + 1_000 * (late.size + stale.size);
  for (;;) {
    const lateFirst = late.size > 0 && (stale.size === 0 || late.earliestTick <= stale.earliestTick);
    const events = lateFirst || stale.earliestTick > staleUntilTick ? late : stale;
    if (events === late && late.earliestTick > lateUntilTick) return;
    if (!events.take()) return;
    const { vehicle, run } = events;
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
  const { simultaneousMoves } = zone.settings;
  const granted = k < leg.grantedRuns;
  const starting = leg.startsAt[k] ?? [];
  if (waitsToBegin && start < zone.tick) start = zone.tick;
  if (!granted) {
    for (let i = 0; i < starting.length; i++) {
      const visit = visitAt(starting, i);
      const before = claims.predecessor(visit);
      if (before === undefined) continue;
      const enterTicks = simultaneousMoves ? enterTicksIn(run, visit.block) : 0;
      const free = before.clearTick < ENDLESS ? before.clearTick - enterTicks : ENDLESS;
      if (free > start) start = free;
    }
    for (let i = 0; i < starting.length; i++) {
      const visit = visitAt(starting, i);
      const enterTicks = simultaneousMoves ? enterTicksIn(run, visit.block) : 0;
      claims.begins(visit, Math.min(ENDLESS, start + enterTicks));
    }
  }
  const waits = start > arrivalTick || waitsToBegin;
  const entered = Math.min(ENDLESS, start + (waits ? startTicks(zone.settings, run.entrySpeedMps) : 0));
  leg.entryTick[k] = start;
  const ending = leg.endsAt[k] ?? [];
  for (let i = 0; i < ending.length; i++) {
    const visit = visitAt(ending, i);
    const clearTick = Math.min(ENDLESS, entered + clearTicksIn(run, visit.block));
    if (visit.clearTick === clearTick) continue;
    visit.clearTick = clearTick;
    claims.markBehind(visit);
  }
  const there = Math.min(ENDLESS, entered + run.ticks);
  if (timing.arrivalTick[k + 1] === there) return;
  timing.arrivalTick[k + 1] = there;
  markNext(zone, vehicle, leg, k + 1, there);
}
