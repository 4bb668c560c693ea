import { normaliseRad } from "../geometry/angle.ts";
import type { Curve } from "../geometry/curve.ts";
import type { Pose } from "../geometry/pose.ts";

/** The point of a curve nearest to a place. */
interface Projection {
  readonly alongM: number;
  readonly offM: number;
}

/** A curve with what finding places on it needs. */
export interface Located {
  readonly poseAlong: (alongM: number) => Pose;
  readonly project: (xM: number, yM: number) => Projection;
}

/**
 * How far apart a bend is sampled. A chord of 0.25 m strays from a bend of 12 m radius by less than a
 * millimetre, so places in between are taken from the chord.
 */
const SAMPLE_M = 0.25;

export function locatedOn(curve: Curve): Located {
  return curve.isStraight
    ? { poseAlong: (alongM) => curve.poseAt(alongM), project: projectOnStraight(curve) }
    : locatedOnBend(curve);
}

function projectOnStraight(curve: Curve): Located["project"] {
  const start = curve.poseAt(0);
  const cos = Math.cos(start.headingRad);
  const sin = Math.sin(start.headingRad);
  return (xM, yM) => {
    const dx = xM - start.xM;
    const dy = yM - start.yM;
    const alongM = Math.min(Math.max(dx * cos + dy * sin, 0), curve.lengthM);
    return { alongM, offM: Math.hypot(dx - alongM * cos, dy - alongM * sin) };
  };
}

function locatedOnBend(curve: Curve): Located {
  const pieces = Math.max(4, Math.ceil(curve.lengthM / SAMPLE_M));
  const stepM = curve.lengthM / pieces;
  const xs = new Float64Array(pieces + 1);
  const ys = new Float64Array(pieces + 1);
  const headings = new Float64Array(pieces + 1);
  for (let i = 0; i <= pieces; i += 1) {
    const pose = curve.poseAt(i * stepM);
    xs[i] = pose.xM;
    ys[i] = pose.yM;
    headings[i] = pose.headingRad;
  }
  const between = (values: Float64Array, i: number, t: number): number => {
    const from = values[i] ?? 0;
    return from + t * ((values[i + 1] ?? from) - from);
  };

  const poseAlong = (alongM: number): Pose => {
    const at = Math.min(Math.max(alongM / stepM, 0), pieces);
    const i = Math.min(Math.floor(at), pieces - 1);
    const t = at - i;
    const from = headings[i] ?? 0;
    const turnRad = normaliseRad((headings[i + 1] ?? from) - from);
    return { xM: between(xs, i, t), yM: between(ys, i, t), headingRad: normaliseRad(from + t * turnRad) };
  };

  const project = (xM: number, yM: number): Projection => {
    let alongM = 0;
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < pieces; i += 1) {
      const x0 = xs[i] ?? 0;
      const y0 = ys[i] ?? 0;
      const dx = (xs[i + 1] ?? x0) - x0;
      const dy = (ys[i + 1] ?? y0) - y0;
      const t = Math.min(Math.max(((xM - x0) * dx + (yM - y0) * dy) / (dx * dx + dy * dy), 0), 1);
      const offX = xM - x0 - t * dx;
      const offY = yM - y0 - t * dy;
      const square = offX * offX + offY * offY;
      if (square >= best) continue;
      best = square;
      alongM = (i + t) * stepM;
    }
    return { alongM, offM: Math.sqrt(best) };
  };
  return { poseAlong, project };
}
