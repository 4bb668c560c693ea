import { type Polyline, projectBetween } from "./geometry/polyline.ts";
import { type TriangleWriter, writeBand } from "./geometry/ribbon.ts";

/** Half of a carrier: a ribbon starts at the vehicle's nose. */
export const NOSE_M = 7.5;
const GRANTED_HALF_M = 0.62;
const PLANNED_HALF_M = 0.34;
const PLANNED_DASH = { onM: 2.6, offM: 2.2 } as const;
/** Closed ground is barred across the whole lane: a pattern of its own, not a colour alone. */
const CLOSED_HALF_M = 1.6;
const CLOSED_DASH = { onM: 0.9, offM: 0.9 } as const;
const HEIGHT_M = 0.08;
/** A vehicle farther than this from its granted ways is not on them: nothing is cut off. */
const ON_WAY_M = 6;

/** Pieces of a way that are looked at behind and before the one where the vehicle was last. */
const LOOK_BACK = 2;
const LOOK_AHEAD = 8;
/** Nearer than this to what is looked at, the vehicle is there; else the whole way is looked at. */
const NEAR_M = 1.5;

/** How far a vehicle has come along what it is granted. Asked every frame, so it looks first where it found it last. */
export class WayProgress {
  readonly #granted: Polyline;
  readonly #found = { alongM: 0, offM: 0 };
  #at = 0;

  constructor(granted: Polyline) {
    this.#granted = granted;
  }

  /**
   * From where on the way still lies ahead of the vehicle's nose; the whole of it for a vehicle that is not on it.
   * The last metres of a way are driven by the vehicle's centre, so its nose ends half a body beyond the line's end.
   */
  fromM(xM: number, yM: number): number {
    const line = this.#granted;
    const last = line.xM.length - 1;
    const from = Math.max(0, this.#at - LOOK_BACK);
    this.#at = projectBetween(line, from, Math.min(last, this.#at + LOOK_AHEAD), xM, yM, this.#found);
    if (this.#found.offM > NEAR_M) this.#at = projectBetween(line, 0, last, xM, yM, this.#found);
    return this.#found.offM > ON_WAY_M ? 0 : this.#found.alongM + NOSE_M;
  }
}

/** Writes what a vehicle is granted, solid and whole; what it has behind its nose is not for drawing. */
export function writeGranted(writer: TriangleWriter, granted: Polyline): void {
  const extent = {
    fromM: 0,
    toM: granted.lengthM,
    rightM: -GRANTED_HALF_M,
    leftM: GRANTED_HALF_M,
    z: HEIGHT_M,
  };
  writeBand(writer, granted, extent);
}

/** Writes what a vehicle is planned to drive after its grant, dashed. */
export function writePlanned(writer: TriangleWriter, planned: Polyline): void {
  const extent = {
    fromM: 0,
    toM: planned.lengthM,
    rightM: -PLANNED_HALF_M,
    leftM: PLANNED_HALF_M,
    z: HEIGHT_M,
  };
  writeBand(writer, planned, extent, PLANNED_DASH);
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
