import type { Band } from "./geometry/band-arena.ts";
import { type Polyline, projectBetween } from "./geometry/polyline.ts";
import { TriangleWriter, writeBand } from "./geometry/ribbon.ts";
import type { Stretch } from "./way-book.ts";

/** Half of a carrier: a ribbon starts at the vehicle's nose. */
export const NOSE_M = 7.5;
const GRANTED_HALF_M = 0.62;
const PLANNED_HALF_M = 0.34;
export const PLANNED_DASH = { onM: 2.6, offM: 2.2 } as const;
/** Closed ground is barred across the whole lane: a pattern of its own, not a colour alone. */
const CLOSED_HALF_M = 1.6;
const CLOSED_DASH = { onM: 0.9, offM: 0.9 } as const;
const HEIGHT_M = 0.08;
/** A vehicle farther than this from its granted ways is not on them: nothing is cut off. */
const ON_WAY_M = 6;

/** Pieces of a way that are looked at behind and before the one where the vehicle was last. */
const LOOK_BACK = 2;
const LOOK_AHEAD = 8;
const FAR = Number.MAX_SAFE_INTEGER;
/** Nearer than this to what is looked at, the vehicle is there; else the whole way is looked at. */
const NEAR_M = 1.5;

/**
 * How far a vehicle has come along what it is granted. Asked every frame, so it looks first where it found it last. Which of
 * two places it is at where a way crosses itself is told by that too.
 */
export class WayProgress {
  readonly #granted: Stretch;
  readonly #found = { alongM: 0, offM: 0 };
  /** The line, and the point before the vehicle on it. */
  #line = 0;
  #at = 0;
  #alongM = 0;
  #offM = Number.POSITIVE_INFINITY;

  constructor(granted: Stretch) {
    this.#granted = granted;
  }

  /**
   * From where on the way still lies ahead of the vehicle's nose; the whole of it for a vehicle that is not on it.
   * The last metres of a way are driven by the vehicle's centre, so its nose ends half a body beyond the line's end.
   */
  fromM(xM: number, yM: number): number {
    const { lines } = this.#granted;
    const at = this.#at;
    this.#offM = Number.POSITIVE_INFINITY;
    this.#look(this.#line, at - LOOK_BACK, at + LOOK_AHEAD, xM, yM);
    const line = lines[this.#line];
    if (line !== undefined && this.#at >= line.xM.length - 2)
      this.#look(this.#line + 1, 0, LOOK_AHEAD, xM, yM);
    if (this.#offM > NEAR_M) for (let i = 0; i < lines.length; i++) this.#look(i, 0, FAR, xM, yM);
    return this.#offM > ON_WAY_M ? 0 : this.#alongM + NOSE_M;
  }

  /** At some points of a line: it is there unless it was nearer elsewhere. */
  #look(lineIndex: number, from: number, to: number, xM: number, yM: number): void {
    const line = this.#granted.lines[lineIndex];
    if (line === undefined) return;
    const last = line.xM.length - 1;
    const point = projectBetween(line, Math.max(0, from), Math.min(last, to), xM, yM, this.#found);
    if (this.#found.offM >= this.#offM) return;
    this.#offM = this.#found.offM;
    this.#line = lineIndex;
    this.#at = point;
    this.#alongM = (this.#granted.startM[lineIndex] ?? 0) + this.#found.alongM;
  }
}

/** The ribbon of a road that is granted: solid. Of a road that is planned: narrower, dashed where it is drawn. */
export const grantedBand = (road: Polyline): Band => bandOf(road, GRANTED_HALF_M);
export const plannedBand = (road: Polyline): Band => bandOf(road, PLANNED_HALF_M);

function bandOf(road: Polyline, halfM: number): Band {
  const writer = new TriangleWriter();
  writeBand(writer, road, { fromM: 0, toM: road.lengthM, rightM: -halfM, leftM: halfM, z: HEIGHT_M });
  const { positions, alongM, count } = writer;
  return { positions: positions.slice(0, count * 3), alongM: alongM.slice(0, count), count };
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
      z: HEIGHT_M,
    };
    writeBand(writer, line, extent, CLOSED_DASH);
  }
}
