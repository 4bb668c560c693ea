import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMON_FIGURES } from "./sites/common-figures.ts";
import { clearOfBendM, placesAlong } from "./spacing.ts";

describe("the places on a straight piece of road", () => {
  const cutting = fc.record({
    spacingM: fc.constantFrom(5, 10, 21),
    clearStartM: fc.constantFrom(0, 20.75),
    clearEndM: fc.constantFrom(0, 20.75),
  });

  it("ascend, keep clear of both ends, and leave no gap longer than asked for but there", () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 400, noNaN: true }), cutting, (lengthM, how) => {
        const places = placesAlong(lengthM, how);
        const all = [0, ...places, lengthM];
        const gaps = all.slice(1).map((placeM, i) => placeM - (all[i] ?? 0));
        expect(gaps.every((gapM) => gapM > 0)).toBe(true);
        expect(places.every((placeM) => placeM >= how.clearStartM - 1e-9)).toBe(true);
        expect(places.every((placeM) => lengthM - placeM >= how.clearEndM - 1e-9)).toBe(true);
        // What is left out is at most the clear ends together, and a place that would be too near to an end.
        const longestM = Math.max(how.spacingM, how.clearStartM, how.clearEndM) + 2;
        if (lengthM >= how.clearStartM + how.clearEndM + 2)
          expect(Math.max(...gaps)).toBeLessThanOrEqual(longestM);
      }),
    );
  });

  it("are nearer to each other on the approach to a gate", () => {
    const approach = { lengthM: 40, spacingM: 10 };
    const places = placesAlong(100, { spacingM: 20, clearStartM: 0, clearEndM: 0, approach });
    expect(places).toEqual([20, 40, 60, 70, 80, 90]);
  });
});

it("a body stands clear of a bend of 12 m when its middle is 20.68 m past the beginning", () => {
  expect(clearOfBendM(COMMON_FIGURES, 12)).toBeCloseTo(12.649 + 8 + 0.03, 3);
});
