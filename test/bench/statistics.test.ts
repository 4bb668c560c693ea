import { describe, expect, it } from "vitest";
import { logLogSlope, lowerLimit95, summaryOf } from "./statistics.ts";

describe("figures of a run", () => {
  it("takes the 99th percentile from the figures themselves", () => {
    const values = Array.from({ length: 200 }, (_, i) => i + 1);
    expect(summaryOf(values)).toEqual({ count: 200, mean: 100.5, p99: 198, max: 200 });
  });

  it("knows nothing of the spread of one figure", () => {
    expect(lowerLimit95([3])).toBeUndefined();
  });

  it("puts the lower limit below the mean by Student's t", () => {
    // Mean 2, standard deviation 1, three figures: 2 - 2.92 / sqrt(3).
    expect(lowerLimit95([1, 2, 3])).toBeCloseTo(2 - 2.92 / Math.sqrt(3), 6);
    expect(lowerLimit95([5, 5, 5])).toBe(5);
  });

  it("finds the exponent of growth", () => {
    const squares = [1, 10, 100].map((x) => ({ x, y: 3 * x * x }));
    expect(logLogSlope(squares)).toBeCloseTo(2, 9);
  });
});
