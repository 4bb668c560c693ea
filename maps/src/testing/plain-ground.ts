import type { Trajectory } from "../geometry/nurbs.ts";

/**
 * The ground of moves as plainly as can be, to judge the compiler by: it shares no code with the geometry that it judges.
 * A way is sampled so finely that a body's corners move by at most `STEP_M` from one sample to the next; NURBS are evaluated by
 * their definition (Cox and de Boor's recursion), bodies meet when their edges cross or one lies in the other.
 */
export interface Way {
  readonly count: number;
  readonly xM: Float64Array;
  readonly yM: Float64Array;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  readonly halfLengthM: number;
  readonly halfWidthM: number;
}

export interface Body {
  readonly lengthM: number;
  readonly widthM: number;
}

interface Stand {
  readonly xM: number;
  readonly yM: number;
  readonly headingRad: number;
}

/** How far a body's corners move from sample to sample, at most. */
const STEP_M = 0.01;

export function standing(body: Body, at: Stand): Way {
  return wayOf(body, [at]);
}

export function alongStraight(body: Body, from: Stand, to: Stand): Way {
  const dx = to.xM - from.xM;
  const dy = to.yM - from.yM;
  const headingRad = Math.atan2(dy, dx);
  const steps = Math.ceil(Math.hypot(dx, dy) / STEP_M);
  return wayOf(
    body,
    Array.from({ length: steps + 1 }, (_, i) => ({
      xM: from.xM + (dx * i) / steps,
      yM: from.yM + (dy * i) / steps,
      headingRad,
    })),
  );
}

/** `place` brings a point of the trajectory into the frame of the way; it keeps distances. */
export function alongNurbs(
  body: Body,
  trajectory: Trajectory,
  place: (xM: number, yM: number) => { readonly xM: number; readonly yM: number },
): Way {
  const points: { readonly xM: number; readonly yM: number }[] = [];
  const at = (u: number) => {
    const point = byDefinition(trajectory, u);
    return place(point.xM, point.yM);
  };
  // The heading is the chord's between two points a hair apart, around the parameter.
  const HAIR = 1e-6;
  const stand = (u: number): Stand => {
    const before = at(Math.max(u - HAIR, 0));
    const after = at(Math.min(u + HAIR, 1 - 1e-12));
    return { ...at(u), headingRad: Math.atan2(after.yM - before.yM, after.xM - before.xM) };
  };
  for (let i = 0; i <= 200; i += 1) points.push(at(Math.min(i / 200, 1 - 1e-12)));
  const lengthM = points.reduce((sum, point, i) => {
    const before = points[i - 1] ?? point;
    return sum + Math.hypot(point.xM - before.xM, point.yM - before.yM);
  }, 0);
  // Corners go faster than the middle: as long as they go too far from sample to sample, there are too few.
  for (let steps = Math.ceil((1.5 * lengthM) / STEP_M); ; steps = Math.ceil(1.5 * steps)) {
    const way = wayOf(
      body,
      Array.from({ length: steps + 1 }, (_, i) => stand(Math.min(i / steps, 1 - 1e-12))),
    );
    if (largestStepM(way) <= STEP_M || steps > 400_000) return way;
  }
}

/** The rational B-spline's definition: sum of N(i, p)(u) w(i) P(i) over sum of N(i, p)(u) w(i). */
function byDefinition(trajectory: Trajectory, u: number): { readonly xM: number; readonly yM: number } {
  const { degree, knotVector, controlPoints } = trajectory;
  let x = 0;
  let y = 0;
  let w = 0;
  controlPoints.forEach((point, i) => {
    const share = basis(knotVector, i, degree, u) * (point.weight ?? 1);
    x += share * point.x;
    y += share * point.y;
    w += share;
  });
  return { xM: x / w, yM: y / w };
}

function basis(knots: readonly number[], i: number, degree: number, u: number): number {
  const knot = (k: number): number => knots[k] ?? 0;
  if (degree === 0) return u >= knot(i) && u < knot(i + 1) ? 1 : 0;
  const rise = knot(i + degree) - knot(i);
  const fall = knot(i + degree + 1) - knot(i + 1);
  const up = rise > 0 ? ((u - knot(i)) / rise) * basis(knots, i, degree - 1, u) : 0;
  const down = fall > 0 ? ((knot(i + degree + 1) - u) / fall) * basis(knots, i + 1, degree - 1, u) : 0;
  return up + down;
}

function wayOf(body: Body, stands: readonly Stand[]): Way {
  return {
    count: stands.length,
    xM: Float64Array.from(stands, (stand) => stand.xM),
    yM: Float64Array.from(stands, (stand) => stand.yM),
    cos: Float64Array.from(stands, (stand) => Math.cos(stand.headingRad)),
    sin: Float64Array.from(stands, (stand) => Math.sin(stand.headingRad)),
    halfLengthM: body.lengthM / 2,
    halfWidthM: body.widthM / 2,
  };
}

function largestStepM(way: Way): number {
  let largest = 0;
  for (let i = 1; i < way.count; i += 1) {
    const one = cornersAt(way, i - 1, 0);
    const two = cornersAt(way, i, 0);
    for (let k = 0; k < 8; k += 2) {
      largest = Math.max(largest, Math.hypot(at(two, k) - at(one, k), at(two, k + 1) - at(one, k + 1)));
    }
  }
  return largest;
}

/**
 * Whether bodies on any of one list of ways and any of another meet, all of them grown by `growM` on every side (shrunk when it
 * is negative). Halves stretches of both ways until their bodies are apart for certain or meet.
 */
export function meet(a: readonly Way[], b: readonly Way[], growM: number): boolean {
  return a.some((one) => b.some((two) => stretchesMeet(one, 0, one.count - 1, two, 0, two.count - 1, growM)));
}

function stretchesMeet(
  a: Way,
  a0: number,
  a1: number,
  b: Way,
  b0: number,
  b1: number,
  growM: number,
): boolean {
  const am = (a0 + a1) >> 1;
  const bm = (b0 + b1) >> 1;
  // No body of a stretch is further from the one in its middle than this.
  const strayM = (Math.max(a1 - am, am - a0) + Math.max(b1 - bm, bm - b0)) * STEP_M;
  const centresM = Math.hypot(at(a.xM, am) - at(b.xM, bm), at(a.yM, am) - at(b.yM, bm));
  const reachM =
    Math.hypot(a.halfLengthM + growM, a.halfWidthM + growM) +
    Math.hypot(b.halfLengthM + growM, b.halfWidthM + growM);
  if (centresM > reachM + strayM) return false;
  const apartM = distanceM(cornersAt(a, am, growM), cornersAt(b, bm, growM));
  if (apartM === 0) return true;
  if (apartM > strayM) return false;
  if (a1 - a0 >= b1 - b0) {
    if (a1 === a0) return false;
    return stretchesMeet(a, a0, am, b, b0, b1, growM) || stretchesMeet(a, am + 1, a1, b, b0, b1, growM);
  }
  return stretchesMeet(a, a0, a1, b, b0, bm, growM) || stretchesMeet(a, a0, a1, b, bm + 1, b1, growM);
}

/** Corners x, y in turn, around the body. */
function cornersAt(way: Way, i: number, growM: number): Float64Array {
  const l = way.halfLengthM + growM;
  const w = way.halfWidthM + growM;
  const [x, y, c, s] = [at(way.xM, i), at(way.yM, i), at(way.cos, i), at(way.sin, i)];
  return Float64Array.of(
    x + l * c - w * s,
    y + l * s + w * c,
    x - l * c - w * s,
    y - l * s + w * c,
    x - l * c + w * s,
    y - l * s - w * c,
    x + l * c + w * s,
    y + l * s - w * c,
  );
}

/** The distance of two bodies by their corners; 0 when they meet. */
function distanceM(a: Float64Array, b: Float64Array): number {
  if (contains(a, at(b, 0), at(b, 1)) || contains(b, at(a, 0), at(a, 1))) return 0;
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 8; i += 2) {
    const j = (i + 2) % 8;
    for (let k = 0; k < 8; k += 2) {
      const m = (k + 2) % 8;
      const between = segmentsM(
        at(a, i),
        at(a, i + 1),
        at(a, j),
        at(a, j + 1),
        at(b, k),
        at(b, k + 1),
        at(b, m),
        at(b, m + 1),
      );
      if (between === 0) return 0;
      nearest = Math.min(nearest, between);
    }
  }
  return nearest;
}

/** Whether a place is left of all edges, or right of all of them. */
function contains(body: Float64Array, xM: number, yM: number): boolean {
  let left = 0;
  for (let i = 0; i < 8; i += 2) {
    const j = (i + 2) % 8;
    if (turn(at(body, i), at(body, i + 1), at(body, j), at(body, j + 1), xM, yM) > 0) left += 1;
  }
  return left === 0 || left === 4;
}

function turn(ax: number, ay: number, bx: number, by: number, px: number, py: number): number {
  return (bx - ax) * (py - ay) - (by - ay) * (px - ax);
}

function segmentsM(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
): number {
  const crosses =
    turn(ax, ay, bx, by, cx, cy) * turn(ax, ay, bx, by, dx, dy) < 0 &&
    turn(cx, cy, dx, dy, ax, ay) * turn(cx, cy, dx, dy, bx, by) < 0;
  if (crosses) return 0;
  return Math.min(
    pointM(ax, ay, cx, cy, dx, dy),
    pointM(bx, by, cx, cy, dx, dy),
    pointM(cx, cy, ax, ay, bx, by),
    pointM(dx, dy, ax, ay, bx, by),
  );
}

function pointM(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const square = (bx - ax) ** 2 + (by - ay) ** 2;
  const t =
    square === 0 ? 0 : Math.min(Math.max(((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / square, 0), 1);
  return Math.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay));
}

function at(values: Float64Array, i: number): number {
  return values[i] ?? Number.NaN;
}
