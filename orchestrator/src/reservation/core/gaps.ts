import type { Csr } from "@baton/maps";
import type { Claims } from "./claims.ts";
import { grown, intAt } from "./int-arrays.ts";
import { ENDLESS, type Tick } from "./ticks.ts";
import { type Trial, USE_CLEAR, USE_NEXT, USE_START } from "./trial.ts";
import { type VehicleRecord, type Visit, visitAt } from "./vehicle.ts";

const LEAST_ROOM = 16;
/** What `#rows` has a block. */
const ROW_SIZE = 3;
const SEARCH = 0;
const FROM = 1;
const LAST = 2;

/**
 * When blocks are used, as numbers side by side: of each block that a search asks for, the times of its visits are
 * copied into one pool, in order of time; uses that follow each other without a gap become one. A row is kept from
 * search to search, and from tick to tick, until something about the block changes (`Claims.changes`), but for blocks
 * that the vehicle which plans has visits to itself: these are left out in a row of their own, which serves one search, or
 * one trial as long as the block is not touched.
 *
 * A use is named by its place in the pool: `pool[use]` is its first tick, `pool[use + 1]` the first one after it;
 * a row ends with a use that begins and ends at `ENDLESS + 1`. Each block has room of its own in the pool, which
 * doubles when it is too small: the pool is never more than eight times as long as the longest queues were in sum.
 */
export class Uses {
  pool = new Int32Array(2 ** 14);
  #size = 0;
  readonly #ground: Csr;
  /**
   * By block, three numbers: the search that looked it up last, where the row begins that counts for that one, and the use
   * that it was told last: the next time asked for is mostly near the last.
   */
  readonly #rows: Int32Array;
  /** By block: where the row begins that is kept, its room, and the state of the block's claims that it was copied in. */
  readonly #home: Int32Array;
  readonly #homeRoom: Int32Array;
  readonly #copied: Int32Array;
  /** By block: the same for a row that leaves someone out; and the version of the block in a trial, if it is of one. */
  readonly #spare: Int32Array;
  readonly #spareRoom: Int32Array;
  readonly #spareVersion: Float64Array;
  /** By block: the last search by a vehicle that has visits to it itself. */
  readonly #own: Int32Array;
  #searches = 0;
  #tick: Tick = -1;
  readonly #claims: Claims;
  #vehicle: VehicleRecord | undefined;
  #trial: Trial | undefined;

  /** `ground`: the blocks of each pose. */
  constructor(ground: Csr, claims: Claims) {
    const blockCount = claims.queues.length;
    this.#ground = ground;
    this.#claims = claims;
    this.#rows = new Int32Array(ROW_SIZE * blockCount);
    this.#home = new Int32Array(blockCount);
    this.#homeRoom = new Int32Array(blockCount);
    this.#spare = new Int32Array(blockCount);
    this.#spareRoom = new Int32Array(blockCount);
    this.#spareVersion = new Float64Array(blockCount);
    this.#copied = new Int32Array(blockCount).fill(-1);
    this.#own = new Int32Array(blockCount);
  }

  /**
   * From here on: uses by all but this vehicle, or, in a trial, as that has it. What is over at `tick` need not be
   * among them.
   */
  begin(vehicle: VehicleRecord, tick: Tick, trial: Trial | undefined): void {
    const search = ++this.#searches;
    this.#vehicle = vehicle;
    this.#tick = tick;
    this.#trial = trial;
    if (trial !== undefined) return;
    for (let i = 0; i < vehicle.visits.length; i++) this.#own[visitAt(vehicle.visits, i).block] = search;
  }

  /** The first use of a block that is not over at `tick`: always one, if only the one that ends the row. */
  next(block: number, tick: Tick): number {
    const rows = this.#rows;
    const row = ROW_SIZE * block;
    if (rows[row + SEARCH] !== this.#searches) this.#lookUp(block);
    const { pool } = this;
    const first = intAt(rows, row + FROM);
    let use = intAt(rows, row + LAST);
    if (intAt(pool, use + 1) <= tick) {
      do use += 2;
      while (intAt(pool, use + 1) <= tick);
    } else while (use > first && intAt(pool, use - 1) > tick) use -= 2;
    rows[row + LAST] = use;
    return use;
  }

  /** Until when the ground of a pose stays free from `tick` on; later than `ENDLESS` when nobody uses it any more. */
  freeUntil(pose: number, tick: Tick): Tick {
    let until = ENDLESS + 1;
    const end = intAt(this.#ground.offsets, pose + 1);
    for (let i = intAt(this.#ground.offsets, pose); i < end; i++) {
      const use = this.next(intAt(this.#ground.values, i), tick);
      const start = intAt(this.pool, use);
      if (start < until) until = start;
    }
    return until;
  }

  /** When the last of those who use the ground of a pose has left it; later than `ENDLESS` when one stays. */
  freeForGoodFrom(pose: number): Tick {
    let from = 0;
    const end = intAt(this.#ground.offsets, pose + 1);
    for (let i = intAt(this.#ground.offsets, pose); i < end; i++) {
      const block = intAt(this.#ground.values, i);
      const use = this.next(block, ENDLESS - 1);
      if (intAt(this.pool, use) < ENDLESS) return ENDLESS + 1;
      if (use > intAt(this.#rows, ROW_SIZE * block + FROM)) from = Math.max(from, intAt(this.pool, use - 1));
    }
    return from;
  }

  #lookUp(block: number): void {
    const trial = this.#trial;
    const version = trial === undefined ? 0 : trial.versionOf(block);
    const isOwn = trial === undefined && this.#own[block] === this.#searches;
    let first: number;
    if (!isOwn && version === 0) {
      const change = intAt(this.#claims.changes, block);
      if (this.#copied[block] !== change) this.#copyHome(block);
      this.#copied[block] = change;
      first = intAt(this.#home, block);
    } else {
      if (isOwn || this.#spareVersion[block] !== version) this.#copySpare(block, trial);
      this.#spareVersion[block] = version;
      first = intAt(this.#spare, block);
    }
    const row = ROW_SIZE * block;
    this.#rows[row + SEARCH] = this.#searches;
    this.#rows[row + FROM] = first;
    this.#rows[row + LAST] = first;
  }

  #copyHome(block: number): void {
    const queue = this.#queue(block);
    const first = this.#roomFor(this.#home, this.#homeRoom, block, 2 * queue.length + 2);
    const { pool } = this;
    let size = first;
    for (let i = 0; i < queue.length; i++) {
      const { startTick, clearTick } = visitAt(queue, i);
      if (clearTick <= this.#tick) continue;
      pool[size++] = startTick;
      pool[size++] = clearTick;
    }
    this.#join(first, size);
  }

  #copySpare(block: number, trial: Trial | undefined): void {
    const queue = this.#queue(block);
    let room = 2 * queue.length + 2;
    if (trial !== undefined)
      for (let use = trial.firstUse(block); use >= 0; use = intAt(trial.uses, use + USE_NEXT)) room += 2;
    const first = this.#roomFor(this.#spare, this.#spareRoom, block, room);
    const { pool } = this;
    let size = first;
    for (let i = 0; i < queue.length; i++) {
      const visit = visitAt(queue, i);
      if (visit.clearTick <= this.#tick) continue;
      if (trial === undefined ? visit.vehicle === this.#vehicle : !trial.counts(visit)) continue;
      pool[size++] = visit.startTick;
      pool[size++] = visit.clearTick;
    }
    if (trial !== undefined) size = this.#addUses(block, trial, first, size);
    this.#join(first, size);
  }

  /** Adds what is planned in a trial, in order of time. */
  #addUses(block: number, trial: Trial, first: number, end: number): number {
    const { pool } = this;
    let size = end;
    for (let use = trial.firstUse(block); use >= 0; use = intAt(trial.uses, use + USE_NEXT)) {
      if (trial.isOwn(use)) continue;
      const start = intAt(trial.uses, use + USE_START);
      let place = size;
      for (; place > first && intAt(pool, place - 2) > start; place -= 2) {
        pool[place] = intAt(pool, place - 2);
        pool[place + 1] = intAt(pool, place - 1);
      }
      pool[place] = start;
      pool[place + 1] = intAt(trial.uses, use + USE_CLEAR);
      size += 2;
    }
    return size;
  }

  /** Makes one of uses that follow each other without a gap, and ends the row. */
  #join(first: number, end: number): void {
    const { pool } = this;
    let size = first;
    for (let from = first; from < end; from += 2) {
      const start = intAt(pool, from);
      const clear = intAt(pool, from + 1);
      if (size > first && start <= intAt(pool, size - 1)) {
        if (clear > intAt(pool, size - 1)) pool[size - 1] = clear;
        continue;
      }
      pool[size++] = start;
      pool[size++] = clear;
    }
    pool[size++] = ENDLESS + 1;
    pool[size++] = ENDLESS + 1;
  }

  #queue(block: number): readonly Visit[] {
    const queue = this.#claims.queues[block];
    if (queue === undefined) throw new Error(`bug: no block ${block}`);
    return queue;
  }

  /** Where a row of a block may be written that has so many numbers. */
  #roomFor(rows: Int32Array, rooms: Int32Array, block: number, atLeast: number): number {
    if (atLeast <= intAt(rooms, block)) return intAt(rows, block);
    let room = Math.max(LEAST_ROOM, intAt(rooms, block));
    while (room < atLeast) room *= 2;
    while (this.#size + room > this.pool.length) this.pool = grown(this.pool);
    rows[block] = this.#size;
    rooms[block] = room;
    this.#size += room;
    return intAt(rows, block);
  }
}
