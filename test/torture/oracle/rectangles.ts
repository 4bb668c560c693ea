import type { Spot } from "./path.ts";

/** Half the length and half the width of a body. */
export interface HalfSize {
  readonly alongM: number;
  readonly acrossM: number;
}

/**
 * Whether two bodies' rectangles overlap, each grown by nothing: separating axes of both (Gottschalk 1996, in the
 * plane). `growM` is added around the first.
 */
export function rectanglesOverlap(a: Spot, aHalf: HalfSize, b: Spot, bHalf: HalfSize, growM = 0): boolean {
  const dx = b.xM - a.xM;
  const dy = b.yM - a.yM;
  const aAlong = aHalf.alongM + growM;
  const aAcross = aHalf.acrossM + growM;
  const reach = Math.hypot(aAlong, aAcross) + Math.hypot(bHalf.alongM, bHalf.acrossM);
  if (dx * dx + dy * dy >= reach * reach) return false;
  const turn = b.headingRad - a.headingRad;
  const c = Math.abs(Math.cos(turn));
  const s = Math.abs(Math.sin(turn));
  const aCos = Math.cos(a.headingRad);
  const aSin = Math.sin(a.headingRad);
  if (Math.abs(dx * aCos + dy * aSin) >= aAlong + bHalf.alongM * c + bHalf.acrossM * s) return false;
  if (Math.abs(dy * aCos - dx * aSin) >= aAcross + bHalf.alongM * s + bHalf.acrossM * c) return false;
  const bCos = Math.cos(b.headingRad);
  const bSin = Math.sin(b.headingRad);
  if (Math.abs(dx * bCos + dy * bSin) >= bHalf.alongM + aAlong * c + aAcross * s) return false;
  if (Math.abs(dy * bCos - dx * bSin) >= bHalf.acrossM + aAlong * s + aAcross * c) return false;
  return true;
}
