import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONDITIONS, type Condition, type Fact, mayCross, weightFits } from "./conditions.ts";

const fact = (condition: Condition, holds: boolean, atMs: number): Fact => ({
  condition,
  holds,
  source: "x",
  atMs,
  detail: "",
});
const condition = fc.constantFrom(...CONDITIONS);
const anyFact = fc
  .record({ condition, holds: fc.boolean(), atMs: fc.nat(50) })
  .map((f) => fact(f.condition, f.holds, f.atMs));

describe("may cross", () => {
  it("holds exactly when the newest fact of every condition asked for holds", () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 30 }), fc.uniqueArray(condition), (facts, crossing) => {
        const expected = crossing.filter((asked) => {
          const of = facts.filter((f) => f.condition === asked);
          const newestAtMs = Math.max(...of.map((f) => f.atMs));
          return of.findLast((f) => f.atMs === newestAtMs)?.holds !== true;
        });
        const result = mayCross(facts, { crossing });
        expect(result.kind === "may-cross" ? [] : result.missing).toEqual(expected);
      }),
    );
  });

  it("takes a correction as a new fact, whichever way it goes", () => {
    const procedure = { crossing: ["seal"] as const };
    expect(mayCross([fact("seal", true, 1), fact("seal", false, 2)], procedure)).toEqual({
      kind: "may-not-cross",
      missing: ["seal"],
    });
    expect(mayCross([fact("seal", false, 1), fact("seal", true, 2)], procedure)).toEqual({
      kind: "may-cross",
    });
  });

  it("does not let one condition stand in for another", () => {
    expect(
      mayCross([fact("customs-release", true, 1)], { crossing: ["customs-release", "border-guard"] }),
    ).toEqual({
      kind: "may-not-cross",
      missing: ["border-guard"],
    });
  });
});

describe("a weight", () => {
  it("fits up to the tolerance and no further, above and below", () => {
    expect(weightFits(20_000, 21_000, 5)).toBe(true);
    expect(weightFits(20_000, 19_000, 5)).toBe(true);
    expect(weightFits(20_000, 21_001, 5)).toBe(false);
    expect(weightFits(20_000, 18_999, 5)).toBe(false);
  });
});
