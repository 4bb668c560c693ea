import { grown, intAt } from "./int-arrays.ts";
import { ENDLESS } from "./ticks.ts";
import { type Visit, visitAt, visitsAt } from "./vehicle.ts";

const LEAST_ROOM = 16;
/** What `#rows` has a block: where its row begins, the room there, and how many numbers are in it. */
const ROW_SIZE = 4;
const FROM = 0;
const ROOM = 1;
const LENGTH = 2;
/** The length of a row that is to be written anew before it is read. */
const STALE = -1;

/**
 * The times of the visits in each queue as numbers side by side, for whoever looks through many queues (see `gaps.ts`): a row
 * has the first tick of each visit and the first one after it, in the queue's order, and ends with a use that begins and
 * ends at `ENDLESS + 1`. A row is written when it is asked for first; from then on what is put into its queue or taken out is
 * put into the row and taken out too, and only where times of visits were moved is it written anew.
 *
 * All rows lie in one pool; each has room of its own there, which doubles when it is too small. Others may have room
 * in it for rows of theirs.
 */
export class QueueTimes {
  pool = new Int32Array(2 ** 14);
  #size = 0;
  readonly #queues: readonly (readonly Visit[])[];
  readonly #rows: Int32Array;

  constructor(queues: readonly (readonly Visit[])[]) {
    this.#queues = queues;
    this.#rows = new Int32Array(ROW_SIZE * queues.length);
    for (let block = 0; block < queues.length; block++) this.spoil(block);
  }

  /** Where the row of a block begins. */
  of(block: number): number {
    if (this.#rows[ROW_SIZE * block + LENGTH] === STALE) this.#write(block);
    return intAt(this.#rows, ROW_SIZE * block + FROM);
  }

  /** How many numbers the row of a block has without those that end it. */
  lengthOf(block: number): number {
    this.of(block);
    return intAt(this.#rows, ROW_SIZE * block + LENGTH);
  }

  /** Times of visits to the block were moved, or their order was. */
  spoil(block: number): void {
    this.#rows[ROW_SIZE * block + LENGTH] = STALE;
  }

  /** The index at which a visit fits between all others by its times; -1 when it does not, or visits overlap. */
  placeFor({ block, startTick, clearTick }: Visit): number {
    const first = this.of(block);
    const { pool } = this;
    let use = first;
    let clear = -ENDLESS;
    for (; intAt(pool, use) < clearTick; use += 2) {
      if (intAt(pool, use) < clear) return -1;
      clear = intAt(pool, use + 1);
    }
    return clear <= startTick ? (use - first) >> 1 : -1;
  }

  /** A visit was put into its queue at an index. */
  put({ block, startTick, clearTick }: Visit, index: number): void {
    const rows = this.#rows;
    const row = ROW_SIZE * block;
    const length = intAt(rows, row + LENGTH);
    if (length === STALE) return;
    if (length + 4 > intAt(rows, row + ROOM)) {
      this.spoil(block);
      return;
    }
    const { pool } = this;
    const first = intAt(rows, row + FROM);
    const place = first + 2 * index;
    for (let to = first + length + 3; to > place + 1; to--) pool[to] = intAt(pool, to - 2);
    pool[place] = startTick;
    pool[place + 1] = clearTick;
    rows[row + LENGTH] = length + 2;
  }

  /** The visit at an index was taken out. */
  take(block: number, index: number): void {
    const rows = this.#rows;
    const row = ROW_SIZE * block;
    const length = intAt(rows, row + LENGTH);
    if (length === STALE) return;
    const { pool } = this;
    const first = intAt(rows, row + FROM);
    for (let to = first + 2 * index; to < first + length; to++) pool[to] = intAt(pool, to + 2);
    rows[row + LENGTH] = length - 2;
  }

  /**
   * Where a row may be written that has so many numbers; `rows` has, from `at` on, where it was and its room, both of which are kept
   * up.
   */
  roomFor(rows: Int32Array, at: number, atLeast: number): number {
    if (atLeast <= intAt(rows, at + ROOM)) return intAt(rows, at + FROM);
    let room = Math.max(LEAST_ROOM, intAt(rows, at + ROOM));
    while (room < atLeast) room *= 2;
    while (this.#size + room > this.pool.length) this.pool = grown(this.pool);
    rows[at + FROM] = this.#size;
    rows[at + ROOM] = room;
    this.#size += room;
    return intAt(rows, at + FROM);
  }

  #write(block: number): void {
    const queue = visitsAt(this.#queues, block);
    let place = this.roomFor(this.#rows, ROW_SIZE * block, 2 * queue.length + 2);
    const { pool } = this;
    for (let i = 0; i < queue.length; i++) {
      const { startTick, clearTick } = visitAt(queue, i);
      pool[place++] = startTick;
      pool[place++] = clearTick;
    }
    pool[place++] = ENDLESS + 1;
    pool[place] = ENDLESS + 1;
    this.#rows[ROW_SIZE * block + LENGTH] = 2 * queue.length;
  }
}
