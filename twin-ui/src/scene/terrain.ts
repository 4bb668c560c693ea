import { noise2, smoothstep } from "./geometry/noise.ts";
import type { SitePlan } from "./site-plan.ts";

/** The built ground is at height 0; bare earth near it lies this much lower, so that the two never fight for a pixel. */
export const EARTH_BELOW_M = 0.35;

/** Height of the land at a place, in metres over the roads; flat where something is built, a valley between hills. */
export type GroundHeight = (xM: number, yM: number) => number;

/** How far from the axis of the valley the flat ground reaches. */
export function valleyHalfWidthM(plan: SitePlan): number {
  return Math.max(Math.abs(plan.bounds.minYM), Math.abs(plan.bounds.maxYM)) + 22;
}

export function groundHeight(plan: SitePlan): GroundHeight {
  const flatM = valleyHalfWidthM(plan);
  return (xM, yM) => {
    // The valley wanders a little, and is narrowest at the line: a pass.
    const wander = 14 * (noise2(xM / 260, 3.7) - 0.5);
    const off = Math.abs(yM - wander) - flatM;
    const rise = smoothstep(0, 260, off);
    const beyond = Math.max(plan.bounds.minXM - 60 - xM, xM - plan.bounds.maxXM - 60, 0);
    const ends = smoothstep(0, 500, beyond) * 0.5;
    const rolling = 8 + 34 * noise2(xM / 140, yM / 140) + 10 * noise2(xM / 45 + 9, yM / 45);
    const bumps = 1.2 * (noise2(xM / 22, yM / 22) - 0.3) * smoothstep(-14, 30, off);
    return -EARTH_BELOW_M + Math.max(rise, ends) * rolling + bumps;
  };
}
