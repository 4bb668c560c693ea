import type { Bounds, SitePlan } from "../site-plan.ts";

/** A way of looking: at what, from how far, from where. Azimuth 0 looks along +y, positive from the right; radians. */
export interface View {
  readonly targetXM: number;
  readonly targetYM: number;
  readonly targetZM: number;
  readonly distanceM: number;
  readonly azimuthRad: number;
  readonly elevationRad: number;
}

/** Views that every site begins with, and those that are empty until the viewer keeps one. */
export const NAMED_SLOTS = [1, 2, 3, 4] as const;
export const OWN_SLOTS = [5, 6, 7, 8, 9] as const;
export const VIEW_SLOTS = [...NAMED_SLOTS, ...OWN_SLOTS] as const;
export type ViewSlot = (typeof VIEW_SLOTS)[number];

const deg = Math.PI / 180;

/** What the camera can take in. */
export interface Lens {
  /** Vertical field of view, radians. */
  readonly fovRad: number;
  /** Width over height. */
  readonly aspect: number;
}

/** Room left free around what a view is fitted to, as a part of the half view. */
const FIT = 0.9;

/**
 * The nearest view from a direction in which a flat rectangle is seen whole. Searched, not solved: the rectangle is
 * moved to the middle and the distance changed until its corners just fit.
 */
export function fitView(bounds: Bounds, lens: Lens, azimuthRad: number, elevationRad: number): View {
  const corners = [bounds.minXM, bounds.maxXM].flatMap((x) =>
    [bounds.minYM, bounds.maxYM].map((y) => ({ x, y })),
  );
  let view: View = {
    targetXM: (bounds.minXM + bounds.maxXM) / 2,
    targetYM: (bounds.minYM + bounds.maxYM) / 2,
    targetZM: 0,
    distanceM: bounds.maxXM - bounds.minXM,
    azimuthRad,
    elevationRad,
  };
  for (let round = 0; round < 40; round++) {
    const seen = corners.map((corner) => seenFrom(view, lens, corner.x, corner.y));
    const across = seen.map(({ across }) => across);
    const up = seen.map(({ up }) => up);
    const low = Math.min(...across);
    const high = Math.max(...across);
    const middle = (low + high) / 2;
    const half = Math.max((high - low) / 2, Math.max(...up.map(Math.abs))) / FIT;
    const halfWidthM = view.distanceM * Math.tan(lens.fovRad / 2) * lens.aspect;
    view = {
      ...view,
      targetXM: view.targetXM + middle * halfWidthM * 0.7 * Math.cos(azimuthRad),
      distanceM: view.distanceM * (1 + (half - 1) * 0.6),
    };
  }
  return view;
}

/** Where a point of the ground is seen, in half views from the middle; far off when it is behind the camera. */
function seenFrom(view: View, lens: Lens, xM: number, yM: number): { across: number; up: number } {
  const { azimuthRad: az, elevationRad: el } = view;
  const dx = xM - view.targetXM;
  const dy = yM - view.targetYM;
  const right = dx * Math.cos(az) + dy * Math.sin(az);
  const forward = -dx * Math.sin(az) + dy * Math.cos(az);
  const depth = Math.max(1, view.distanceM + forward * Math.cos(el));
  const scale = depth * Math.tan(lens.fovRad / 2);
  return { across: right / (scale * lens.aspect), up: (forward * Math.sin(el)) / scale };
}

/** The four views that every site begins with: overview, the line, the yard, the crossing from above. */
export function initialViews(
  plan: SitePlan,
  lens: Lens,
): Readonly<Record<(typeof NAMED_SLOTS)[number], View>> {
  const cranes = plan.stations.filter(({ kind, side }) => kind === "crane" && side === "vn");
  const yardXM =
    cranes.length === 0 ? plan.bounds.minXM : cranes.reduce((sum, { xM }) => sum + xM, 0) / cranes.length;
  return {
    1: fitView(plan.bounds, lens, -34 * deg, 19 * deg),
    2: {
      targetXM: -4,
      targetYM: -2,
      targetZM: 2,
      distanceM: 104,
      azimuthRad: -44 * deg,
      elevationRad: 17 * deg,
    },
    3: {
      targetXM: yardXM - 4,
      targetYM: 0,
      targetZM: 3,
      distanceM: 132,
      azimuthRad: -38 * deg,
      elevationRad: 30 * deg,
    },
    4: fitView({ minXM: -150, maxXM: 150, minYM: -46, maxYM: 46 }, lens, 0, 88 * deg),
  };
}

/** A view out of stored text; undefined when it is none. */
export function parseView(text: string | null): View | undefined {
  if (text === null) return undefined;
  const numbers = text.split(",").map(Number);
  const [targetXM, targetYM, targetZM, distanceM, azimuthRad, elevationRad] = numbers;
  if (numbers.length !== 6 || numbers.some((n) => !Number.isFinite(n))) return undefined;
  if (targetXM === undefined || targetYM === undefined || targetZM === undefined) return undefined;
  if (distanceM === undefined || azimuthRad === undefined || elevationRad === undefined || distanceM <= 0)
    return undefined;
  return { targetXM, targetYM, targetZM, distanceM, azimuthRad, elevationRad };
}

export function viewText(view: View): string {
  const { targetXM, targetYM, targetZM, distanceM, azimuthRad, elevationRad } = view;
  return [targetXM, targetYM, targetZM, distanceM, azimuthRad, elevationRad]
    .map((n) => n.toFixed(4))
    .join(",");
}
