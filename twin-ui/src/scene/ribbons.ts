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
 * How far a vehicle has come along what it is granted. Asked every frame, so it looks first where it can have come to since.
 * Which of two places it is at where a way crosses itself is told by that too.
 */
export class WayProgress {
  readonly #granted: Stretch;
  readonly #found = { alongM: 0, offM: 0 };
  /** The line, the point before the vehicle on it, and how far along the line it is. */
  #line = 0;
  #at = 0;
  #alongLineM = 0;
  #offM = Number.POSITIVE_INFINITY;
  /** Where the vehicle was, and what was answered. */
  #xM = Number.NaN;
  #yM = Number.NaN;
  #fromM = 0;

  /** `before`: on what the vehicle was granted until now, which mostly goes on from where it is. */
  constructor(granted: Stretch, before?: WayProgress) {
    this.#granted = granted;
    if (before === undefined || before.#offM > NEAR_M) return;
    const road = before.#granted.lines[before.#line];
    const index = road === undefined ? -1 : granted.lines.indexOf(road);
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
    const reachM = Math.hypot(xM - this.#xM, yM - this.#yM) + NEAR_M;
    this.#xM = xM;
    this.#yM = yM;
    this.#offM = Number.POSITIVE_INFINITY;
    this.#lookWithin(reachM, xM, yM);
    if (this.#offM > NEAR_M) this.#lookEverywhere(xM, yM);
    this.#fromM = this.#ahead();
    return this.#fromM;
  }

  #ahead(): number {
    const { startM } = this.#granted;
    return this.#offM > ON_WAY_M ? 0 : (startM[this.#line] ?? 0) + this.#alongLineM + NOSE_M;
  }

  /** So far before and behind where it was last. */
  #lookWithin(reachM: number, xM: number, yM: number): void {
    const index = this.#line;
    const line = this.#granted.lines[index];
    if (line === undefined || Number.isNaN(reachM)) return;
    const [leastM, mostM] = [this.#alongLineM - reachM, this.#alongLineM + reachM];
    const last = line.xM.length - 1;
    let from = this.#at;
    while (from > 0 && (line.alongM[from] ?? 0) > leastM) from--;
    let to = Math.min(last, this.#at + 1);
    while (to < last && (line.alongM[to] ?? 0) < mostM) to++;
    this.#look(index, from, to, xM, yM);
    const next = this.#granted.lines[index + 1];
    if (next === undefined || mostM < line.lengthM) return;
    to = Math.min(1, next.xM.length - 1);
    while (to < next.xM.length - 1 && (next.alongM[to] ?? 0) < mostM - line.lengthM) to++;
    this.#look(index + 1, 0, to, xM, yM);
  }

  #lookEverywhere(xM: number, yM: number): void {
    this.#granted.lines.forEach((line, i) => {
      this.#look(i, 0, line.xM.length - 1, xM, yM);
    });
  }

  /** At some points of a line: it is there unless it was nearer elsewhere. */
  #look(lineIndex: number, from: number, to: number, xM: number, yM: number): void {
    const line = this.#granted.lines[lineIndex];
    if (line === undefined) return;
    const point = projectBetween(line, from, to, xM, yM, this.#found);
    if (this.#found.offM >= this.#offM) return;
    this.#offM = this.#found.offM;
    this.#line = lineIndex;
    this.#at = point;
    this.#alongLineM = this.#found.alongM;
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
