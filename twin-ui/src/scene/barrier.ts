import { NOSE_M } from "./ribbons.ts";

/** Where a barrier's arm is, ahead of the place where a vehicle's centre stands at its station. */
export const ARM_AHEAD_M = 9.5;
const APPROACH_M = 16;
const LANE_HALF_M = 3;

/** A vehicle seen from a station: its centre and the end of what it is granted, along the lane and off it. */
export interface Approach {
  readonly alongM: number;
  readonly offM: number;
  /** Where its nose ends up when it drives all that it is granted, along the lane; undefined without a grant. */
  readonly grantedNoseM: number | undefined;
}

/**
 * Whether a barrier's arm is up: while a body is under it, and for a vehicle before it whose grant leads past it.
 * (A grant never leads past a closed gate, so this shows what the gate decided, not a guess about the vehicle.)
 */
export function armIsUp(approaches: readonly Approach[]): boolean {
  return approaches.some(({ alongM, offM, grantedNoseM }) => {
    if (Math.abs(offM) > LANE_HALF_M) return false;
    const noseM = alongM + NOSE_M;
    if (noseM > ARM_AHEAD_M - 0.4 && alongM - NOSE_M < ARM_AHEAD_M + 0.4) return true;
    const before = noseM <= ARM_AHEAD_M && noseM > ARM_AHEAD_M - APPROACH_M;
    return before && grantedNoseM !== undefined && grantedNoseM > ARM_AHEAD_M + 1;
  });
}
