import type { Csr } from "@baton/maps";
import type { Claims } from "./claims.ts";
import { grown, intAt } from "./int-heap.ts";
import { ENDLESS, type Tick } from "./ticks.ts";
import { type VehicleRecord, visitAt } from "./vehicle.ts";

/** When the pool has grown beyond this, it is begun anew with the next search. */
const MOST_NUMBERS = 2 ** 22;

/**
 * When blocks are used, as numbers side by side: of each block that a search asks for, the times of the visits that
 * are not over are copied into one pool, in order of time; uses that follow each other without a gap become one. A
 * row is kept from search to search until something about the block changes, but for blocks that the vehicle which
 * plans has visits to itself: these are left out, so such a row serves one search.
 *
 * A use is named by its place in the pool: `pool[use]` is its first tick, `pool[use + 1]` the first one after it;
 * a row ends with a use that begins and ends at `ENDLESS + 1`.
 */
export class Uses {
  pool = new Int32Array(2 ** 14);
  #size = 0;
  readonly #ground: Csr;
  /** By block: where its row begins in this search, if `#search` says that it was looked up. */
  readonly #row: Int32Array;
  readonly #search: Int32Array;
  /** By block: the row that is kept, and the state of claims that it was copied in. */
  readonly #kept: Int32Array;
  readonly #keptChange: Int32Array;
  readonly #keptMoment: Int32Array;
  /** By block: the last search by a vehicle that has visits to it itself. */
  readonly #own: Int32Array;
  #searches = 0;
  #moments = 1;
  #tick: Tick = -1;
  #retimed = -1;
  #claims: Claims | undefined;
  #vehicle: VehicleRecord | undefined;

  /** `ground`: the blocks of each pose. */
  constructor(ground: Csr, blockCount: number) {
    this.#ground = ground;
    this.#row = new Int32Array(blockCount);
    this.#search = new Int32Array(blockCount);
    this.#kept = new Int32Array(blockCount);
    this.#keptChange = new Int32Array(blockCount);
    this.#keptMoment = new Int32Array(blockCount);
    this.#own = new Int32Array(blockCount);
  }

  /** From here on: uses by all but this vehicle, as far as they are not over at `tick`. */
  begin(claims: Claims, vehicle: VehicleRecord, tick: Tick): void {
    const search = ++this.#searches;
    if (tick !== this.#tick || claims.retimed !== this.#retimed || this.#size > MOST_NUMBERS) {
      this.#moments++;
      this.#size = 0;
    }
    this.#claims = claims;
    this.#vehicle = vehicle;
    this.#tick = tick;
    this.#retimed = claims.retimed;
    for (let i = 0; i < vehicle.visits.length; i++) this.#own[visitAt(vehicle.visits, i).block] = search;
  }

  /** The first use of a block that is not over at `tick`: always one, if only the one that ends the row. */
  next(block: number, tick: Tick): number {
    let use = this.#search[block] === this.#searches ? intAt(this.#row, block) : this.#lookUp(block);
    const { pool } = this;
    while ((pool[use + 1] ?? 0) <= tick) use += 2;
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

  #lookUp(block: number): number {
    const claims = this.#claims;
    if (claims === undefined) throw new Error("bug: uses are asked for before a search began");
    const own = this.#own[block] === this.#searches;
    const change = intAt(claims.changes, block);
    const isKept = this.#keptMoment[block] === this.#moments && this.#keptChange[block] === change;
    let row = intAt(this.#kept, block);
    if (own || !isKept) row = this.#copy(claims, block);
    if (!own && !isKept) {
      this.#kept[block] = row;
      this.#keptChange[block] = change;
      this.#keptMoment[block] = this.#moments;
    }
    this.#row[block] = row;
    this.#search[block] = this.#searches;
    return row;
  }

  #copy(claims: Claims, block: number): number {
    const queue = claims.queues[block];
    if (queue === undefined) throw new Error(`bug: no block ${block}`);
    while (this.#size + 2 * queue.length + 2 > this.pool.length) this.pool = grown(this.pool);
    const { pool } = this;
    const first = this.#size;
    let size = first;
    for (let i = 0; i < queue.length; i++) {
      const { startTick, clearTick, vehicle } = visitAt(queue, i);
      if (clearTick <= this.#tick || vehicle === this.#vehicle) continue;
      if (size > first && startTick <= (pool[size - 1] ?? 0)) {
        if (clearTick > (pool[size - 1] ?? 0)) pool[size - 1] = clearTick;
        continue;
      }
      pool[size++] = startTick;
      pool[size++] = clearTick;
    }
    pool[size++] = ENDLESS + 1;
    pool[size++] = ENDLESS + 1;
    this.#size = size;
    return first;
  }
}
