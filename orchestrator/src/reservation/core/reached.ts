import { grown, intAt } from "./int-arrays.ts";

const ENTRY_SIZE = 8;
const UNTIL = 0;
const TICK = 1;
const COST = 2;
const NEXT = 3;
const GAP = 4;

/**
 * The earliest tick, and the least cost, at which each (place, interval) was reached: a short list of intervals a
 * place. Each search stamps the places that it comes to, so that beginning anew clears nothing.
 */
export class Reached {
  /** By place: the search that was there last, and the first entry of its list. */
  #places = new Int32Array(2 * 4096);
  #entries = new Int32Array(ENTRY_SIZE * 1024);
  #size = 0;
  #search = 0;

  begin(placeCount: number): void {
    this.#search++;
    this.#size = 0;
    while (this.#places.length < 2 * placeCount) this.#places = grown(this.#places);
  }

  /**
   * When the place is free again after the interval in which it is at `tick`, if that interval was reached no later and
   * at no more cost; else -1. Whoever comes at `tick` or later, and before the interval ends, is beaten then.
   */
  gapAfter(place: number, tick: number, cost: number): number {
    if (this.#places[2 * place] !== this.#search) return -1;
    const entries = this.#entries;
    let entry = intAt(this.#places, 2 * place + 1);
    for (; entry >= 0; entry = intAt(entries, entry + NEXT)) {
      if (intAt(entries, entry + TICK) > tick || intAt(entries, entry + UNTIL) <= tick) continue;
      return intAt(entries, entry + COST) <= cost ? intAt(entries, entry + GAP) : -1;
    }
    return -1;
  }

  /** The entry of the interval, when neither the tick nor the cost is matched by what was reached before; else -1. */
  improve(place: number, until: number, gap: number, tick: number, cost: number): number {
    const isNew = this.#places[2 * place] !== this.#search;
    const first = isNew ? -1 : intAt(this.#places, 2 * place + 1);
    const entries = this.#entries;
    for (let entry = first; entry >= 0; entry = intAt(entries, entry + NEXT)) {
      if (entries[entry + UNTIL] !== until) continue;
      const earlier = tick < intAt(entries, entry + TICK);
      const cheaper = cost < intAt(entries, entry + COST);
      if (earlier) entries[entry + TICK] = tick;
      if (cheaper) entries[entry + COST] = cost;
      return earlier || cheaper ? entry : -1;
    }
    const added = this.#size;
    this.#size += ENTRY_SIZE;
    if (this.#size > entries.length) this.#entries = grown(entries);
    this.#entries[added + UNTIL] = until;
    this.#entries[added + TICK] = tick;
    this.#entries[added + COST] = cost;
    this.#entries[added + NEXT] = first;
    this.#entries[added + GAP] = gap;
    this.#places[2 * place] = this.#search;
    this.#places[2 * place + 1] = added;
    return added;
  }

  /** Whether both an earlier and a cheaper way there were found since. */
  isBeaten(entry: number, tick: number, cost: number): boolean {
    return intAt(this.#entries, entry + TICK) < tick && intAt(this.#entries, entry + COST) < cost;
  }
}
