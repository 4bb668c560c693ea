import type { Csr } from "@baton/maps";
import type { Claims } from "./claims.ts";
import { grown, intAt } from "./int-heap.ts";
import { ENDLESS, type Tick } from "./ticks.ts";
import { type VehicleRecord, visitAt } from "./vehicle.ts";

const LEAST_ROOM = 16;

/**
 * When blocks are used, as numbers side by side: of each block that a search asks for, the times of its visits are
 * copied into one pool, in order of time; uses that follow each other without a gap become one. A row is kept from
 * search to search, and from tick to tick, until something about the block changes (`Claims.changes`), but for blocks
 * that the vehicle which plans has visits to itself: these are left out, so such a row serves one search.
 *
 * A use is named by its place in the pool: `pool[use]` is its first tick, `pool[use + 1]` the first one after it;
 * a row ends with a use that begins and ends at `ENDLESS + 1`. Each block has room of its own in the pool, which
 * doubles when it is too small: the pool is never more than four times as long as the longest queues were in sum.
 */
export class Uses {
  pool = new Int32Array(2 ** 14);
  #size = 0;
  readonly #ground: Csr;
  /** By block, two numbers: the search that looked its row up last, and where the row begins. */
  readonly #rows: Int32Array;
  readonly #room: Int32Array;
  /** By block: the state of its claims that the row was copied in; -1 when it serves no further search. */
  readonly #copied: Int32Array;
  /** By block: the last search by a vehicle that has visits to it itself. */
  readonly #own: Int32Array;
  #searches = 0;
  #tick: Tick = -1;
  readonly #claims: Claims;
  #vehicle: VehicleRecord | undefined;

  /** `ground`: the blocks of each pose. */
  constructor(ground: Csr, claims: Claims) {
    const blockCount = claims.queues.length;
    this.#ground = ground;
    this.#claims = claims;
    this.#rows = new Int32Array(2 * blockCount);
    this.#room = new Int32Array(blockCount);
    this.#copied = new Int32Array(blockCount).fill(-1);
    this.#own = new Int32Array(blockCount);
  }

  /** From here on: uses by all but this vehicle. What is over at `tick` need not be among them. */
  begin(vehicle: VehicleRecord, tick: Tick): void {
    const search = ++this.#searches;
    this.#vehicle = vehicle;
    this.#tick = tick;
    for (let i = 0; i < vehicle.visits.length; i++) this.#own[visitAt(vehicle.visits, i).block] = search;
  }

  /** The first use of a block that is not over at `tick`: always one, if only the one that ends the row. */
  next(block: number, tick: Tick): number {
    let use =
      this.#rows[2 * block] === this.#searches ? intAt(this.#rows, 2 * block + 1) : this.#lookUp(block);
    const { pool } = this;
    while (intAt(pool, use + 1) <= tick) use += 2;
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
    const own = this.#own[block] === this.#searches;
    const change = intAt(this.#claims.changes, block);
    if (own || this.#copied[block] !== change) {
      this.#copy(block);
      this.#copied[block] = own ? -1 : change;
    }
    this.#rows[2 * block] = this.#searches;
    return intAt(this.#rows, 2 * block + 1);
  }

  #copy(block: number): void {
    const queue = this.#claims.queues[block];
    if (queue === undefined) throw new Error(`bug: no block ${block}`);
    const room = 2 * queue.length + 2;
    if (room > intAt(this.#room, block)) this.#makeRoom(block, room);
    const { pool } = this;
    const first = intAt(this.#rows, 2 * block + 1);
    let size = first;
    for (let i = 0; i < queue.length; i++) {
      const { startTick, clearTick, vehicle } = visitAt(queue, i);
      if (clearTick <= this.#tick || vehicle === this.#vehicle) continue;
      if (size > first && startTick <= intAt(pool, size - 1)) {
        if (clearTick > intAt(pool, size - 1)) pool[size - 1] = clearTick;
        continue;
      }
      pool[size++] = startTick;
      pool[size++] = clearTick;
    }
    pool[size++] = ENDLESS + 1;
    pool[size++] = ENDLESS + 1;
  }

  #makeRoom(block: number, atLeast: number): void {
    let room = Math.max(LEAST_ROOM, intAt(this.#room, block));
    while (room < atLeast) room *= 2;
    while (this.#size + room > this.pool.length) this.pool = grown(this.pool);
    this.#rows[2 * block + 1] = this.#size;
    this.#room[block] = room;
    this.#size += room;
  }
}
