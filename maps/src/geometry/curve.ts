import { nurbsEvaluator, type NurbsEvaluator, type Trajectory } from "./nurbs.ts";
import type { Point, Pose } from "./pose.ts";

/**
 * A way through the plane, parametrised by the distance driven along it. Frame and metres are those of
 * what it was made from. The heading is the tangent's: vehicles drive forward.
 */
export interface Curve {
  readonly lengthM: number;
  readonly isStraight: boolean;
  /** The pose `sM` metres from the start, clamped to the curve. */
  poseAt(sM: number): Pose;
}

/** What a curve is made from: a trajectory, or the straight way between two points. */
export type CurveSource =
  | { readonly kind: "trajectory"; readonly trajectory: Trajectory }
  | { readonly kind: "straight"; readonly from: Point; readonly to: Point };

export function curveOf(source: CurveSource): Curve {
  return source.kind === "trajectory"
    ? nurbsCurve(source.trajectory)
    : straightCurve(source.from, source.to);
}

export function straightCurve(from: Point, to: Point): Curve {
  const dxM = to.xM - from.xM;
  const dyM = to.yM - from.yM;
  const lengthM = Math.hypot(dxM, dyM);
  const headingRad = Math.atan2(dyM, dxM);
  return {
    lengthM,
    isStraight: true,
    poseAt(sM) {
      const t = lengthM === 0 ? 0 : Math.min(Math.max(sM / lengthM, 0), 1);
      return { xM: from.xM + t * dxM, yM: from.yM + t * dyM, headingRad };
    },
  };
}

/** Pieces of the arc-length table to a smooth span of the curve. */
const PIECES_PER_SPAN = 32;

/**
 * The arc-length table of a NURBS: at parameter `u[i]` the curve has run `s[i]` metres. Between two
 * entries the parameter is found by Newton's method from a linear guess.
 */
export function nurbsCurve(trajectory: Trajectory): Curve {
  const nurbs = nurbsEvaluator(trajectory);
  const us: number[] = [nurbs.breaks[0] ?? 0];
  const ss: number[] = [0];
  let total = 0;
  for (let b = 0; b + 1 < nurbs.breaks.length; b += 1) {
    const from = nurbs.breaks[b] ?? 0;
    const to = nurbs.breaks[b + 1] ?? 1;
    for (let i = 0; i < PIECES_PER_SPAN; i += 1) {
      const u0 = from + ((to - from) * i) / PIECES_PER_SPAN;
      const u1 = from + ((to - from) * (i + 1)) / PIECES_PER_SPAN;
      total += lengthBetween(nurbs, u0, u1);
      us.push(u1);
      ss.push(total);
    }
  }
  const u = Float64Array.from(us);
  const s = Float64Array.from(ss);
  return {
    lengthM: total,
    isStraight: false,
    poseAt(sM) {
      const sample = nurbs.at(parameterAt(nurbs, u, s, Math.min(Math.max(sM, 0), total)));
      return { xM: sample.xM, yM: sample.yM, headingRad: Math.atan2(sample.dyM, sample.dxM) };
    },
  };
}

function parameterAt(nurbs: NurbsEvaluator, u: Float64Array, s: Float64Array, sM: number): number {
  let low = 0;
  let high = s.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((s[middle] ?? 0) <= sM) low = middle;
    else high = middle;
  }
  const u0 = u[low] ?? 0;
  const u1 = u[high] ?? u0;
  const s0 = s[low] ?? 0;
  const s1 = s[high] ?? s0;
  if (s1 <= s0) return u0;
  let guess = u0 + ((u1 - u0) * (sM - s0)) / (s1 - s0);
  for (let round = 0; round < 2; round += 1) {
    const speed = speedAt(nurbs, guess);
    if (speed === 0) break;
    const error = s0 + lengthBetween(nurbs, u0, guess) - sM;
    guess = Math.min(Math.max(guess - error / speed, u0), u1);
  }
  return guess;
}

/** Gauss-Legendre abscissae and weights on [-1, 1], three points. */
const GAUSS: readonly { readonly at: number; readonly weight: number }[] = [
  { at: -Math.sqrt(0.6), weight: 5 / 9 },
  { at: 0, weight: 8 / 9 },
  { at: Math.sqrt(0.6), weight: 5 / 9 },
];

function lengthBetween(nurbs: NurbsEvaluator, u0: number, u1: number): number {
  const half = (u1 - u0) / 2;
  const middle = (u0 + u1) / 2;
  let sum = 0;
  for (const point of GAUSS) sum += point.weight * speedAt(nurbs, middle + half * point.at);
  return sum * half;
}

function speedAt(nurbs: NurbsEvaluator, u: number): number {
  const sample = nurbs.at(u);
  return Math.hypot(sample.dxM, sample.dyM);
}
