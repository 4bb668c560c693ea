import { startTicks, stopTicks } from "./kinematics.ts";
import { clearTicksIn } from "./legs.ts";
import { at } from "./runs.ts";
import { BEGUN, ENDLESS } from "./ticks.ts";
import { currentRun, type Leg, stopBefore, type VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

interface Course {
  readonly vehicle: VehicleRecord;
  readonly leg: Leg;
  /** The next run to be timed, and when the vehicle is at its beginning. */
  next: number;
  arrivalTick: number;
  standing: boolean;
}

/**
 * Projects all visits forward from where vehicles are now: every run as early as its vehicle and the order of
 * the queues allow. The orders are an action dependency graph (Hoenig et al. 2019); each came from a plan that
 * fitted one feasible schedule, so the graph has no cycle and the pass ends. A vehicle that is late moves
 * others in time, never in order. Behind a stay that became endless (a leg was abandoned) times are `ENDLESS`
 * until the one who stays has a new leg; new plans go before such claims.
 * Cost: O(visits + queue positions). Throws when the orders have a cycle, which is a bug.
 */
export function retime(zone: Zone): void {
  const courses = new Map<VehicleRecord, Course>();
  for (const vehicle of zone.vehicles.values()) {
    const course = begin(zone, vehicle);
    if (course !== undefined) courses.set(vehicle, course);
  }
  const ready = [...courses.values()];
  const waiters = new Map<VehicleRecord, Course[]>();
  for (let course = ready.pop(); course !== undefined; course = ready.pop()) {
    const before = course.next;
    const blocker = advance(zone, course, courses);
    if (blocker !== undefined) {
      const waiting = waiters.get(blocker);
      if (waiting === undefined) waiters.set(blocker, [course]);
      else waiting.push(course);
    }
    const waiting = waiters.get(course.vehicle);
    if (waiting !== undefined && (course.next > before || blocker === undefined)) {
      waiters.delete(course.vehicle);
      ready.push(...waiting);
    }
  }
  if (waiters.size > 0) {
    const names = [...waiters.values()].flat().map((course) => course.vehicle.vehicleId);
    throw new Error(`bug: the order of claims has a cycle among ${names.join(", ")}`);
  }
}

/** Times what is in progress; `undefined` for a vehicle without a leg in progress. */
function begin(zone: Zone, vehicle: VehicleRecord): Course | undefined {
  const leg = vehicle.leg;
  if (leg === undefined || leg.completed) return undefined;
  const now = zone.tick;
  const current = Math.min(currentRun(leg), leg.grantedRuns);
  const run = leg.runs[current];
  const moving = run !== undefined && current < leg.grantedRuns;
  const speed = run === undefined ? 1 : Math.max(run.lengthM, 0.1) / run.ticks;
  const standing = leg.atPose >= 0;
  const extra = standing && run !== undefined ? startTicks(zone.settings, run.entrySpeedMps) : 0;
  for (const visit of vehicle.visits) {
    if (visit.first >= leg.grantedRuns) continue;
    visit.startTick = BEGUN;
    if (visit.last <= current || visit.last === ENDLESS) {
      const left = Math.max(1, Math.ceil((visit.clearAtM - leg.progressM) / speed));
      visit.clearTick = Math.min(ENDLESS, now + extra + left);
    }
  }
  if (!moving) return { vehicle, leg, next: current, arrivalTick: now, standing: true };
  leg.entryTick[current] = now;
  const remainingM = at(leg.poseAtM, current + 1) - leg.progressM;
  const arrivalTick = now + extra + Math.max(1, Math.ceil(remainingM / speed));
  return { vehicle, leg, next: current + 1, arrivalTick, standing: false };
}

/** Times runs as far as others are timed; returns the vehicle to wait for, or `undefined` at the end of the leg. */
function advance(
  zone: Zone,
  course: Course,
  courses: ReadonlyMap<VehicleRecord, Course>,
): VehicleRecord | undefined {
  const { leg } = course;
  for (; course.next < leg.runs.length; course.next++) {
    const k = course.next;
    const run = at(leg.runs, k);
    const arrived = readyTick(zone, course);
    let start = arrived;
    if (k >= leg.grantedRuns) {
      for (const visit of at(leg.startsAt, k)) {
        const before = zone.claims.predecessor(visit);
        if (before === undefined) continue;
        const other = courses.get(before.vehicle);
        if (other !== undefined && other.next <= before.last && before.last !== ENDLESS)
          return before.vehicle;
        start = Math.max(start, before.clearTick);
      }
    }
    const waits = start > course.arrivalTick || course.standing;
    const entered = start + (waits ? startTicks(zone.settings, run.entrySpeedMps) : 0);
    leg.entryTick[k] = start;
    if (k >= leg.grantedRuns) for (const visit of at(leg.startsAt, k)) visit.startTick = start;
    for (const visit of at(leg.endsAt, k)) visit.clearTick = entered + clearTicksIn(run, visit.block);
    course.arrivalTick = entered + run.ticks;
    course.standing = false;
  }
  leg.etaTick = readyTick(zone, course);
  return undefined;
}

/** When the vehicle is ready for run `next`: arrived, and what it has to stand for is over as expected. */
function readyTick(zone: Zone, course: Course): number {
  const stop = stopBefore(course.leg, course.next);
  if (stop === undefined) return course.arrivalTick;
  if (stop.waitingSinceTick !== undefined) {
    return Math.max(course.arrivalTick + 1, stop.waitingSinceTick + stop.dwellTicks);
  }
  const before = course.leg.runs[course.next - 1];
  const stopping =
    before === undefined || course.standing ? 0 : stopTicks(zone.settings, before.entrySpeedMps);
  return course.arrivalTick + stopping + stop.dwellTicks;
}
