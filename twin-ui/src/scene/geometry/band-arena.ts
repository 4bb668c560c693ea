import { doubled } from "./ribbon.ts";

/** Triangles along one line: three numbers a vertex, and how far along the line each is. */
export interface Band {
  readonly positions: Float32Array;
  readonly alongM: Float32Array;
  /** Vertices. */
  readonly count: number;
}

/** A band that follows others: its line begins so far along the whole. */
export interface BandPiece {
  readonly band: Band;
  readonly startM: number;
}

interface Place {
  readonly first: number;
  readonly room: number;
}

/** Below this many vertices nothing is moved together. */
const SMALL = 6 * 1024;
/** A band that has grown gets so much more room, since it will grow again. */
const ROOM_TIMES = 1.25;

/**
 * The bands of many owners as one list of triangles, of which only what changed is written anew: an owner's band keeps its
 * place while it fits there. Three numbers of a vertex are its position, two say how far along its way it is (metres) and
 * who its owner is. Room that nobody uses is made of triangles without a surface.
 */
export class BandArena {
  positions = new Float32Array(3 * SMALL);
  marks = new Float32Array(2 * SMALL);
  /** Vertices, used or not, from the first. */
  count = 0;
  readonly #places = new Map<number, Place>();
  #unused = 0;
  #changed: { first: number; count: number }[] = [];

  get owners(): number {
    return this.#places.size;
  }

  /** Writes an owner's band, in the place of the one before. */
  put(owner: number, pieces: readonly BandPiece[]): void {
    const count = pieces.reduce((sum, { band }) => sum + band.count, 0);
    let place = this.#places.get(owner);
    if (place === undefined || place.room < count) {
      this.drop(owner);
      place = this.#append(count);
      this.#places.set(owner, place);
    }
    this.#fill(place, owner, pieces, count);
  }

  drop(owner: number): void {
    const place = this.#places.get(owner);
    if (place === undefined) return;
    this.#places.delete(owner);
    this.#unused += place.room;
    this.positions.fill(0, place.first * 3, (place.first + place.room) * 3);
    this.#changed.push({ first: place.first, count: place.room });
  }

  /** What was written since this was asked last. */
  takeChanges(): readonly { readonly first: number; readonly count: number }[] {
    if (this.#unused > SMALL && this.#unused > this.count / 2) this.#moveTogether();
    const changed = this.#changed;
    this.#changed = [];
    return changed;
  }

  #fill({ first, room }: Place, owner: number, pieces: readonly BandPiece[], count: number): void {
    let at = first;
    for (const { band, startM } of pieces) {
      this.positions.set(band.positions, at * 3);
      for (let i = 0; i < band.count; i++) {
        this.marks[(at + i) * 2] = startM + (band.alongM[i] ?? 0);
        this.marks[(at + i) * 2 + 1] = owner;
      }
      at += band.count;
    }
    this.positions.fill(0, (first + count) * 3, (first + room) * 3);
    this.#changed.push({ first, count: room });
  }

  #append(count: number): Place {
    const room = Math.ceil((count * ROOM_TIMES) / 6) * 6;
    const first = this.count;
    this.count += room;
    while (this.count * 3 > this.positions.length) {
      this.positions = doubled(this.positions);
      this.marks = doubled(this.marks);
    }
    return { first, room };
  }

  #moveTogether(): void {
    let next = 0;
    for (const [owner, { first, room }] of [...this.#places].sort(([, a], [, b]) => a.first - b.first)) {
      this.positions.copyWithin(next * 3, first * 3, (first + room) * 3);
      this.marks.copyWithin(next * 2, first * 2, (first + room) * 2);
      this.#places.set(owner, { first: next, room });
      next += room;
    }
    this.count = next;
    this.#unused = 0;
    this.#changed = [{ first: 0, count: next }];
  }
}
