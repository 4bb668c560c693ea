import type { TriangleWriter } from "./ribbon.ts";

/** Corners of a simple polygon, site frame; it closes by itself. */
export interface Outline {
  readonly xM: readonly number[];
  readonly yM: readonly number[];
}

/** A stripe of a hatching: from one edge of a polygon to another. */
export interface Stripe {
  readonly fromXM: number;
  readonly fromYM: number;
  readonly toXM: number;
  readonly toYM: number;
}

const DIAGONAL = Math.SQRT1_2;

/** Stripes at 45 degrees over a polygon, `everyM` apart, on one grid for the whole site, so that neighbours match. Pure. */
export function hatchOf({ xM, yM }: Outline, everyM: number): readonly Stripe[] {
  // Along the stripes u is measured, across them v.
  const us = xM.map((x, i) => (x + (yM[i] ?? 0)) * DIAGONAL);
  const vs = xM.map((x, i) => ((yM[i] ?? 0) - x) * DIAGONAL);
  const stripes: Stripe[] = [];
  const last = Math.max(...vs);
  for (let v = Math.ceil(Math.min(...vs) / everyM) * everyM; v <= last; v += everyM) {
    const cuts: number[] = [];
    for (let i = 0; i < vs.length; i++) {
      const next = (i + 1) % vs.length;
      const [v0 = 0, v1 = 0, u0 = 0, u1 = 0] = [vs[i], vs[next], us[i], us[next]];
      // Each corner belongs to one of its edges only.
      if (v0 <= v !== v1 <= v) cuts.push(u0 + ((u1 - u0) * (v - v0)) / (v1 - v0));
    }
    cuts.sort((a, b) => a - b);
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const [from = 0, to = 0] = [cuts[i], cuts[i + 1]];
      stripes.push({
        fromXM: (from - v) * DIAGONAL,
        fromYM: (from + v) * DIAGONAL,
        toXM: (to - v) * DIAGONAL,
        toYM: (to + v) * DIAGONAL,
      });
    }
  }
  return stripes;
}

/** Writes stripes as bands of a width. */
export function writeStripes(
  writer: TriangleWriter,
  stripes: readonly Stripe[],
  widthM: number,
  z: number,
): void {
  const off = (widthM / 2) * DIAGONAL;
  for (const { fromXM, fromYM, toXM, toYM } of stripes)
    writer.quad(
      fromXM + off,
      fromYM - off,
      toXM + off,
      toYM - off,
      toXM - off,
      toYM + off,
      fromXM - off,
      fromYM + off,
      z,
    );
}
