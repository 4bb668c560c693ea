import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reachesOver } from "./outline.ts";
import type { Point } from "./pose.ts";

const body = { lengthM: 15, widthM: 3 };
/** An L, open to the upper right. */
const corner: readonly Point[] = [
  { xM: 0, yM: 0 },
  { xM: 40, yM: 0 },
  { xM: 40, yM: 10 },
  { xM: 10, yM: 10 },
  { xM: 10, yM: 40 },
  { xM: 0, yM: 40 },
];

describe("a body reaches over an outline", () => {
  it("with its nose, with all of it, and not from the notch", () => {
    expect(reachesOver(corner, { xM: -8, yM: 5, headingRad: 0 }, body)).toBe(false);
    expect(reachesOver(corner, { xM: -7.4, yM: 5, headingRad: 0 }, body)).toBe(true);
    expect(reachesOver(corner, { xM: 20, yM: 5, headingRad: 0 }, body)).toBe(true);
    expect(reachesOver(corner, { xM: 25, yM: 25, headingRad: Math.PI / 4 }, body)).toBe(false);
  });

  it("when it is larger than the whole outline", () => {
    const post: readonly Point[] = [
      { xM: 4, yM: -0.2 },
      { xM: 4.4, yM: -0.2 },
      { xM: 4.2, yM: 0.2 },
    ];
    expect(reachesOver(post, { xM: 0, yM: 0, headingRad: 0 }, body)).toBe(true);
  });

  it("exactly where a grid of points of the body lies in it, but for a hair's breadth at its border", () => {
    const isIn = ({ xM, yM }: Point): boolean =>
      xM >= 0 && yM >= 0 && xM <= 40 && yM <= 40 && (xM <= 10 || yM <= 10);
    const near = ({ xM, yM }: Point, byM: number): boolean =>
      [-byM, 0, byM].some((dxM) => [-byM, 0, byM].some((dyM) => isIn({ xM: xM + dxM, yM: yM + dyM })));
    const place = fc.double({ min: -20, max: 60, noNaN: true });
    fc.assert(
      fc.property(place, place, fc.double({ min: -3.2, max: 3.2, noNaN: true }), (xM, yM, headingRad) => {
        const points: Point[] = [];
        for (let along = -7.5; along <= 7.5; along += 0.5)
          for (let beside = -1.5; beside <= 1.5; beside += 0.5)
            points.push({
              xM: xM + along * Math.cos(headingRad) - beside * Math.sin(headingRad),
              yM: yM + along * Math.sin(headingRad) + beside * Math.cos(headingRad),
            });
        const told = reachesOver(corner, { xM, yM, headingRad }, body);
        if (points.some(isIn)) expect(told).toBe(true);
        if (!points.some((point) => near(point, 0.5))) expect(told).toBe(false);
      }),
    );
  });
});
