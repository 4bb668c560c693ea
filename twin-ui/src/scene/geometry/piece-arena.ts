import { doubled } from "./ribbon.ts";

/** Some cross-sections of a road, one after the other, that are drawn as a strip. */
export interface RoadPiece {
  /** The first of them, in the book of all. */
  readonly first: number;
  /** Cross-sections. */
  readonly count: number;
}

interface Place {
  readonly first: number;
  readonly room: number;
}

/** Numbers of a piece. */
export const PIECE_FLOATS = 4;
/** Below this many pieces nothing is moved together. */
const SMALL = 512;
/** A way that has grown gets so much more room, since it will grow again. */
const ROOM_TIMES = 1.25;

/**
 * The ways of many owners as one list of pieces, of which only what changed is written anew: an owner's way keeps its place
 * while it fits there. Four numbers a piece: its first cross-section, how many, where its road begins along the way (metres),
 * and who the owner is. Room that nobody uses is pieces of no cross-section.
 */
export class PieceArena {
  pieces = new Float32Array(PIECE_FLOATS * SMALL);
  /** Pieces, used or not, from the first. */
  count = 0;
  readonly #places = new Map<number, Place>();
  #unused = 0;
  #changedFrom = Number.POSITIVE_INFINITY;
  #changedTo = 0;

  get owners(): number {
    return this.#places.size;
  }

  /** Writes an owner's way, in the place of the one before: the pieces of its roads, and where along it each road begins. */
  put(owner: number, roads: readonly (readonly RoadPiece[])[], startM: readonly number[]): void {
    let count = 0;
    for (const pieces of roads) count += pieces.length;
    let place = this.#places.get(owner);
    if (place === undefined || place.room < count) {
      this.drop(owner);
      place = this.#append(count);
      this.#places.set(owner, place);
    }
    const { pieces: all } = this;
    let at = place.first * PIECE_FLOATS;
    for (let road = 0; road < roads.length; road++) {
      const pieces = roads[road] ?? [];
      const beginsM = startM[road] ?? 0;
      for (let i = 0; i < pieces.length; i++) {
        all[at] = pieces[i]?.first ?? 0;
        all[at + 1] = pieces[i]?.count ?? 0;
        all[at + 2] = beginsM;
        all[at + 3] = owner;
        at += PIECE_FLOATS;
      }
    }
    all.fill(0, at, (place.first + place.room) * PIECE_FLOATS);
    this.#mark(place);
  }

  drop(owner: number): void {
    const place = this.#places.get(owner);
    if (place === undefined) return;
    this.#places.delete(owner);
    this.#unused += place.room;
    this.pieces.fill(0, place.first * PIECE_FLOATS, (place.first + place.room) * PIECE_FLOATS);
    this.#mark(place);
  }

  /** From the first to the last piece that was written since this was asked last; undefined when none was. */
  takeChange(): { readonly first: number; readonly count: number } | undefined {
    if (this.#unused > SMALL && this.#unused > this.count / 2) this.#moveTogether();
    const first = this.#changedFrom;
    const to = Math.min(this.#changedTo, this.count);
    this.#changedFrom = Number.POSITIVE_INFINITY;
    this.#changedTo = 0;
    return first < to ? { first, count: to - first } : undefined;
  }

  #mark({ first, room }: Place): void {
    this.#changedFrom = Math.min(this.#changedFrom, first);
    this.#changedTo = Math.max(this.#changedTo, first + room);
  }

  #append(count: number): Place {
    const room = Math.ceil(count * ROOM_TIMES);
    const first = this.count;
    this.count += room;
    while (this.count * PIECE_FLOATS > this.pieces.length) this.pieces = doubled(this.pieces);
    return { first, room };
  }

  #moveTogether(): void {
    let next = 0;
    for (const [owner, { first, room }] of [...this.#places].sort(([, a], [, b]) => a.first - b.first)) {
      this.pieces.copyWithin(next * PIECE_FLOATS, first * PIECE_FLOATS, (first + room) * PIECE_FLOATS);
      this.#places.set(owner, { first: next, room });
      next += room;
    }
    this.count = next;
    this.#unused = 0;
    this.#mark({ first: 0, room: next });
  }
}
