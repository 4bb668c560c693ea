import type { Polyline } from "./polyline.ts";
import { firstBeyond, placeAt } from "./polyline.ts";

/** How a band is cut into dashes; phase 0 is the start of the line, so that dashes stay put while the band is eaten up. */
export interface Dash {
  readonly onM: number;
  readonly offM: number;
}

/**
 * Collects flat triangles at one height: three vertices of `x, y, z` each, counter-clockwise seen from above, and for each
 * vertex how far along its line it is. The arrays grow by doubling and are reused: `reset` keeps them.
 */
export class TriangleWriter {
  positions = new Float32Array(3 * 6 * 256);
  alongM = new Float32Array(6 * 256);
  /** Vertices written so far. */
  count = 0;

  reset(): void {
    this.count = 0;
  }

  quad(
    ax: number,
    ay: number,
    bx: number,
    by: number,
    cx: number,
    cy: number,
    dx: number,
    dy: number,
    z: number,
    fromM = 0,
    toM = fromM,
  ): void {
    if ((this.count + 6) * 3 > this.positions.length) {
      this.positions = doubled(this.positions);
      this.alongM = doubled(this.alongM);
    }
    this.#put(ax, ay, z, fromM);
    this.#put(bx, by, z, toM);
    this.#put(cx, cy, z, toM);
    this.#put(ax, ay, z, fromM);
    this.#put(cx, cy, z, toM);
    this.#put(dx, dy, z, fromM);
  }

  #put(x: number, y: number, z: number, alongM: number): void {
    const at = this.count * 3;
    this.positions[at] = x;
    this.positions[at + 1] = y;
    this.positions[at + 2] = z;
    this.alongM[this.count] = alongM;
    this.count++;
  }
}

/** The array with as much again behind it. */
export function doubled(array: Float32Array): Float32Array<ArrayBuffer> {
  const grown = new Float32Array(array.length * 2);
  grown.set(array);
  return grown;
}

/** One cross-section of a band. */
interface Section {
  readonly xM: number;
  readonly yM: number;
  readonly headingRad: number;
  readonly alongM: number;
}

/** Heading at a vertex: the mean of the two pieces that meet there, so that the band has no gaps in curves. */
function vertexHeading(line: Polyline, i: number): number {
  const x = line.xM[i] ?? 0;
  const y = line.yM[i] ?? 0;
  const before = i > 0 ? i - 1 : i;
  const after = i + 1 < line.xM.length ? i + 1 : i;
  const inM = (line.alongM[i] ?? 0) - (line.alongM[before] ?? 0) || 1;
  const outM = (line.alongM[after] ?? 0) - (line.alongM[i] ?? 0) || 1;
  const dx = (x - (line.xM[before] ?? 0)) / inM + ((line.xM[after] ?? 0) - x) / outM;
  const dy = (y - (line.yM[before] ?? 0)) / inM + ((line.yM[after] ?? 0) - y) / outM;
  return Math.atan2(dy, dx);
}

/** Cross-sections of the part of a line between two distances: both ends and every vertex in between. */
function sections(line: Polyline, fromM: number, toM: number): readonly Section[] {
  const found: Section[] = [{ ...placeAt(line, fromM), alongM: fromM }];
  for (let i = firstBeyond(line, fromM + 1e-3); i < line.xM.length; i++) {
    const alongM = line.alongM[i] ?? 0;
    if (alongM >= toM - 1e-3) break;
    found.push({ xM: line.xM[i] ?? 0, yM: line.yM[i] ?? 0, headingRad: vertexHeading(line, i), alongM });
  }
  found.push({ ...placeAt(line, toM), alongM: toM });
  return found;
}

/** Cross-sections of a whole line. */
export const bandSections = (line: Polyline): readonly Section[] => sections(line, 0, line.lengthM);

function band(
  writer: TriangleWriter,
  parts: readonly Section[],
  rightM: number,
  leftM: number,
  z: number,
): void {
  for (let i = 0; i + 1 < parts.length; i++) {
    const a = parts[i];
    const b = parts[i + 1];
    if (a === undefined || b === undefined) continue;
    const aSin = Math.sin(a.headingRad);
    const aCos = Math.cos(a.headingRad);
    const bSin = Math.sin(b.headingRad);
    const bCos = Math.cos(b.headingRad);
    writer.quad(
      a.xM - aSin * rightM,
      a.yM + aCos * rightM,
      b.xM - bSin * rightM,
      b.yM + bCos * rightM,
      b.xM - bSin * leftM,
      b.yM + bCos * leftM,
      a.xM - aSin * leftM,
      a.yM + aCos * leftM,
      z,
      a.alongM,
      b.alongM,
    );
  }
}

/**
 * Writes the band beside a line between two distances along it, `rightM` to `leftM` off the centre
 * (left positive: a band of width w on the centre is -w/2 to w/2), solid or dashed. Distances are clamped to the line.
 */
export function writeBand(
  writer: TriangleWriter,
  line: Polyline,
  extent: {
    readonly fromM: number;
    readonly toM: number;
    readonly rightM: number;
    readonly leftM: number;
    readonly z: number;
  },
  dash?: Dash,
): void {
  const fromM = Math.max(0, extent.fromM);
  const toM = Math.min(line.lengthM, extent.toM);
  if (toM - fromM < 1e-3) return;
  if (dash === undefined) {
    band(writer, sections(line, fromM, toM), extent.rightM, extent.leftM, extent.z);
    return;
  }
  const period = dash.onM + dash.offM;
  for (let start = Math.floor(fromM / period) * period; start < toM; start += period) {
    const dashFromM = Math.max(fromM, start);
    const dashToM = Math.min(toM, start + dash.onM);
    if (dashToM - dashFromM > 1e-3) {
      band(writer, sections(line, dashFromM, dashToM), extent.rightM, extent.leftM, extent.z);
    }
  }
}
