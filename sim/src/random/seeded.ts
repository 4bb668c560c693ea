import { createHash } from "node:crypto";

/** A stream of numbers that is the same for the same seed, on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A whole number, uniform in [0, below). */
  integer(below: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the values; the list must not be empty. */
  pick<T>(values: readonly T[]): T;
}

/**
 * A random stream for one purpose: whoever needs numbers names what they are for in the seed
 * (`seededRandom("first-look", "demand", "vn")`), so that one stream never shifts another.
 * The generator is xoshiro128** (D. Blackman and S. Vigna, 2018), its state the hash of the names.
 */
export function seededRandom(...names: readonly string[]): Random {
  const digest = createHash("sha256").update(JSON.stringify(names)).digest();
  const state = new Uint32Array([0, 4, 8, 12].map((at) => digest.readUInt32LE(at)));
  const word = (at: number): number => state[at] ?? 0;
  const nextWord = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(word(1), 5), 7), 9) >>> 0;
    const shifted = word(1) << 9;
    state[2] = word(2) ^ word(0);
    state[3] = word(3) ^ word(1);
    state[1] = word(1) ^ word(2);
    state[0] = word(0) ^ word(3);
    state[2] = word(2) ^ shifted;
    state[3] = rotateLeft(word(3), 11);
    return result;
  };
  const next = (): number => nextWord() / 2 ** 32;
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (values) => {
      const value = values[integer(values.length)];
      if (value === undefined) throw new RangeError("nothing to pick from");
      return value;
    },
  };
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
