import { grown, intAt } from "./int-arrays.ts";
import { RUN_SIZE, RUN_TICKS, type RunArrays, WEIGHT } from "./run-arrays.ts";
import { ENDLESS } from "./ticks.ts";

/** Poses are kept in pages of so many, made when a way is found to lead through one of them. */
const PAGE_BITS = 5;
const PAGE_SIZE = 2 ** PAGE_BITS;
const IN_PAGE = PAGE_SIZE - 1;

/** What tables have cost so far; shared by those that are counted together. */
export interface Effort {
  posesLookedAt: number;
}

/**
 * Shortest times to one goal over the empty road, in ticks and weights: a Dijkstra search against the driving direction
 * that goes no farther than it is asked for, and goes on from there when it is asked for more. So a trip through a corner of
 * a large network costs that corner, in time and in memory.
 *
 * What is open is kept in lists, one a tick, in a circle as long as the longest run (Dial 1969).
 */
export class DistanceTable {
  readonly #runs: RunArrays;
  /** By run, 1 when it must not be driven; none when left out. */
  readonly #shut: Uint8Array | undefined;
  /** By page: where its numbers begin in `#ticks`; -1 for one that was not come to. */
  readonly #pages: Int32Array;
  #ticks = new Int32Array(PAGE_SIZE * 8);
  #size = 0;
  /** All times up to this one are final. */
  #done = -1;
  /** By tick, in a circle: the first entry of its list, plus one; an entry is a pose and the next entry. */
  readonly #lists: Int32Array;
  #entries = new Int32Array(2 * 64);
  #entryCount = 0;
  #freeEntry = -1;
  #open = 0;
  readonly #effort: Effort;

  constructor(
    runs: RunArrays,
    goal: number,
    shut: Uint8Array | undefined,
    effort: Effort = { posesLookedAt: 0 },
  ) {
    this.#runs = runs;
    this.#shut = shut;
    this.#effort = effort;
    this.#pages = new Int32Array((runs.inFrom.length >> PAGE_BITS) + 1).fill(-1);
    this.#lists = new Int32Array(runs.longestTicks + 1);
    this.#put(goal, 0);
    this.#settle(0);
  }

  /** Numbers kept, which is what it costs in memory. */
  get size(): number {
    return this.#ticks.length + this.#pages.length + this.#entries.length + this.#lists.length;
  }

  /** Ticks from a pose to the goal; `ENDLESS` where no way leads there. */
  from(pose: number): number {
    const page = intAt(this.#pages, pose >> PAGE_BITS);
    const ticks = page < 0 ? ENDLESS : intAt(this.#ticks, page + (pose & IN_PAGE));
    return ticks <= this.#done ? ticks : this.#goOn(pose);
  }

  #goOn(pose: number): number {
    while (this.#open > 0 && this.#labelOf(pose) > this.#done) this.#settle(this.#done + 1);
    if (this.#open === 0) this.#done = ENDLESS;
    return this.#labelOf(pose);
  }

  /** Looks at all poses that are so many ticks away. */
  #settle(ticks: number): void {
    const list = ticks % this.#lists.length;
    this.#done = ticks;
    const { inFrom, incoming, from, runs } = this.#runs;
    for (let entry = intAt(this.#lists, list) - 1; entry >= 0; ) {
      const pose = intAt(this.#entries, entry);
      const next = intAt(this.#entries, entry + 1) - 1;
      this.#entries[entry + 1] = this.#freeEntry;
      this.#freeEntry = entry;
      this.#open--;
      this.#effort.posesLookedAt++;
      // One that was put in again sooner is done with.
      const end = this.#labelOf(pose) === ticks ? intAt(inFrom, pose + 1) : 0;
      for (let i = intAt(inFrom, pose); i < end; i++) {
        const run = intAt(incoming, i);
        if (this.#shut !== undefined && this.#shut[run] === 1) continue;
        const step = intAt(runs, RUN_SIZE * run + RUN_TICKS) + intAt(runs, RUN_SIZE * run + WEIGHT);
        if (ticks + step < this.#labelOf(intAt(from, run))) this.#put(intAt(from, run), ticks + step);
      }
      entry = next;
    }
    this.#lists[list] = 0;
  }

  #labelOf(pose: number): number {
    const page = intAt(this.#pages, pose >> PAGE_BITS);
    return page < 0 ? ENDLESS : intAt(this.#ticks, page + (pose & IN_PAGE));
  }

  #put(pose: number, ticks: number): void {
    let page = intAt(this.#pages, pose >> PAGE_BITS);
    if (page < 0) page = this.#addPage(pose >> PAGE_BITS);
    this.#ticks[page + (pose & IN_PAGE)] = ticks;
    let entry = this.#freeEntry;
    if (entry >= 0) this.#freeEntry = intAt(this.#entries, entry + 1);
    else {
      entry = this.#entryCount;
      this.#entryCount += 2;
      if (this.#entryCount > this.#entries.length) this.#entries = grown(this.#entries);
    }
    const list = ticks % this.#lists.length;
    this.#entries[entry] = pose;
    this.#entries[entry + 1] = intAt(this.#lists, list);
    this.#lists[list] = entry + 1;
    this.#open++;
  }

  #addPage(number: number): number {
    const page = this.#size;
    this.#size += PAGE_SIZE;
    if (this.#size > this.#ticks.length) this.#ticks = grown(this.#ticks);
    this.#ticks.fill(ENDLESS, page, this.#size);
    this.#pages[number] = page;
    return page;
  }
}
