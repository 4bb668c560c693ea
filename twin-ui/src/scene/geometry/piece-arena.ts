import { doubled } from "./ribbon.ts";
import { type RoadSections, STRIP_SECTIONS, stripsOf } from "./road-sections.ts";

/** The cross-sections of each road, by its number: the first of them in the book of all, and how many. */
type Roads = Pick<RoadSections, "firstOf" | "countOf">;

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
  readonly #roads: Roads;
  readonly #places = new Map<number, Place>();
  #unused = 0;
  #changedFrom = Number.POSITIVE_INFINITY;
  #changedTo = 0;

  constructor(roads: Roads) {
    this.#roads = roads;
  }

  get owners(): number {
    return this.#places.size;
  }

  /** Writes an owner's way, in the place of the one before: its roads, by their numbers, and where along it each begins. */
  put(owner: number, roads: readonly number[], startM: readonly number[]): void {
    const { firstOf, countOf } = this.#roads;
    let count = 0;
    for (let i = 0; i < roads.length; i++) count += stripsOf(countOf[roads[i] ?? -1] ?? 0);
    let place = this.#places.get(owner);
    if (place === undefined || place.room < count) {
      this.drop(owner);
      place = this.#append(count);
      this.#places.set(owner, place);
    }
    const { pieces } = this;
    let at = place.first * PIECE_FLOATS;
    for (let i = 0; i < roads.length; i++) {
      const road = roads[i] ?? -1;
      const beginsM = startM[i] ?? 0;
      let first = firstOf[road] ?? 0;
      for (let left = countOf[road] ?? 0; left > 1; left -= STRIP_SECTIONS - 1) {
        pieces[at] = first;
        pieces[at + 1] = Math.min(STRIP_SECTIONS, left);
        pieces[at + 2] = beginsM;
        pieces[at + 3] = owner;
        first += STRIP_SECTIONS - 1;
        at += PIECE_FLOATS;
      }
    }
    const end = (place.first + place.room) * PIECE_FLOATS;
    while (at < end) pieces[at++] = 0;
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
