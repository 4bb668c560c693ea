import { describe, expect, it } from "vitest";
import { ClockSkew } from "./clock-skew.ts";

const verdicts = (...ages: number[]) => {
  const skew = new ClockSkew();
  return ages.map((age) => skew.note(age));
};

describe("the partner's clock", () => {
  it("is ahead when a signature comes from more than 2 s in the future, at once", () => {
    expect(verdicts(-2_000)).toEqual(["unchanged"]);
    expect(verdicts(-2_001)).toEqual(["skewed"]);
  });

  it("is behind when five signatures in a row are too old, and not when one was long on its way", () => {
    expect(verdicts(4_000, 4_000, 4_000, 4_000)).not.toContain("skewed");
    expect(verdicts(4_000, 4_000, 4_000, 4_000, 4_000)).toContain("skewed");
    expect(verdicts(9_000, 9_000, 300, 9_000, 9_000, 9_000)).not.toContain("skewed");
  });

  it("agrees again once the old signatures are forgotten", () => {
    expect(verdicts(-5_000, 400, 400, 400, 400, 400)).toEqual([
      "skewed",
      "unchanged",
      "unchanged",
      "unchanged",
      "unchanged",
      "agrees",
    ]);
  });
});
