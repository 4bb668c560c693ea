import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random/seeded.ts";
import { type Distribution, distributionProblem, drawS, meanS } from "./distribution.ts";

const source = "a test";
const EACH: readonly Distribution[] = [
  { kind: "constant", valueS: 45, source },
  { kind: "triangular", minS: 10, modeS: 20, maxS: 60, source },
  { kind: "triangular", minS: 20, modeS: 20, maxS: 60, source },
  { kind: "triangular", minS: 20, modeS: 60, maxS: 60, source },
  { kind: "lognormal", meanS: 120, sdS: 60, source },
  { kind: "empirical", valuesS: [10, 20, 20, 90], source },
];

describe("a distribution", () => {
  it("has the mean that it says, and lognormal its deviation too", () => {
    for (const distribution of EACH) {
      const random = seededRandom("distribution", JSON.stringify(distribution));
      const draws = Array.from({ length: 40_000 }, () => drawS(distribution, random.next(), random.next()));
      const mean = draws.reduce((sum, one) => sum + one, 0) / draws.length;
      expect(Math.abs(mean / meanS(distribution) - 1), distribution.kind).toBeLessThan(0.02);
      if (distribution.kind !== "lognormal") continue;
      const variance = draws.reduce((sum, one) => sum + (one - mean) ** 2, 0) / draws.length;
      expect(Math.abs(Math.sqrt(variance) / distribution.sdS - 1)).toBeLessThan(0.05);
    }
  });

  it("never leaves its bounds, and is never negative", () => {
    const uniform = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...EACH), uniform, uniform, (distribution, first, second) => {
        const seconds = drawS(distribution, first, second);
        expect(seconds).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(seconds)).toBe(true);
        if (distribution.kind !== "triangular") return;
        expect(seconds).toBeGreaterThanOrEqual(distribution.minS);
        expect(seconds).toBeLessThanOrEqual(distribution.maxS);
      }),
    );
  });

  it("is refused when its triangle does not ascend", () => {
    const wrong: Distribution = { kind: "triangular", minS: 10, modeS: 5, maxS: 20, source };
    expect(distributionProblem(wrong)).toMatch(/do not ascend/);
    for (const distribution of EACH) expect(distributionProblem(distribution)).toBeUndefined();
  });
});
