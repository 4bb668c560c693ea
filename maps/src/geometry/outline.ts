import type { Point, Pose } from "./pose.ts";

/** A body seen from above: a rectangle, its middle at the pose, its length along the heading. */
interface Body {
  readonly lengthM: number;
  readonly widthM: number;
}

/**
 * Whether a body reaches over a simple polygon, which need not be convex; both in one frame. Bodies that touch its border
 * from outside reach over it.
 */
export function reachesOver(outline: readonly Point[], pose: Pose, body: Body): boolean {
  const cos = Math.cos(pose.headingRad);
  const sin = Math.sin(pose.headingRad);
  // In the body's own frame the body is a box around 0.
  const seen = outline.map(({ xM, yM }) => {
    const dxM = xM - pose.xM;
    const dyM = yM - pose.yM;
    return { xM: dxM * cos + dyM * sin, yM: dyM * cos - dxM * sin };
  });
  const halfLengthM = body.lengthM / 2;
  const halfWidthM = body.widthM / 2;
  let isMiddleIn = false;
  for (const [at, from] of seen.entries()) {
    const to = seen[(at + 1) % seen.length] ?? from;
    if (crossesBox(from, to, halfLengthM, halfWidthM)) return true;
    if (from.yM > 0 !== to.yM > 0) {
      const crossesAtM = from.xM - (from.yM * (to.xM - from.xM)) / (to.yM - from.yM);
      if (crossesAtM > 0) isMiddleIn = !isMiddleIn;
    }
  }
  return isMiddleIn;
}

/** Whether a line between two points has a point in the box around 0 (Liang and Barsky's clipping). */
function crossesBox(from: Point, to: Point, halfLengthM: number, halfWidthM: number): boolean {
  let first = 0;
  let last = 1;
  for (const [at, by, halfM] of [
    [from.xM, to.xM - from.xM, halfLengthM],
    [from.yM, to.yM - from.yM, halfWidthM],
  ] as const) {
    if (by === 0) {
      if (Math.abs(at) > halfM) return false;
      continue;
    }
    const a = (-halfM - at) / by;
    const b = (halfM - at) / by;
    first = Math.max(first, Math.min(a, b));
    last = Math.min(last, Math.max(a, b));
  }
  return first <= last;
}
