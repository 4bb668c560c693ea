import type { Point } from "./pose.ts";

/** A convex polygon, counter-clockwise, with its bounding box. Shape: xM, yM have one entry a corner. */
export interface Convex {
  readonly xM: Float64Array;
  readonly yM: Float64Array;
  readonly minXM: number;
  readonly minYM: number;
  readonly maxXM: number;
  readonly maxYM: number;
}

/** Polygons that share less than a strip of this width do not overlap: they touch. */
const TOUCH_M = 0.001;

/** The smallest convex polygon around points (Andrew's monotone chain); undefined when it has no area. */
export function convexHull(points: readonly Point[]): Convex | undefined {
  const sorted = [...points].sort((a, b) => a.xM - b.xM || a.yM - b.yM);
  const lower = chain(sorted);
  const upper = chain(sorted.reverse());
  const hull = [...lower, ...upper];
  return hull.length < 3 ? undefined : toConvex(hull);
}

function chain(sorted: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of sorted) {
    for (;;) {
      const b = kept.at(-1);
      const a = kept.at(-2);
      if (a === undefined || b === undefined) break;
      if ((b.xM - a.xM) * (point.yM - a.yM) - (b.yM - a.yM) * (point.xM - a.xM) > 1e-12) break;
      kept.pop();
    }
    kept.push(point);
  }
  kept.pop();
  return kept;
}

function toConvex(corners: readonly Point[]): Convex {
  const xM = new Float64Array(corners.length);
  const yM = new Float64Array(corners.length);
  let minXM = Number.POSITIVE_INFINITY;
  let minYM = Number.POSITIVE_INFINITY;
  let maxXM = Number.NEGATIVE_INFINITY;
  let maxYM = Number.NEGATIVE_INFINITY;
  corners.forEach((corner, i) => {
    xM[i] = corner.xM;
    yM[i] = corner.yM;
    if (corner.xM < minXM) minXM = corner.xM;
    if (corner.xM > maxXM) maxXM = corner.xM;
    if (corner.yM < minYM) minYM = corner.yM;
    if (corner.yM > maxYM) maxYM = corner.yM;
  });
  return { xM, yM, minXM, minYM, maxXM, maxYM };
}

export function cornersOf(polygon: Convex): Point[] {
  return Array.from(polygon.xM, (xM, i) => ({ xM, yM: polygon.yM[i] ?? 0 }));
}

/** The part of a convex polygon on one side of the line at x = 0; undefined when there is none to speak of. */
export function clipAtLine(polygon: Convex, keep: "left" | "right"): Convex | undefined {
  const sign = keep === "left" ? -1 : 1;
  if (sign * (keep === "left" ? polygon.minXM : polygon.maxXM) <= TOUCH_M) return undefined;
  if (sign * (keep === "left" ? polygon.maxXM : polygon.minXM) >= 0) return polygon;
  const corners = cornersOf(polygon);
  const kept: Point[] = [];
  corners.forEach((corner, i) => {
    const next = corners[(i + 1) % corners.length] ?? corner;
    if (sign * corner.xM >= 0) kept.push(corner);
    if (corner.xM < 0 !== next.xM < 0 && corner.xM !== next.xM) {
      const t = corner.xM / (corner.xM - next.xM);
      kept.push({ xM: 0, yM: corner.yM + t * (next.yM - corner.yM) });
    }
  });
  return convexHull(kept);
}

/**
 * Whether two convex polygons share more than a touch: the separating axis theorem, where an axis
 * separates when the shadows on it overlap by less than `TOUCH_M`.
 */
export function overlaps(a: Convex, b: Convex): boolean {
  if (
    a.minXM > b.maxXM - TOUCH_M ||
    b.minXM > a.maxXM - TOUCH_M ||
    a.minYM > b.maxYM - TOUCH_M ||
    b.minYM > a.maxYM - TOUCH_M
  ) {
    return false;
  }
  return !separatedByEdgeOf(a, b) && !separatedByEdgeOf(b, a);
}

function separatedByEdgeOf(a: Convex, b: Convex): boolean {
  const count = a.xM.length;
  for (let i = 0; i < count; i += 1) {
    const x0 = a.xM[i] ?? 0;
    const y0 = a.yM[i] ?? 0;
    const j = i + 1 === count ? 0 : i + 1;
    const dx = (a.xM[j] ?? 0) - x0;
    const dy = (a.yM[j] ?? 0) - y0;
    const length = Math.sqrt(dx * dx + dy * dy);
    if (length === 0) continue;
    // Outward normal of a counter-clockwise edge is (dy, -dx): b is beyond it when all corners are.
    let nearest = Number.POSITIVE_INFINITY;
    for (let k = 0; k < b.xM.length; k += 1) {
      const out = ((b.xM[k] ?? 0) - x0) * dy - ((b.yM[k] ?? 0) - y0) * dx;
      if (out < nearest) nearest = out;
    }
    if (nearest > -TOUCH_M * length) return true;
  }
  return false;
}
