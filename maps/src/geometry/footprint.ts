import { angleBetweenRad } from "./angle.ts";
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

/** The ground covered between two places of a curve that are near enough for the body's turn to be small. */
export function sweptBetween(footprint: Footprint, curve: Curve, fromM: number, toM: number): Convex {
  return solid([...corners(footprint, curve.poseAt(fromM)), ...corners(footprint, curve.poseAt(toM))]);
}

/**
 * The largest turn of the body within one piece of swept ground. At 0.05 rad the outermost corner of a
 * 15 m body strays from the piece by r * 0.05^2 / 8, which is 5 mm at r = 16 m: far inside the margin.
 */
const MAX_TURN_RAD = 0.05;
const MAX_PIECE_M = 1;

/** Where to cut a curve so that each piece's swept ground is convex to within millimetres. Ascending, both ends included. */
export function cutsOf(curve: Curve): Float64Array {
  if (curve.isStraight) return Float64Array.of(0, curve.lengthM);
  let pieces = Math.max(1, Math.ceil(curve.lengthM / MAX_PIECE_M));
  while (pieces < 4096 && largestTurnRad(curve, pieces) > MAX_TURN_RAD) pieces *= 2;
  return Float64Array.from({ length: pieces + 1 }, (_, i) => (curve.lengthM * i) / pieces);
}

function largestTurnRad(curve: Curve, pieces: number): number {
  let largest = 0;
  let before = curve.poseAt(0).headingRad;
  for (let i = 1; i <= pieces; i += 1) {
    const heading = curve.poseAt((curve.lengthM * i) / pieces).headingRad;
    largest = Math.max(largest, angleBetweenRad(heading, before));
    before = heading;
  }
  return largest;
}

function corners(footprint: Footprint, pose: Pose): Point[] {
  const cos = Math.cos(pose.headingRad);
  const sin = Math.sin(pose.headingRad);
  const { halfLengthM: l, halfWidthM: w } = footprint;
  return [
    { xM: pose.xM + cos * l - sin * w, yM: pose.yM + sin * l + cos * w },
    { xM: pose.xM - cos * l - sin * w, yM: pose.yM - sin * l + cos * w },
    { xM: pose.xM - cos * l + sin * w, yM: pose.yM - sin * l - cos * w },
    { xM: pose.xM + cos * l + sin * w, yM: pose.yM + sin * l - cos * w },
  ];
}

function solid(points: readonly Point[]): Convex {
  const hull = convexHull(points);
  if (hull === undefined) throw new Error("a footprint has no area: its length and width must be positive");
  return hull;
}
