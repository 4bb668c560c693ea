/**
 * A line in the plane with the distance along it at every point. Frame: site, metres.
 * Shape: the three arrays are of equal length, at least 1; `alongM` starts at 0 and never falls.
 */
export interface Polyline {
  readonly xM: readonly number[];
  readonly yM: readonly number[];
  readonly alongM: readonly number[];
  readonly lengthM: number;
}

/** Points nearer than this are one point. */
const SAME_M = 1e-6;

/** A polyline out of its coordinates; repeated points are dropped. Undefined when no point is left. */
export function polylineOf(xM: readonly number[], yM: readonly number[]): Polyline | undefined {
  const xs: number[] = [];
  const ys: number[] = [];
  const along: number[] = [];
  for (let i = 0; i < Math.min(xM.length, yM.length); i++) {
    const x = xM[i] ?? 0;
    const y = yM[i] ?? 0;
    const last = xs.length - 1;
    if (last < 0) {
      along.push(0);
    } else {
      const stepM = Math.hypot(x - (xs[last] ?? 0), y - (ys[last] ?? 0));
      if (stepM < SAME_M) continue;
      along.push((along[last] ?? 0) + stepM);
    }
    xs.push(x);
    ys.push(y);
  }
  return xs.length === 0
    ? undefined
    : { xM: xs, yM: ys, alongM: along, lengthM: along[along.length - 1] ?? 0 };
}

/** The line, made longer at both ends, straight on: so that bands of lines that follow each other leave no gap. */
export function extended(line: Polyline, byM: number): Polyline {
  const start = placeAt(line, 0);
  const end = placeAt(line, line.lengthM);
  const xs = [
    start.xM - Math.cos(start.headingRad) * byM,
    ...line.xM,
    end.xM + Math.cos(end.headingRad) * byM,
  ];
  const ys = [
    start.yM - Math.sin(start.headingRad) * byM,
    ...line.yM,
    end.yM + Math.sin(end.headingRad) * byM,
  ];
  return polylineOf(xs, ys) ?? line;
}

/** The index of the first point that lies farther along than `alongM`; the number of points when none does. */
export function firstBeyond(line: Polyline, alongM: number): number {
  let low = 0;
  let high = line.alongM.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((line.alongM[middle] ?? 0) > alongM) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The place `alongM` into the line (clamped to it), and the heading there. */
export function placeAt(line: Polyline, alongM: number): { xM: number; yM: number; headingRad: number } {
  const last = line.xM.length - 1;
  const i = Math.max(0, Math.min(last - 1, firstBeyond(line, alongM) - 1));
  const j = Math.min(last, i + 1);
  const fromM = line.alongM[i] ?? 0;
  const stepM = (line.alongM[j] ?? 0) - fromM;
  const part = stepM === 0 ? 0 : Math.max(0, Math.min(1, (alongM - fromM) / stepM));
  const x0 = line.xM[i] ?? 0;
  const y0 = line.yM[i] ?? 0;
  const dx = (line.xM[j] ?? 0) - x0;
  const dy = (line.yM[j] ?? 0) - y0;
  return { xM: x0 + dx * part, yM: y0 + dy * part, headingRad: Math.atan2(dy, dx) };
}

/** The point of the line nearest to a place: how far along, and how far off. */
export function projectOnto(line: Polyline, xM: number, yM: number): { alongM: number; offM: number } {
  const best = { alongM: 0, offM: 0 };
  projectBetween(line, 0, line.xM.length - 1, xM, yM, best);
  return best;
}

/**
 * The same for the pieces from point `from` to point `to` only, into `out`, for those who ask every frame.
 * Returns the point before the place found.
 */
export function projectBetween(
  line: Polyline,
  from: number,
  to: number,
  xM: number,
  yM: number,
  out: { alongM: number; offM: number },
): number {
  const dx0 = xM - (line.xM[from] ?? 0);
  const dy0 = yM - (line.yM[from] ?? 0);
  let least2 = dx0 * dx0 + dy0 * dy0;
  let alongM = line.alongM[from] ?? 0;
  let found = from;
  for (let i = from; i < to; i++) {
    const x0 = line.xM[i] ?? 0;
    const y0 = line.yM[i] ?? 0;
    const dx = (line.xM[i + 1] ?? 0) - x0;
    const dy = (line.yM[i + 1] ?? 0) - y0;
    const step2 = dx * dx + dy * dy;
    const part = Math.max(0, Math.min(1, ((xM - x0) * dx + (yM - y0) * dy) / step2));
    const offX = xM - x0 - dx * part;
    const offY = yM - y0 - dy * part;
    const off2 = offX * offX + offY * offY;
    if (off2 >= least2) continue;
    least2 = off2;
    const stepM = (line.alongM[i + 1] ?? 0) - (line.alongM[i] ?? 0);
    alongM = (line.alongM[i] ?? 0) + stepM * part;
    found = i;
  }
  out.alongM = alongM;
  out.offM = Math.sqrt(least2);
  return found;
}
