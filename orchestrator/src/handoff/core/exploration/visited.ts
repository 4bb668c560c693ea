const EMPTY = 0;
const FIRST_SLOTS = 1 << 16;

/**
 * The states that a search has seen, by 64 bits of each state's key (hash compaction, Wolper and Leroy 1993), with how each
 * was come to first. Two states with the same hash would be taken for one: of ten million states the odds are 3 in a million.
 */
export class Visited {
  readonly #high: number[] = [];
  readonly #low: number[] = [];
  readonly #before: number[] = [];
  readonly #label: number[] = [];
  #slots = new Int32Array(FIRST_SLOTS);

  get count(): number {
    return this.#high.length;
  }

  /** The number of a state that is new; `undefined` for one that is known. */
  add(key: string, before: number, label: number): number | undefined {
    const [high, low] = hashOf(key);
    if ((this.count + 1) * 2 > this.#slots.length) this.#grow();
    const slot = this.#slotOf(high, low);
    if (this.#slots[slot] !== EMPTY) return undefined;
    this.#high.push(high);
    this.#low.push(low);
    this.#before.push(before);
    this.#label.push(label);
    this.#slots[slot] = this.count;
    return this.count - 1;
  }

  has(key: string): boolean {
    const [high, low] = hashOf(key);
    return this.#slots[this.#slotOf(high, low)] !== EMPTY;
  }

  /** The labels on the way to a state, first to last. */
  wayTo(state: number): number[] {
    const labels: number[] = [];
    for (let at = state; at >= 0; at = this.#before[at] ?? -1) labels.unshift(this.#label[at] ?? -1);
    return labels;
  }

  #slotOf(high: number, low: number): number {
    const mask = this.#slots.length - 1;
    let slot = (high ^ Math.imul(low, 31)) & mask;
    for (;;) {
      const index = this.#slots[slot] ?? EMPTY;
      if (index === EMPTY || (this.#high[index - 1] === high && this.#low[index - 1] === low)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let i = 0; i < this.count; i++)
      this.#slots[this.#slotOf(this.#high[i] ?? 0, this.#low[i] ?? 0)] = i + 1;
  }
}

function hashOf(key: string): readonly [number, number] {
  let high = 0x811c9dc5;
  let low = 0x9e3779b9;
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul((low ^ (code + 0x7ed5)) + (high >>> 7), 0x85ebca6b);
    low ^= low >>> 15;
  }
  high = mixed(high ^ low) | 0;
  low = mixed(low) | 0;
  return [high, low];
}

/** The finisher of MurmurHash3 (Appleby, public domain): every bit of the input reaches every bit of the output. */
function mixed(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
