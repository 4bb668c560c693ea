import { type Convex, convexHull } from "./convex.ts";
import type { Curve } from "./curve.ts";
import type { Point, Pose } from "./pose.ts";

/** A vehicle's body seen from above: a rectangle around the reference point, the safety margin included. */
export interface Footprint {
  readonly halfLengthM: number;
  readonly halfWidthM: number;
}

export function footprintOf(
  body: { readonly lengthM: number; readonly widthM: number },
  marginM: number,
): Footprint {
  return { halfLengthM: body.lengthM / 2 + marginM, halfWidthM: body.widthM / 2 + marginM };
}

/** The ground that a body covers while it stands. */
export function standingGround(footprint: Footprint, pose: Pose): Convex {
  return solid(corners(footprint, pose));
}

/**
 * How far a corner of the body may stray from the straight line between its places at two cuts of a curve. Swept ground
 * is grown by as much, so that none is missed.
 */
const SWEEP_TOLERANCE_M = 0.002;

/**
 * The ground covered between two places of a curve, as convex pieces: all of it, and no more than a few times
 * `SWEEP_TOLERANCE_M` beyond it where the places are no further apart than two of `cutsOf`.
 *
 * On a bend the front half of the body and its rear half are swept apart. A body that follows a tangent turns around a
 * point beside its middle: its inner flank there touches the bend's inner circle, and a hull of whole bodies would close
 * the notch between two flanks that cross, which is as deep as half the body times half the turn.
 */
export function sweptBetween(footprint: Footprint, curve: Curve, fromM: number, toM: number): Convex[] {
  const from = curve.poseAt(fromM);
  const to = curve.poseAt(toM);
  if (curve.isStraight) return [solid([...corners(footprint, from), ...corners(footprint, to)])];
  const l = footprint.halfLengthM + SWEEP_TOLERANCE_M;
  const w = footprint.halfWidthM + SWEEP_TOLERANCE_M;
  return [
    solid([...rectangle(from, 0, l, w), ...rectangle(to, 0, l, w)]),
    solid([...rectangle(from, -l, 0, w), ...rectangle(to, -l, 0, w)]),
  ];
}

/** No piece is halved more often than this: 1 / 4096 of a curve is far finer than any bend needs. */
const MAX_HALVINGS = 12;
const MAX_PIECE_M = 4;

/**
 * Where to cut a curve so that a body between two cuts stays within the hulls of its halves' places there, to
 * `SWEEP_TOLERANCE_M`. Ascending, both ends included.
 */
export function cutsOf(footprint: Footprint, curve: Curve): Float64Array {
  const cuts = [0];
  const cut = (fromM: number, toM: number, halvings: number): void => {
    const fine = toM - fromM <= MAX_PIECE_M && straysM(footprint, curve, fromM, toM) <= SWEEP_TOLERANCE_M;
    if (fine || halvings === MAX_HALVINGS) {
      cuts.push(toM);
      return;
    }
    const middleM = (fromM + toM) / 2;
    cut(fromM, middleM, halvings + 1);
    cut(middleM, toM, halvings + 1);
  };
  if (curve.isStraight) cuts.push(curve.lengthM);
  else cut(0, curve.lengthM, 0);
  return Float64Array.from(cuts);
}

/** How far a corner strays from where it would be if it went straight; looked at on each quarter of the way. */
function straysM(footprint: Footprint, curve: Curve, fromM: number, toM: number): number {
  const from = corners(footprint, curve.poseAt(fromM));
  const to = corners(footprint, curve.poseAt(toM));
  let strays = 0;
  for (let quarter = 1; quarter < 4; quarter += 1) {
    const share = quarter / 4;
    const between = corners(footprint, curve.poseAt(fromM + share * (toM - fromM)));
    for (let i = 0; i < between.length; i += 1) {
      const corner = between[i];
      const a = from[i];
      const b = to[i];
      if (corner === undefined || a === undefined || b === undefined) continue;
      const offXM = corner.xM - a.xM - share * (b.xM - a.xM);
      const offYM = corner.yM - a.yM - share * (b.yM - a.yM);
      strays = Math.max(strays, offXM * offXM + offYM * offYM);
    }
    if (strays > SWEEP_TOLERANCE_M ** 2) break;
  }
  return Math.sqrt(strays);
}

function corners(footprint: Footprint, pose: Pose): Point[] {
  return rectangle(pose, -footprint.halfLengthM, footprint.halfLengthM, footprint.halfWidthM);
}

/** The part of a body between two distances ahead of its reference point. */
function rectangle(pose: Pose, rearM: number, frontM: number, halfWidthM: number): Point[] {
  const cos = Math.cos(pose.headingRad);
  const sin = Math.sin(pose.headingRad);
  const place = (aheadM: number, leftM: number): Point => ({
    xM: pose.xM + cos * aheadM - sin * leftM,
    yM: pose.yM + sin * aheadM + cos * leftM,
  });
  return [
    place(frontM, halfWidthM),
    place(rearM, halfWidthM),
    place(rearM, -halfWidthM),
    place(frontM, -halfWidthM),
  ];
}

function solid(points: readonly Point[]): Convex {
  const hull = convexHull(points);
  if (hull === undefined) throw new Error("a footprint has no area: its length and width must be positive");
  return hull;
}
