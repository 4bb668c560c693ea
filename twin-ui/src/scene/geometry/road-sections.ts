import type { RoadPiece } from "./piece-arena.ts";
import type { Polyline } from "./polyline.ts";
import { bandSections } from "./ribbon.ts";

/** Cross-sections of one strip: a road of more is several strips. */
export const STRIP_SECTIONS = 9;
const SECTION_FLOATS = 4;

/**
 * The cross-sections of all roads, in one list, for the graphics hardware to look up: `xM, yM, headingRad` (site frame) and how
 * far along its road each is. Written once; a way over roads is told as pieces of it.
 */
export class RoadSections {
  /** Four numbers a cross-section; filled up to a whole number of lines of `perLine`. */
  readonly sections: Float32Array;
  readonly #piecesOf = new Map<Polyline, readonly RoadPiece[]>();

  constructor(roads: Iterable<Polyline>, perLine: number) {
    const numbers: number[] = [];
    for (const road of roads) {
      const parts = road.xM.length < 2 ? [] : bandSections(road);
      const first = numbers.length / SECTION_FLOATS;
      for (const { xM, yM, headingRad, alongM } of parts) numbers.push(xM, yM, headingRad, alongM);
      const pieces = [];
      // The last cross-section of a strip is the first of the next one.
      for (let at = 0; at + 1 < parts.length; at += STRIP_SECTIONS - 1)
        pieces.push({ first: first + at, count: Math.min(STRIP_SECTIONS, parts.length - at) });
      this.#piecesOf.set(road, pieces);
    }
    const aLine = perLine * SECTION_FLOATS;
    this.sections = new Float32Array(Math.max(1, Math.ceil(numbers.length / aLine)) * aLine);
    this.sections.set(numbers);
  }

  /** The pieces of a road; none of a road that is not in the list. */
  piecesOf(road: Polyline): readonly RoadPiece[] {
    return this.#piecesOf.get(road) ?? NO_PIECES;
  }
}

const NO_PIECES: readonly RoadPiece[] = [];
