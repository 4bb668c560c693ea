import { STANDING_MPS, startTicks, stopTicks } from "./kinematics.ts";
import { ENDLESS } from "./ticks.ts";
import type { Timing } from "./vehicle.ts";
import {
  currentRun,
  type Leg,
  numberAt,
  runOfLeg,
  stopBefore,
  type VehicleRecord,
  visitAt,
} from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** A projection that is this near to what a report says is left as it is: reports jitter. */
const SLACK_MS = 400;
/** A stop that has just begun is expected to last so long. */
const SHORT_STOP_MS = 5000;

/**
 * Where the projection of a leg begins: what is in progress, and when the next run can be entered. Marks what
 * changed. A vehicle that stands though it may drive is expected to stand as long again as it has stood, so a
 * stop of n ticks moves others log n times, not n times.
 */
export function begin(zone: Zone, vehicle: VehicleRecord, leg: Leg): void {
  const { timing } = vehicle;
  const current = Math.min(currentRun(leg), leg.grantedRuns);
  if (timing.leg !== leg || timing.runs !== leg.runs) beginAnew(zone, vehicle, leg, current);
  const moving = current < leg.grantedRuns && current < leg.runs.length;
  const next = moving ? current + 1 : current;
  if (moving) drives(zone, vehicle, leg, current);
  else stands(zone, vehicle, leg, current);
  if (timing.next !== next || timing.standing === moving) {
    timing.next = next;
    timing.standing = !moving;
    markNext(zone, vehicle, leg, next, zone.tick);
  }
  if (leg.stops.length > 0 && stopsChanged(timing, leg))
    for (let k = next; k <= leg.runs.length; k++) zone.claims.stale.markLate(vehicle, k);
}

function beginAnew(zone: Zone, vehicle: VehicleRecord, leg: Leg, current: number): void {
  const { timing } = vehicle;
  const sameLeg = timing.leg === leg;
  timing.leg = leg;
  timing.runs = leg.runs;
  if (!sameLeg) {
    timing.next = -1;
    timing.timesJumped = 0;
    timing.stoppedSinceTick = -1;
    timing.readySinceTick = zone.tick;
    timing.arrivalTick.length = 0;
  }
  // What was projected is for other runs: all of it is timed again.
  timing.arrivalTick.length = Math.min(timing.arrivalTick.length, current + 1);
  for (let k = timing.arrivalTick.length; k <= leg.runs.length; k++)
    timing.arrivalTick.push(leg.entryTick[k] ?? leg.etaTick);
  for (let k = current; k <= leg.runs.length; k++) zone.claims.stale.mark(vehicle, k);
}

/** Run `k` is granted, and the vehicle is on it or at its beginning. */
function drives(zone: Zone, vehicle: VehicleRecord, leg: Leg, k: number): void {
  const { timing } = vehicle;
  const { settings, tick: now } = zone;
  const run = runOfLeg(leg, k);
  const still = (vehicle.observed?.speedMps ?? 0) <= STANDING_MPS;
  const newStop = still && timing.stoppedSinceTick < 0;
  if (!still) timing.stoppedSinceTick = -1;
  else if (newStop) timing.stoppedSinceTick = now;
  const startsUp = still ? startTicks(settings, run.entrySpeedMps) : 0;
  const share = Math.min(
    1,
    Math.max(0, leg.progressM - numberAt(leg.poseAtM, k)) / Math.max(0.1, run.lengthM),
  );
  // When it passed the beginning of the run, or would have, at the road's speed.
  const seenTick = now + startsUp - Math.floor(share * run.ticks);
  const slack = Math.max(1, Math.ceil(SLACK_MS / settings.tickMs));
  const known = timing.next === k + 1 || (timing.next === k && !timing.standing);
  let enteredTick = known ? numberAt(timing.arrivalTick, k + 1) - run.ticks : seenTick;
  const lateTicks = seenTick - enteredTick;
  // A little more than seen, within what is left as it is anyway: who is slow is late again soon, and each time all that
  // depends on it is timed again.
  const margin = Math.floor(SLACK_MS / settings.tickMs);
  if (lateTicks > slack || enteredTick + run.ticks <= now)
    enteredTick = seenTick + (still ? standsOn(zone, now - timing.stoppedSinceTick) : margin);
  else if (lateTicks < -slack && (!still || newStop || !known)) enteredTick = seenTick;
  const there = Math.max(now + 1, enteredTick + run.ticks);
  if (timing.arrivalTick[k + 1] !== there) {
    timing.arrivalTick[k + 1] = there;
    markNext(zone, vehicle, leg, k + 1, there);
  }
  clearBehind(zone, leg, k, there - run.ticks);
}

/** How much longer a vehicle stands that has stood for so long. */
function standsOn({ settings }: Zone, stoodTicks: number): number {
  return Math.max(stoodTicks, Math.ceil(SHORT_STOP_MS / settings.tickMs));
}

/** What of the ground up to run `k` is not left yet is left a little later. */
function clearBehind(zone: Zone, leg: Leg, k: number, enteredTick: number): void {
  for (let behind = Math.max(0, k - 2); behind <= k; behind++) {
    const ending = leg.endsAt[behind];
    if (ending === undefined) continue;
    for (let i = 0; i < ending.length; i++) {
      const visit = visitAt(ending, i);
      const clearTick =
        behind === k && enteredTick < ENDLESS
          ? Math.max(zone.tick + 1, enteredTick + visit.leaveTicks)
          : Math.max(zone.tick + 1, visit.clearTick);
      zone.claims.ends(visit, clearTick);
    }
  }
}

/** It stands at the beginning of run `k`, which is not granted yet. */
function stands(zone: Zone, vehicle: VehicleRecord, leg: Leg, k: number): void {
  const { timing } = vehicle;
  const now = zone.tick;
  timing.stoppedSinceTick = -1;
  if (k > 0) clearBehind(zone, leg, k - 1, ENDLESS);
  if (timing.next !== k || !timing.standing) timing.readySinceTick = now;
  else if (k === leg.runs.length || numberAt(leg.entryTick, k) >= now) return;
  // Nothing that is known holds it up, and yet it has not gone on.
  const readyTick = now + ((now - timing.readySinceTick) >> 1);
  if (timing.arrivalTick[k] === readyTick) return;
  timing.arrivalTick[k] = readyTick;
  markNext(zone, vehicle, leg, k, readyTick);
}

/** The vehicle will be at the beginning of run `k` at another time than expected. */
export function markNext(zone: Zone, vehicle: VehicleRecord, leg: Leg, k: number, thereTick: number): void {
  const { stale } = zone.claims;
  if (thereTick > (leg.entryTick[k] ?? leg.etaTick)) stale.markLate(vehicle, k, thereTick);
  else stale.mark(vehicle, k, thereTick);
}

function stopsChanged(timing: Timing, leg: Leg): boolean {
  let left = 0;
  let begun = 0;
  for (const stop of leg.stops) {
    if (!stop.proceeded) left++;
    if (stop.waitingSinceTick !== undefined) begun++;
  }
  const changed = left !== timing.stopsLeft || begun !== timing.stopsBegun;
  timing.stopsLeft = left;
  timing.stopsBegun = begun;
  return changed;
}

/** When the vehicle is ready for run `k`: arrived, and what it has to stand for is over as expected. */
export function readyTick(zone: Zone, { timing }: VehicleRecord, leg: Leg, k: number): number {
  const arrivalTick = timing.arrivalTick[k] ?? ENDLESS;
  const stop = leg.stops.length === 0 ? undefined : stopBefore(leg, k);
  if (stop === undefined) return arrivalTick;
  if (stop.waitingSinceTick !== undefined) {
    return Math.max(arrivalTick + 1, stop.waitingSinceTick + stop.dwellTicks);
  }
  const before = leg.runs[k - 1];
  const stands = before === undefined || (timing.standing && k === timing.next);
  const stoppingTicks = stands ? 0 : stopTicks(zone.settings, before.entrySpeedMps);
  return Math.min(ENDLESS, arrivalTick + stoppingTicks + stop.dwellTicks);
}
