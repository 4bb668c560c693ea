import { hash } from "node:crypto";

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
  const digest = hash("sha256", JSON.stringify(names), "buffer");
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let d = digest.readInt32LE(12);
  const nextWord = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
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
