import { grown, intAt } from "./int-arrays.ts";
import { NEXT_OPEN, type SearchStates } from "./search-states.ts";

/** Keys farther apart than this fall into one bucket: no plan reaches so far (`planHorizonTicks`). */
const MOST_BUCKETS = 2 ** 20;
/** States of equal keys are told apart by a rank, from 0 up to but not including this. */
export const RANKS = 4;

/**
 * The states that a search has still to look at, smallest key first; of equal keys the lowest rank, and of those the one that came last, which
 * leads straight on to the goal. A list a key and rank (keys are small whole numbers from `base` on), threaded through the states, so that putting in
 * and taking out need no comparison and no memory of their own.
 */
export class OpenList {
  readonly #states: SearchStates;
  /** By key and rank: the state put in last, plus one; 0 where there is none. */
  #first = new Int32Array(4096);
  #base = 0;
  /** No list before this one has a state, nor one from `#end` on. */
  #low = 0;
  #end = 0;

  constructor(states: SearchStates) {
    this.#states = states;
  }

  begin(base: number): void {
    this.#first.fill(0, 0, this.#end);
    this.#base = base;
    this.#low = MOST_BUCKETS;
    this.#end = 0;
  }

  push(key: number, rank: number, state: number): void {
    const bucket = Math.max(0, Math.min(MOST_BUCKETS - 1, RANKS * (key - this.#base) + rank));
    while (bucket >= this.#first.length) this.#first = grown(this.#first);
    this.#states.data[state + NEXT_OPEN] = intAt(this.#first, bucket);
    this.#first[bucket] = state + 1;
    if (bucket < this.#low) this.#low = bucket;
    if (bucket >= this.#end) this.#end = bucket + 1;
  }

  /** Takes out the first state; -1 when there is none. */
  pop(): number {
    for (; this.#low < this.#end; this.#low++) {
      const state = intAt(this.#first, this.#low) - 1;
      if (state < 0) continue;
      this.#first[this.#low] = intAt(this.#states.data, state + NEXT_OPEN);
      return state;
    }
    return -1;
  }
}
