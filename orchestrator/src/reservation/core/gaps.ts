import type { Csr } from "@baton/maps";
import type { Claims } from "./claims.ts";
import { intAt } from "./int-arrays.ts";
import type { QueueTimes } from "./queue-times.ts";
import { ENDLESS, type Tick } from "./ticks.ts";
import { type Trial, USE_CLEAR, USE_NEXT, USE_START } from "./trial.ts";
import { type VehicleRecord, visitAt } from "./vehicle.ts";

/**
 * What `#rows` has a block: the search that looked it up last, where the row begins that counts for that one, and the use
 * that it was told last, since the next time asked for is mostly near the last. Then the last search by a vehicle that has visits to it
 * itself, and where the row begins that leaves someone out, and its room.
 */
const ROW_SIZE = 8;
const SEARCH = 0;
const FROM = 1;
const LAST = 2;
const OWN = 3;
const SPARE = 4;

/**
 * When blocks are used, as one vehicle's search is to see it: rows of numbers in the pool of `Claims.times`, in order of time. A
 * use is named by its place there: `pool[use]` is its first tick, `pool[use + 1]` the first one after it; a row ends with
 * a use that begins and ends at `ENDLESS + 1`. Mostly that is the row of the queue itself. Of blocks that the vehicle has visits
 * to itself these are left out in a row of its own, which serves one search; blocks that a trial has touched have one
 * that serves until they are touched again.
 */
export class Uses {
  readonly times: QueueTimes;
  readonly #ground: Csr;
  readonly #claims: Claims;
  readonly #rows: Int32Array;
  /** By block: the version that its row in `SPARE` was written for. */
  readonly #spareVersion: Float64Array;
  #searches = 0;
  #tick: Tick = -1;
  #vehicle: VehicleRecord | undefined;
  #trial: Trial | undefined;

  /** `ground`: the blocks of each pose. */
  constructor(ground: Csr, claims: Claims) {
    const blockCount = claims.queues.length;
    this.times = claims.times;
    this.#ground = ground;
    this.#claims = claims;
    this.#rows = new Int32Array(ROW_SIZE * blockCount);
    this.#spareVersion = new Float64Array(blockCount);
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
    for (let i = 0; i < vehicle.visits.length; i++)
      this.#rows[ROW_SIZE * visitAt(vehicle.visits, i).block + OWN] = search;
  }

  /** The first use of a block that is not over at `tick`: always one, if only the one that ends the row. */
  next(block: number, tick: Tick): number {
    const rows = this.#rows;
    const row = ROW_SIZE * block;
    if (rows[row + SEARCH] !== this.#searches) this.#lookUp(block);
    const { pool } = this.times;
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
      const start = intAt(this.times.pool, use);
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
      const { pool } = this.times;
      if (intAt(pool, use) < ENDLESS) return ENDLESS + 1;
      if (use > intAt(this.#rows, ROW_SIZE * block + FROM)) from = Math.max(from, intAt(pool, use - 1));
    }
    return from;
  }

  #lookUp(block: number): void {
    const rows = this.#rows;
    const row = ROW_SIZE * block;
    const trial = this.#trial;
    const version = trial === undefined ? 0 : trial.versionOf(block);
    let first: number;
    if (trial === undefined && rows[row + OWN] === this.#searches) {
      this.#copyWithout(block);
      this.#spareVersion[block] = 0;
      first = intAt(rows, row + SPARE);
    } else if (trial === undefined || version === 0) first = this.times.of(block);
    else {
      if (this.#spareVersion[block] !== version) this.#copyOfTrial(block, trial);
      this.#spareVersion[block] = version;
      first = intAt(rows, row + SPARE);
    }
    rows[row + SEARCH] = this.#searches;
    rows[row + FROM] = first;
    rows[row + LAST] = first;
  }

  /** Writes the row of a block without the visits of the vehicle that plans. */
  #copyWithout(block: number): void {
    const queue = this.#claims.queues[block] ?? [];
    let place = this.times.roomFor(this.#rows, ROW_SIZE * block + SPARE, 2 * queue.length + 2);
    const { pool } = this.times;
    for (let i = 0; i < queue.length; i++) {
      const visit = visitAt(queue, i);
      if (visit.clearTick <= this.#tick || visit.vehicle === this.#vehicle) continue;
      pool[place++] = visit.startTick;
      pool[place++] = visit.clearTick;
    }
    pool[place++] = ENDLESS + 1;
    pool[place] = ENDLESS + 1;
  }

  /** Writes the row of a block as a trial has it. */
  #copyOfTrial(block: number, trial: Trial): void {
    const { times } = this;
    const length = times.lengthOf(block);
    let room = length + 2;
    for (let use = trial.firstUse(block); use >= 0; use = intAt(trial.uses, use + USE_NEXT)) room += 2;
    const first = times.roomFor(this.#rows, ROW_SIZE * block + SPARE, room);
    const home = times.of(block);
    const { pool } = times;
    let place = first;
    for (let use = home; use < home + length; use += 2) {
      const start = intAt(pool, use);
      const clear = intAt(pool, use + 1);
      if (clear <= this.#tick || trial.hides(block, start, clear)) continue;
      pool[place++] = start;
      pool[place++] = clear;
    }
    for (let use = trial.firstUse(block); use >= 0; use = intAt(trial.uses, use + USE_NEXT)) {
      if (trial.isOwn(use)) continue;
      const start = intAt(trial.uses, use + USE_START);
      let here = place;
      for (; here > first && intAt(pool, here - 2) > start; here -= 2) {
        pool[here] = intAt(pool, here - 2);
        pool[here + 1] = intAt(pool, here - 1);
      }
      pool[here] = start;
      pool[here + 1] = intAt(trial.uses, use + USE_CLEAR);
      place += 2;
    }
    pool[place++] = ENDLESS + 1;
    pool[place] = ENDLESS + 1;
  }
}
