import type { StreamBlocks } from "../oracle/safety.ts";

/** A running hash of the tick stream (FNV-1a, 2 x 32 bits): equal seeds give equal streams. */
export class StreamHash {
  #a = 0x811c9dc5;
  #b = 0x9747b28c;

  add(tick: number, releases: readonly StreamBlocks[], grants: readonly StreamBlocks[]): void {
    this.#number(tick);
    for (const list of [releases, grants]) {
      this.#number(list.length);
      for (const { vehicleId, blockIds } of list) {
        this.#text(vehicleId);
        for (const blockId of blockIds) this.#text(blockId);
      }
    }
  }

  digest(): string {
    return [this.#a, this.#b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #number(value: number): void {
    this.#a = Math.imul(this.#a ^ value, 0x01000193);
    this.#b = Math.imul(this.#b ^ (value + 0x5bd1), 0x01000193) ^ (this.#b >>> 13);
  }

  #text(text: string): void {
    for (let i = 0; i < text.length; i++) this.#number(text.charCodeAt(i));
  }
}
