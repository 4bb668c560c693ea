import { grown } from "./int-arrays.ts";

/**
 * States of a search, side by side in one array that only ever grows; a state is named by where its numbers begin. It
 * stands at a pose from a tick on. So many numbers a state as fit a line of the cache.
 */
export const STATE_SIZE = 16;
export const POSE = 0;
/** How many stops are done. */
export const STAGE = 1;
export const TICK = 2;
/** It may stand there up to this tick... */
export const UNTIL = 3;
/** ... and whoever needs the place then is gone at this one; at least `ENDLESS` when that is never. */
export const GAP = 4;
export const COST = 5;
/** The state that it was entered from; -1 where the search began. */
export const PARENT = 6;
/** By which run, entered when, and how many ticks slower than at the road's speed. */
export const RUN = 7;
export const START = 8;
export const EXTRA = 9;
/** 1 where it came to a stand: going on costs a start. */
export const STOPPED = 10;
/** Where it is kept in `Reached`. */
export const ENTRY = 11;
/** The next one in the same bucket of `OpenList`. */
export const NEXT_OPEN = 12;
/** Ticks, and weights, of its way so far, waiting left out. */
export const DRIVEN = 13;

export class SearchStates {
  data = new Int32Array(STATE_SIZE * 1024);
  #size = 0;

  clear(): void {
    this.#size = 0;
  }

  /** Makes room for one more; returns it. Whoever holds `data` is to read it again. */
  add(): number {
    const state = this.#size;
    this.#size += STATE_SIZE;
    if (this.#size > this.data.length) this.data = grown(this.data);
    return state;
  }
}
