import { describe, expect, it } from "vitest";
import { type Comparison, compareRuns } from "./comparison.ts";
import { madeUpRun } from "./testing/made-up-run.ts";

const of = (comparison: Comparison, id: string) => {
  const found = comparison.kpis.find((kpi) => kpi.id === id);
  if (found === undefined) throw new Error(`no figure ${id}`);
  return found;
};

describe("a comparison of runs", () => {
  const before = ["1", "2", "3"].map((seed) => madeUpRun({ seed, journeyMin: 40 }));
  const after = ["1", "2", "3"].map((seed) => madeUpRun({ seed, journeyMin: 50 }));

  it("sets runs with the same seed against each other", () => {
    const comparison = compareRuns(before, [...after].reverse());
    expect(comparison.isPaired).toBe(true);
    expect(of(comparison, "journey-export-p50")).toMatchObject({
      difference: 10,
      halfWidth: 0,
      verdict: "worse",
    });
    expect(of(compareRuns(after, before), "journey-export-p50").verdict).toBe("better");
  });

  it("takes them as two samples when the seeds differ", () => {
    const others = ["7", "8"].map((seed) => madeUpRun({ seed, journeyMin: 50 }));
    const comparison = compareRuns(before, others);
    expect(comparison.isPaired).toBe(false);
    expect(of(comparison, "journey-export-p50").difference).toBeCloseTo(10, 9);
  });

  it("shows no difference between runs and themselves, nor from a single run", () => {
    expect(of(compareRuns(before, before), "handoff-p95").verdict).toBe("same");
    const single = compareRuns(before.slice(0, 1), after.slice(0, 1));
    expect(of(single, "journey-export-p50")).toMatchObject({ difference: 10, verdict: "unknown" });
  });

  it("shows a difference that is less than its interval as none", () => {
    const noisy = compareRuns(
      ["1", "2", "3"].map((seed) => madeUpRun({ seed })),
      ["4", "5", "6"].map((seed) => madeUpRun({ seed })),
    );
    expect(of(noisy, "handoff-p50").verdict).toBe("same");
  });
});
