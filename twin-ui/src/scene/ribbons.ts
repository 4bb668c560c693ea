import { type Polyline, projectBetween } from "./geometry/polyline.ts";
import { type TriangleWriter, writeBand } from "./geometry/ribbon.ts";
import type { Stretch } from "./way-book.ts";

/** Half of a carrier: a ribbon starts at the vehicle's nose. */
export const NOSE_M = 7.5;
export const GRANTED_HALF_M = 0.62;
export const PLANNED_HALF_M = 0.34;
export const PLANNED_DASH = { onM: 2.6, offM: 2.2 } as const;
/** Closed ground is barred across the whole lane: a pattern of its own, not a colour alone. */
const CLOSED_HALF_M = 1.6;
const CLOSED_DASH = { onM: 0.9, offM: 0.9 } as const;
export const RIBBON_Z_M = 0.08;
/** A vehicle farther than this from its granted ways is not on them: nothing is cut off. */
const ON_WAY_M = 6;

/** Nearer than this to what is looked at, the vehicle is there; else the whole way is looked at. */
const NEAR_M = 1.5;

/**
 * How far a vehicle has come along what it is granted. Asked every frame, so it goes on from where it was last, and looks at the
 * whole way only when that leads nowhere. Which of two places it is at where a way crosses itself is told by that too.
 */
export class WayProgress {
  readonly #granted: Stretch;
  readonly #found = { alongM: 0, offM: 0 };
  /** The line, the point before the vehicle on it, and how far along the line it is. */
  #line = 0;
  #at = 0;
  #alongLineM = 0;
  #offM = Number.POSITIVE_INFINITY;
  /** Whether it is known where to go on from. */
  #isBegun = false;
  /** Where the vehicle was, and what was answered. */
  #xM = Number.NaN;
  #yM = Number.NaN;
  #fromM = 0;

  /** `before`: on what the vehicle was granted until now, which mostly goes on from where it is. */
  constructor(granted: Stretch, before?: WayProgress) {
    this.#granted = granted;
    if (before === undefined) return;
    // Told of later than it drives, it may still be on a road that is not its any more: then it comes to the first one next.
    this.#isBegun = true;
    const road = before.#granted.lines[before.#line];
    const index = road === undefined || before.#offM > NEAR_M ? -1 : granted.lines.indexOf(road);
    if (index < 0) return;
    this.#line = index;
    this.#at = before.#at;
    this.#alongLineM = before.#alongLineM;
    this.#offM = before.#offM;
    this.#xM = before.#xM;
    this.#yM = before.#yM;
    this.#fromM = this.#ahead();
  }

  /**
   * From where on the way still lies ahead of the vehicle's nose; the whole of it for a vehicle that is not on it.
   * The last metres of a way are driven by the vehicle's centre, so its nose ends half a body beyond the line's end.
   */
  fromM(xM: number, yM: number): number {
    if (xM === this.#xM && yM === this.#yM) return this.#fromM;
    this.#xM = xM;
    this.#yM = yM;
    if (!this.#isBegun || !this.#goOn(xM, yM)) this.#lookEverywhere(xM, yM);
    this.#isBegun = this.#offM <= ON_WAY_M;
    this.#fromM = this.#ahead();
    return this.#fromM;
  }

  #ahead(): number {
    const { startM } = this.#granted;
    return this.#offM > ON_WAY_M ? 0 : (startM[this.#line] ?? 0) + this.#alongLineM + NOSE_M;
  }

  /**
   * From piece to piece while the vehicle is past its end, or before its beginning. True when that leads to it: to where it is on
   * the way, or to the end of the way that it is near.
   */
  #goOn(xM: number, yM: number): boolean {
    const { lines } = this.#granted;
    let index = this.#line;
    let at = this.#at;
    let way = 0;
    for (let line = lines[index]; line !== undefined; line = lines[index]) {
      const x0 = line.xM[at] ?? 0;
      const y0 = line.yM[at] ?? 0;
      const dx = (line.xM[at + 1] ?? x0) - x0;
      const dy = (line.yM[at + 1] ?? y0) - y0;
      const part = ((xM - x0) * dx + (yM - y0) * dy) / (dx * dx + dy * dy);
      const towards = part > 1 ? 1 : part < 0 ? -1 : 0;
      let isEnd = false;
      // Back to where it has just come from: it is at the corner between the two.
      if (towards !== 0 && towards !== -way) {
        way = towards;
        if (towards > 0 ? at + 2 < line.xM.length : at > 0) {
          at += towards;
          continue;
        }
        const next = lines[index + towards];
        if (next !== undefined) {
          index += towards;
          at = towards > 0 ? 0 : Math.max(0, next.xM.length - 2);
          continue;
        }
        isEnd = true;
      }
      const within = part > 1 ? 1 : Math.max(part, 0);
      const offX = xM - x0 - dx * within;
      const offY = yM - y0 - dy * within;
      const offM = Math.sqrt(offX * offX + offY * offY);
      // Nor does a road of one point lead anywhere, whose piece has no length to be a part of.
      if (!(offM <= (isEnd ? ON_WAY_M : NEAR_M))) return false;
      const alongM = line.alongM[at] ?? 0;
      this.#line = index;
      this.#at = at;
      this.#alongLineM = alongM + ((line.alongM[at + 1] ?? alongM) - alongM) * within;
      this.#offM = offM;
      return true;
    }
    return false;
  }

  #lookEverywhere(xM: number, yM: number): void {
    this.#offM = Number.POSITIVE_INFINITY;
    this.#granted.lines.forEach((line, index) => {
      const at = projectBetween(line, 0, line.xM.length - 1, xM, yM, this.#found);
      if (this.#found.offM >= this.#offM) return;
      this.#offM = this.#found.offM;
      this.#line = index;
      this.#at = Math.min(at, Math.max(0, line.xM.length - 2));
      this.#alongLineM = this.#found.alongM;
    });
  }
}

/** Writes the bars over closed edges; edges that the site does not know are left out. */
export function writeClosed(
  writer: TriangleWriter,
  edgeIds: Iterable<string>,
  roads: ReadonlyMap<string, Polyline>,
): void {
  for (const edgeId of new Set(edgeIds)) {
    const line = roads.get(edgeId);
    if (line === undefined) continue;
    const extent = {
      fromM: 0,
      toM: line.lengthM,
      rightM: -CLOSED_HALF_M,
      leftM: CLOSED_HALF_M,
      z: RIBBON_Z_M,
    };
    writeBand(writer, line, extent, CLOSED_DASH);
  }
}
