import { grown, intAt } from "./int-arrays.ts";

/** What an entry has; in that of a place's first interval also the search that was there last. */
const ENTRY_SIZE = 8;
const SEARCH = 0;
const UNTIL = 1;
const TICK = 2;
const COST = 3;
const GAP = 4;
/** The next entry of the place; 0 when there is none. */
const NEXT = 5;

/**
 * The earliest tick, and the least cost, at which each (place, interval) was reached: a short list of intervals a
 * place. The first entry of each place has room of its own, in a line of the cache with the stamp that says which search was there: most
 * questions are answered by it. A stamp makes beginning anew clear nothing.
 */
export class Reached {
  /** First entries by place, then all others. */
  #entries = new Int32Array(ENTRY_SIZE * 4096);
  #size = 0;
  #search = 0;

  begin(placeCount: number): void {
    this.#search++;
    this.#size = ENTRY_SIZE * placeCount;
    while (this.#entries.length < this.#size) this.#entries = grown(this.#entries);
  }

  /**
   * When the place is free again after the interval in which it is at `tick`, if that interval was reached no later and
   * at no more cost; else -1. Whoever comes at `tick` or later, and before the interval ends, is beaten then.
   */
  gapAfter(place: number, tick: number, cost: number): number {
    const entries = this.#entries;
    let entry = ENTRY_SIZE * place;
    if (entries[entry + SEARCH] !== this.#search) return -1;
    do {
      if (intAt(entries, entry + TICK) <= tick && intAt(entries, entry + UNTIL) > tick)
        return intAt(entries, entry + COST) <= cost ? intAt(entries, entry + GAP) : -1;
      entry = intAt(entries, entry + NEXT);
    } while (entry > 0);
    return -1;
  }

  /** The entry of the interval, when neither the tick nor the cost is matched by what was reached before; else -1. */
  improve(place: number, until: number, gap: number, tick: number, cost: number): number {
    const first = ENTRY_SIZE * place;
    if (this.#entries[first + SEARCH] !== this.#search) {
      this.#entries[first + SEARCH] = this.#search;
      return this.#write(first, until, gap, tick, cost, 0);
    }
    const entries = this.#entries;
    let entry = first;
    do {
      if (entries[entry + UNTIL] === until) {
        const earlier = tick < intAt(entries, entry + TICK);
        const cheaper = cost < intAt(entries, entry + COST);
        if (earlier) entries[entry + TICK] = tick;
        if (cheaper) entries[entry + COST] = cost;
        return earlier || cheaper ? entry : -1;
      }
      entry = intAt(entries, entry + NEXT);
    } while (entry > 0);
    const added = this.#size;
    this.#size += ENTRY_SIZE;
    if (this.#size > entries.length) this.#entries = grown(entries);
    this.#entries[added + SEARCH] = 0;
    const second = intAt(this.#entries, first + NEXT);
    this.#entries[first + NEXT] = added;
    return this.#write(added, until, gap, tick, cost, second);
  }

  /** Whether both an earlier and a cheaper way there were found since. */
  isBeaten(entry: number, tick: number, cost: number): boolean {
    return intAt(this.#entries, entry + TICK) < tick && intAt(this.#entries, entry + COST) < cost;
  }

  #write(entry: number, until: number, gap: number, tick: number, cost: number, next: number): number {
    const entries = this.#entries;
    entries[entry + UNTIL] = until;
    entries[entry + TICK] = tick;
    entries[entry + COST] = cost;
    entries[entry + GAP] = gap;
    entries[entry + NEXT] = next;
    return entry;
  }
}
