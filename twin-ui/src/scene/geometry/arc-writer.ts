import { doubled } from "./ribbon.ts";

/** Pieces of an arc between two places. */
const PIECES = 12;
/** How much of an arrow's length its head takes at most. */
const HEAD_PART = 0.35;
/** Corners that a triangle of three numbers a corner has. */
const FLOATS_A_VERTEX = 3;

/** One end of an arrow. Frame: site, metres. */
export interface ArcEnd {
  readonly xM: number;
  readonly yM: number;
  readonly zM: number;
}

/**
 * Writes arrows that rise over what lies between their ends, as flat bands with a head: seen from above they are straight,
 * from the side they are arcs. Corners of `x, y, z` and colours of `r, g, b`, parallel; arrays grow by doubling and are reused.
 */
export class ArcWriter {
  positions = new Float32Array(FLOATS_A_VERTEX * 1024);
  colours = new Float32Array(FLOATS_A_VERTEX * 1024);
  /** Vertices written so far. */
  count = 0;

  reset(): void {
    this.count = 0;
  }

  /** An arrow of a width; nothing when its ends are one place. `riseM`: how far over its ends it is at its middle. */
  arrow(
    from: ArcEnd,
    to: ArcEnd,
    widthM: number,
    riseM: number,
    colour: { readonly r: number; readonly g: number; readonly b: number },
  ): void {
    const dx = to.xM - from.xM;
    const dy = to.yM - from.yM;
    const lengthM = Math.hypot(dx, dy);
    if (lengthM < 0.5) return;
    const headM = Math.min(lengthM * HEAD_PART, widthM * 3.2);
    const acrossX = -dy / lengthM;
    const acrossY = dx / lengthM;
    const at = (part: number) => ({
      x: from.xM + dx * part,
      y: from.yM + dy * part,
      z: from.zM + (to.zM - from.zM) * part + riseM * 4 * part * (1 - part),
    });
    const shaftPart = 1 - headM / lengthM;
    const put = (part: number, offM: number): void => {
      const { x, y, z } = at(part);
      this.#put(x + acrossX * offM, y + acrossY * offM, z, colour);
    };
    const half = widthM / 2;
    for (let i = 0; i < PIECES; i++) {
      const a = (shaftPart * i) / PIECES;
      const b = (shaftPart * (i + 1)) / PIECES;
      put(a, -half);
      put(b, -half);
      put(b, half);
      put(a, -half);
      put(b, half);
      put(a, half);
    }
    put(shaftPart, -widthM * 1.5);
    put(1, 0);
    put(shaftPart, widthM * 1.5);
  }

  #put(x: number, y: number, z: number, { r, g, b }: { r: number; g: number; b: number }): void {
    const at = this.count * FLOATS_A_VERTEX;
    if (at + FLOATS_A_VERTEX > this.positions.length) {
      this.positions = doubled(this.positions);
      this.colours = doubled(this.colours);
    }
    this.positions[at] = x;
    this.positions[at + 1] = y;
    this.positions[at + 2] = z;
    this.colours[at] = r;
    this.colours[at + 1] = g;
    this.colours[at + 2] = b;
    this.count++;
  }
}
