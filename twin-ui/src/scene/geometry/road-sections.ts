import type { Polyline } from "./polyline.ts";
import { bandSections } from "./ribbon.ts";

/** Cross-sections of one strip: a road of more is several strips. */
export const STRIP_SECTIONS = 9;
const SECTION_FLOATS = 4;

/**
 * The cross-sections of all roads, in one list, for the graphics hardware to look up: `xM, yM, headingRad` (site frame) and how
 * far along its road each is. Written once; a way over roads is told as strips of them. A road is known by its number here.
 */
export class RoadSections {
  /** Four numbers a cross-section; filled up to a whole number of lines of `perLine`. */
  readonly sections: Float32Array;
  /** Of each road: its first cross-section, and how many it has; none where there is nothing to draw. */
  readonly firstOf: Int32Array;
  readonly countOf: Int32Array;

  constructor(roads: Iterable<Polyline>, perLine: number) {
    const numbers: number[] = [];
    const firsts: number[] = [];
    const counts: number[] = [];
    for (const road of roads) {
      const parts = road.xM.length < 2 ? [] : bandSections(road);
      firsts.push(numbers.length / SECTION_FLOATS);
      counts.push(parts.length);
      for (const { xM, yM, headingRad, alongM } of parts) numbers.push(xM, yM, headingRad, alongM);
    }
    const aLine = perLine * SECTION_FLOATS;
    this.sections = new Float32Array(Math.max(1, Math.ceil(numbers.length / aLine)) * aLine);
    this.sections.set(numbers);
    this.firstOf = Int32Array.from(firsts);
    this.countOf = Int32Array.from(counts);
  }
}

/** How many strips so many cross-sections are: the last cross-section of a strip is the first of the next one. */
export const stripsOf = (sections: number): number =>
  sections < 2 ? 0 : Math.ceil((sections - 1) / (STRIP_SECTIONS - 1));
