import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random/seeded.ts";
import { intervalOf, studentT975 } from "./confidence.ts";

describe("a 95 % interval", () => {
  it("uses Student's t as the tables have it", () => {
    const table = [
      [1, 12.706],
      [2, 4.303],
      [3, 3.182],
      [5, 2.571],
      [9, 2.262],
      [19, 2.093],
      [29, 2.045],
      [60, 2.0],
      [120, 1.98],
    ] as const;
    for (const [degrees, t] of table) expect(studentT975(degrees)).toBeCloseTo(t, 3);
  });

  it("is not known from a single run, and there is none of no run", () => {
    expect(intervalOf([7])).toEqual({ runs: 1, mean: 7, halfWidth: undefined });
    expect(intervalOf([])).toBeUndefined();
  });

  it("moves with its values and grows with their spread", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 20 }),
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        fc.double({ min: 0.5, max: 10, noNaN: true }),
        (values, shift, factor) => {
          const before = intervalOf(values);
          const after = intervalOf(values.map((value) => value * factor + shift));
          expect(after?.mean).toBeCloseTo((before?.mean ?? 0) * factor + shift, 6);
          expect(after?.halfWidth).toBeCloseTo((before?.halfWidth ?? 0) * factor, 5);
        },
      ),
    );
  });

  it("has the true mean in it about 95 times of 100", () => {
    const random = seededRandom("coverage");
    const normal = (): number =>
      Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    let caught = 0;
    for (let trial = 0; trial < 4_000; trial++) {
      const interval = intervalOf([normal(), normal(), normal(), normal(), normal()]);
      if (Math.abs(interval?.mean ?? 9) <= (interval?.halfWidth ?? 0)) caught += 1;
    }
    expect(caught / 4_000).toBeGreaterThan(0.94);
    expect(caught / 4_000).toBeLessThan(0.96);
  });
});
