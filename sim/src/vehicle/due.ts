import { SIDES, type Side } from "@baton/maps";
import type { Interval, Pace } from "./pace.ts";
import { progressOf } from "./progress.ts";
import type { Vehicle } from "./vehicle.ts";
import { zoneWakesAtMs } from "./zones/heed-zones.ts";

/** Whether a side is told as the holder is. */
export function isTaken(vehicle: Vehicle, side: Side, pace: Pace): boolean {
  return vehicle.register.authority === side || Math.abs(vehicle.pose.xM) <= pace.nearLineM;
}

/** How long a side may go without a state. */
function intervalMs(vehicle: Vehicle, side: Side, pace: Pace): number {
  return of(isTaken(vehicle, side, pace) ? pace.holder : pace.other, vehicle);
}

const of = ({ drivingMs, standingMs }: Interval, { speedMps }: Vehicle): number =>
  speedMps > 0 ? drivingMs : standingMs;

export function isReportDue(vehicle: Vehicle, side: Side, pace: Pace): boolean {
  return vehicle.atMs >= reportDueAtMs(vehicle, side, pace);
}

/** A lease is prolonged on a state only: one that runs short is told of more often. */
function reportDueAtMs(vehicle: Vehicle, side: Side, pace: Pace): number {
  const reportedAtMs = vehicle.reportedAtMs[side];
  const dueMs = reportedAtMs + intervalMs(vehicle, side, pace);
  return vehicle.zoneWork.requests.reduce((soonest, one) => {
    if (one.side !== side || one.status !== "GRANTED" || one.untilMs === undefined) return soonest;
    return Math.min(soonest, Math.max(one.untilMs - LEASE_SHORT_MS, reportedAtMs + LEASE_TOLD_EVERY_MS));
  }, dueMs);
}

export function isSightDue(vehicle: Vehicle, pace: Pace): boolean {
  return vehicle.atMs - vehicle.seenAtMs >= of(pace.seen, vehicle);
}

/** With less than this left of a lease, and this often. */
const LEASE_SHORT_MS = 15_000;
const LEASE_TOLD_EVERY_MS = 2_000;

/** How long a refusal is told of. */
export const REFUSAL_TOLD_MS = 60_000;

/**
 * When time alone can do something to a vehicle, if nothing else does before: now, for one that drives or is about to. One
 * that stands and waits need not be told of time until then.
 */
export function wakesAtMs(vehicle: Vehicle, pace: Pace): number {
  if (isInMotion(vehicle)) return vehicle.atMs;
  let wakesMs = vehicle.seenAtMs + of(pace.seen, vehicle);
  for (const side of vehicle.asleep ? [] : SIDES) {
    wakesMs = Math.min(wakesMs, reportDueAtMs(vehicle, side, pace));
  }
  wakesMs = Math.min(wakesMs, zoneWakesAtMs(vehicle));
  for (const { atMs } of vehicle.refusals) wakesMs = Math.min(wakesMs, atMs + REFUSAL_TOLD_MS);
  return Math.min(wakesMs, vehicle.work?.untilMs ?? wakesMs);
}

/** Whether it drives, has somewhere to go, or has something to begin or to end. */
function isInMotion(vehicle: Vehicle): boolean {
  const { work, deck } = vehicle;
  if (vehicle.speedMps > 0 || vehicle.cancelling !== undefined) return true;
  if (vehicle.actions.some((one) => one.status === "RUNNING" && one.action.actionType === "startPause")) {
    return true;
  }
  // The crane has done its part.
  if (work?.phase === "landing" && deck !== undefined) return true;
  if (work?.phase === "lifting" && deck === undefined) return true;
  if (work !== undefined) return false;
  const progress = progressOf(vehicle);
  if (progress === undefined) return false;
  if (progress.atNode && progress.actionNode === progress.node) return true;
  if (vehicle.pausedBy.length > 0) return false;
  const stopNode = Math.min(progress.baseEnd, progress.actionNode ?? progress.baseEnd);
  return (progress.order.route.nodeAtM[stopNode] ?? 0) > vehicle.alongM;
}
