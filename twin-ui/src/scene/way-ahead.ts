/** Who is farther than this from a piece of its way is not on it. */
const BESIDE_M = 2.5;

/**
 * Which point of a way is the first that still lies ahead of a vehicle which has gone on since it told that way. Pure; site
 * frame. The last point is ahead until another way is told.
 */
export function firstAhead(
  way: { readonly xM: readonly number[]; readonly yM: readonly number[] },
  xM: number,
  yM: number,
): number {
  let first = 0;
  for (let i = 0; i + 1 < way.xM.length; i++) {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = [way.xM[i], way.yM[i], way.xM[i + 1], way.yM[i + 1]];
    const [dxM, dyM] = [x1 - x0, y1 - y0];
    const lengthM = Math.hypot(dxM, dyM);
    if (lengthM === 0) continue;
    const alongM = ((xM - x0) * dxM + (yM - y0) * dyM) / lengthM;
    const offM = Math.abs((yM - y0) * dxM - (xM - x0) * dyM) / lengthM;
    const isLast = i + 2 === way.xM.length;
    if (alongM > 0 && (alongM <= lengthM || isLast) && offM < BESIDE_M) first = i + 1;
  }
  return first;
}
