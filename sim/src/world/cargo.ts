import { seededRandom } from "../random/seeded.ts";

/** What is really in a container, whatever the papers say. */
export interface Cargo {
  readonly grossKg: number;
  readonly sealNo: string;
  readonly goodsSummary: string;
  readonly sizeType: string;
}

const GOODS = [
  "fresh dragon fruit",
  "electronic components",
  "garments",
  "rubber sheets",
  "frozen seafood",
  "furniture parts",
  "machine parts",
  "household appliances",
  "solar modules",
  "polymer granules",
];

/**
 * The truth about a container of one scenario. Trucks declare by it and scales weigh by it, in different
 * processes that need not speak of it: the same seed and number give the same cargo.
 */
export function cargoOf(seed: string, containerNo: string): Cargo {
  const random = seededRandom(seed, "cargo", containerNo);
  return {
    grossKg: 8_000 + random.integer(2_200) * 10,
    sealNo: `BTS${String(random.integer(10_000_000)).padStart(7, "0")}`,
    goodsSummary: random.pick(GOODS),
    sizeType: random.chance(0.8) ? "45G1" : "42G1",
  };
}
