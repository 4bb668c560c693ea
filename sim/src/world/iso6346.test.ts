import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random/seeded.ts";
import { checkDigit, drawContainerNo, isContainerNo } from "./iso6346.ts";

describe("container numbers", () => {
  it("have the check digits of well-known ones", () => {
    expect(checkDigit("CSQU305438")).toBe(3);
    expect(checkDigit("MSCU663987")).toBe(0);
    expect(isContainerNo("CSQU3054383")).toBe(true);
    expect(isContainerNo("CSQU3054384")).toBe(false);
    expect(checkDigit("CSQX305438")).toBeUndefined();
  });

  it("hold whatever they are drawn from, and show any one digit misread", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 4, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        (seed, at, by) => {
          const drawn = drawContainerNo(seededRandom(seed));
          expect(isContainerNo(drawn)).toBe(true);
          const misread = `${drawn.slice(0, at)}${(Number(drawn[at]) + by) % 10}${drawn.slice(at + 1)}`;
          expect(isContainerNo(misread)).toBe(false);
        },
      ),
    );
  });

  it("are the same for the same seed", () => {
    expect(drawContainerNo(seededRandom("a", "b"))).toBe(drawContainerNo(seededRandom("a", "b")));
    expect(drawContainerNo(seededRandom("a", "b"))).not.toBe(drawContainerNo(seededRandom("a", "c")));
  });
});
