import fc from "fast-check";
import { expect, test } from "vitest";
import { hatchOf, type Stripe } from "./hatch.ts";

const lengthM = ({ fromXM, fromYM, toXM, toYM }: Stripe): number => Math.hypot(toXM - fromXM, toYM - fromYM);

test("stripes cover as much of a polygon as their share of it, wherever it lies and however it is turned", () => {
  const metres = fc.double({ min: -500, max: 500, noNaN: true });
  const size = fc.double({ min: 20, max: 80, noNaN: true });
  const turn = fc.double({ min: 0, max: 2 * Math.PI, noNaN: true });
  fc.assert(
    fc.property(metres, metres, size, size, turn, (x, y, length, width, rad) => {
      const at = (a: number, b: number) => ({
        xM: x + Math.cos(rad) * a - Math.sin(rad) * b,
        yM: y + Math.sin(rad) * a + Math.cos(rad) * b,
      });
      const corners = [at(0, 0), at(length, 0), at(length, width), at(0, width)];
      const outline = { xM: corners.map(({ xM }) => xM), yM: corners.map(({ yM }) => yM) };
      const everyM = 0.5;
      const area = hatchOf(outline, everyM).reduce((sum, stripe) => sum + lengthM(stripe) * everyM, 0);
      expect(Math.abs(area - length * width) / (length * width)).toBeLessThan(0.06);
    }),
  );
});

test("the notch of a polygon that is not convex stays free", () => {
  const notched = { xM: [0, 30, 30, 20, 20, 10, 10, 0], yM: [0, 0, 30, 30, 10, 10, 30, 30] };
  for (const { fromXM, fromYM, toXM, toYM } of hatchOf(notched, 1)) {
    const [middleXM, middleYM] = [(fromXM + toXM) / 2, (fromYM + toYM) / 2];
    expect(middleXM > 10 && middleXM < 20 && middleYM > 10.01).toBe(false);
  }
});
