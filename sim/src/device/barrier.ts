import type { DevicePosition } from "@baton/orchestrator";
import type { WorldVehicle } from "../world/channel.ts";
import type { DevicePlace, Surroundings } from "./device.ts";

/** A barrier's arm: where it was when it began to move last, and where to. Plain data. */
export interface Barrier {
  readonly sinceMs: number;
  readonly fromShare: number;
  readonly toShare: 0 | 1;
}

/** The arm, ahead of the place where a vehicle's middle stands; half a vehicle behind and ahead of its middle. */
const ARM_AHEAD_M = 9.5;
const HALF_VEHICLE_M = 7.5;
const CLEAR_BY_M = 0.4;
const LANE_HALF_M = 3;
/** From down to up. */
const SWING_MS = 1_600;
/** A vehicle that is so far beyond its mark has set out. */
const SET_OUT_M = 0.2;
/** Who could not stop at the mark any more, braking like this, is not going to. */
const BRAKING_MPS2 = 0.5;
const SURE_BY_M = 1;

export const loweredBarrier = (atMs: number): Barrier => ({ sinceMs: atMs, fromShare: 0, toShare: 0 });

/**
 * A gate's own loops in the ground: the arm goes up for a vehicle that drives on from its mark, or does not stop at it, and comes
 * down when nothing is under it any more. Whether a vehicle may drive on is not the barrier's business.
 */
export function barrierAfter(
  barrier: Barrier,
  place: DevicePlace,
  around: Surroundings,
  nowMs: number,
): Barrier {
  const toShare = isWanted(place, around) ? 1 : 0;
  if (toShare === barrier.toShare) return barrier;
  return { sinceMs: nowMs, fromShare: shareAt(barrier, nowMs), toShare };
}

/** What the gate says of its arm. */
export function armPosition(barrier: Barrier, nowMs: number): DevicePosition {
  const openShare = shareAt(barrier, nowMs);
  const leftMs = Math.round(Math.abs(barrier.toShare - openShare) * SWING_MS);
  return {
    kind: "barrier",
    openShare: Math.round(openShare * 1000) / 1000,
    ...(leftMs === 0 ? {} : { course: { openShare: barrier.toShare, inMs: leftMs } }),
  };
}

function shareAt({ sinceMs, fromShare, toShare }: Barrier, nowMs: number): number {
  const swung = Math.max(0, nowMs - sinceMs) / SWING_MS;
  return toShare === 1 ? Math.min(1, fromShare + swung) : Math.max(0, fromShare - swung);
}

function isWanted({ standsAt, headingRad = 0 }: DevicePlace, around: Surroundings): boolean {
  if (standsAt === undefined) return false;
  const cos = Math.cos(headingRad);
  const sin = Math.sin(headingRad);
  for (const vehicle of around.vehicles.values()) {
    const dxM = vehicle.xM - standsAt.xM;
    const dyM = vehicle.yM - standsAt.yM;
    if (Math.abs(cos * dyM - sin * dxM) > LANE_HALF_M) continue;
    if (isForIt(cos * dxM + sin * dyM, vehicle)) return true;
  }
  return false;
}

/** `alongM`: the vehicle's middle, beyond the mark. */
function isForIt(alongM: number, { speedMps }: WorldVehicle): boolean {
  const clearM = ARM_AHEAD_M + CLEAR_BY_M;
  const isUnder = alongM + HALF_VEHICLE_M > ARM_AHEAD_M - CLEAR_BY_M && alongM - HALF_VEHICLE_M < clearM;
  if (isUnder) return true;
  if (alongM > SET_OUT_M) return alongM - HALF_VEHICLE_M < clearM && speedMps > 0;
  return speedMps ** 2 / (2 * BRAKING_MPS2) > SURE_BY_M - alongM;
}
