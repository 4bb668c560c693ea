import { type NurbsEvaluator, nurbsEvaluator, type Trajectory } from "./nurbs.ts";
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
  return source.kind === "trajectory" ? nurbsCurve(source.trajectory) : straightCurve(source.from, source.to);
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
 * The arc-length table of a NURBS: `s[i]` metres from the start the parameter is `u[i]` and grows by
 * `perMetre[i]`. Between two entries the parameter is a cubic through both values and slopes.
 */
interface ArcTable {
  readonly s: Float64Array;
  readonly u: Float64Array;
  readonly perMetre: Float64Array;
}

export function nurbsCurve(trajectory: Trajectory): Curve {
  const nurbs = nurbsEvaluator(trajectory);
  const table = arcTableOf(nurbs);
  const lengthM = table.s.at(-1) ?? 0;
  return {
    lengthM,
    isStraight: false,
    poseAt(sM) {
      const sample = nurbs.at(parameterAt(table, Math.min(Math.max(sM, 0), lengthM)));
      return { xM: sample.xM, yM: sample.yM, headingRad: Math.atan2(sample.dyM, sample.dxM) };
    },
  };
}

function arcTableOf(nurbs: NurbsEvaluator): ArcTable {
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
  const perMetre = us.map((u) => {
    const speed = speedAt(nurbs, u);
    return speed > 1e-9 ? 1 / speed : 0;
  });
  return { s: Float64Array.from(ss), u: Float64Array.from(us), perMetre: Float64Array.from(perMetre) };
}

/** Cubic Hermite interpolation, kept between the two entries. */
function parameterAt({ s, u, perMetre }: ArcTable, sM: number): number {
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
  const widthM = (s[high] ?? s0) - s0;
  if (widthM <= 0) return u0;
  const t = (sM - s0) / widthM;
  const rest = 1 - t;
  const value =
    u0 * (1 + 2 * t) * rest * rest +
    u1 * t * t * (3 - 2 * t) +
    widthM * t * rest * ((perMetre[low] ?? 0) * rest - (perMetre[high] ?? 0) * t);
  return Math.min(Math.max(value, u0), u1);
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
