/**
 * A binary heap of small whole numbers, smallest `key` first, of equal keys the smallest `second`. Parallel typed
 * arrays that only ever grow: once it has been as full as it gets, it allocates nothing.
 */
export class IntHeap {
  #keys = new Int32Array(1024);
  #seconds = new Int32Array(1024);
  #items = new Int32Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The smallest key; only to be asked while there is one. */
  get firstKey(): number {
    return this.#keys[0] ?? 0;
  }

  clear(): void {
    this.#size = 0;
  }

  push(key: number, second: number, item: number): void {
    if (this.#size === this.#keys.length) this.#grow();
    const keys = this.#keys;
    const seconds = this.#seconds;
    const items = this.#items;
    let child = this.#size++;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const parentKey = keys[parent] ?? 0;
      if (parentKey < key || (parentKey === key && (seconds[parent] ?? 0) <= second)) break;
      keys[child] = parentKey;
      seconds[child] = seconds[parent] ?? 0;
      items[child] = items[parent] ?? 0;
      child = parent;
    }
    keys[child] = key;
    seconds[child] = second;
    items[child] = item;
  }

  /** Takes out the first item; -1 when there is none. */
  pop(): number {
    if (this.#size === 0) return -1;
    const keys = this.#keys;
    const seconds = this.#seconds;
    const items = this.#items;
    const first = items[0] ?? 0;
    const size = --this.#size;
    const key = keys[size] ?? 0;
    const second = seconds[size] ?? 0;
    const item = items[size] ?? 0;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= size) break;
      let childKey = keys[child] ?? 0;
      const other = child + 1;
      if (other < size) {
        const otherKey = keys[other] ?? 0;
        if (otherKey < childKey || (otherKey === childKey && (seconds[other] ?? 0) < (seconds[child] ?? 0))) {
          child = other;
          childKey = otherKey;
        }
      }
      if (key < childKey || (key === childKey && second <= (seconds[child] ?? 0))) break;
      keys[parent] = childKey;
      seconds[parent] = seconds[child] ?? 0;
      items[parent] = items[child] ?? 0;
      parent = child;
    }
    keys[parent] = key;
    seconds[parent] = second;
    items[parent] = item;
    return first;
  }

  #grow(): void {
    this.#keys = grown(this.#keys);
    this.#seconds = grown(this.#seconds);
    this.#items = grown(this.#items);
  }
}

/** A copy of an array with room for twice as much. */
export function grown(values: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * values.length);
  larger.set(values);
  return larger;
}

/** The number at an index that is within bounds by construction. One array type only, so that it stays quick. */
export function intAt(values: Int32Array, index: number): number {
  return values[index] ?? 0;
}
