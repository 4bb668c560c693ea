/**
 * The earliest tick, and the least cost, at which each (place, interval) was reached: a hash table with open
 * addressing. Each search stamps what it writes with its generation, so that beginning anew clears nothing.
 */
export class BestTable {
  #capacity = 4096;
  #places = new Int32Array(this.#capacity);
  #untils = new Int32Array(this.#capacity);
  #stamps = new Int32Array(this.#capacity);
  #ticks = new Int32Array(this.#capacity);
  #costs = new Int32Array(this.#capacity);
  #used = 0;
  #generation = 0;

  begin(): void {
    this.#generation++;
    this.#used = 0;
  }

  /** Whether neither the tick nor the cost is matched by what was reached before; if so they are kept. */
  improve(place: number, until: number, tick: number, cost: number): boolean {
    const slot = this.#slotOf(place, until);
    if (this.#stamps[slot] !== this.#generation) {
      this.#stamps[slot] = this.#generation;
      this.#places[slot] = place;
      this.#untils[slot] = until;
      this.#ticks[slot] = tick;
      this.#costs[slot] = cost;
      if (++this.#used * 2 > this.#capacity) this.#grow();
      return true;
    }
    const earlier = tick < (this.#ticks[slot] ?? 0);
    const cheaper = cost < (this.#costs[slot] ?? 0);
    if (earlier) this.#ticks[slot] = tick;
    if (cheaper) this.#costs[slot] = cost;
    return earlier || cheaper;
  }

  /** Whether both an earlier and a cheaper way there were found since. */
  isBeaten(place: number, until: number, tick: number, cost: number): boolean {
    const slot = this.#slotOf(place, until);
    return (this.#ticks[slot] ?? 0) < tick && (this.#costs[slot] ?? 0) < cost;
  }

  #slotOf(place: number, until: number): number {
    const mask = this.#capacity - 1;
    let slot = (Math.imul(place, 0x9e3779b1) ^ Math.imul(until, 0x85ebca6b)) >>> 7;
    for (slot &= mask; ; slot = (slot + 1) & mask) {
      if (this.#stamps[slot] !== this.#generation) return slot;
      if (this.#places[slot] === place && this.#untils[slot] === until) return slot;
    }
  }

  #grow(): void {
    const places = this.#places;
    const untils = this.#untils;
    const stamps = this.#stamps;
    const ticks = this.#ticks;
    const costs = this.#costs;
    this.#capacity *= 2;
    this.#places = new Int32Array(this.#capacity);
    this.#untils = new Int32Array(this.#capacity);
    this.#stamps = new Int32Array(this.#capacity);
    this.#ticks = new Int32Array(this.#capacity);
    this.#costs = new Int32Array(this.#capacity);
    for (let i = 0; i < stamps.length; i++) {
      if (stamps[i] !== this.#generation) continue;
      const slot = this.#slotOf(places[i] ?? 0, untils[i] ?? 0);
      this.#places[slot] = places[i] ?? 0;
      this.#untils[slot] = untils[i] ?? 0;
      this.#stamps[slot] = this.#generation;
      this.#ticks[slot] = ticks[i] ?? 0;
      this.#costs[slot] = costs[i] ?? 0;
    }
  }
}
