import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Convex, clipAtLine, convexHull, cornersOf, overlaps } from "./convex.ts";
import type { Point } from "./pose.ts";

const box = (minXM: number, minYM: number, maxXM: number, maxYM: number): Convex => {
  const hull = convexHull([
    { xM: minXM, yM: minYM },
    { xM: maxXM, yM: minYM },
    { xM: maxXM, yM: maxYM },
    { xM: minXM, yM: maxYM },
  ]);
  if (hull === undefined) throw new Error("a box has an area");
  return hull;
};

/** Millimetres, as layouts have them. */
const coordinate = fc.integer({ min: -10_000, max: 10_000 }).map((mm) => mm / 1000);
const point = fc.record({ xM: coordinate, yM: coordinate });

/** A polygon that has a point well inside: corners around it in three directions. */
function around(centre: Point): fc.Arbitrary<Convex> {
  const spoke = fc.record({
    radiusM: fc.integer({ min: 1, max: 8 }),
    turn: fc.double({ min: 0, max: 0.9, noNaN: true }),
  });
  return fc.array(spoke, { minLength: 3, maxLength: 3 }).map((spokes) => {
    const hull = convexHull(
      spokes.map(({ radiusM, turn }, i) => {
        const angle = ((i + turn / 2) * 2 * Math.PI) / 3;
        return { xM: centre.xM + radiusM * Math.cos(angle), yM: centre.yM + radiusM * Math.sin(angle) };
      }),
    );
    return hull ?? box(centre.xM - 1, centre.yM - 1, centre.xM + 1, centre.yM + 1);
  });
}
const convex = fc
  .array(point, { minLength: 3, maxLength: 8 })
  .map((points) => convexHull(points))
  .filter((hull) => hull !== undefined && areaOf(hull) > 0.5)
  .map((hull) => hull ?? box(0, 0, 1, 1));

function areaOf(polygon: Convex): number {
  const corners = cornersOf(polygon);
  let twice = 0;
  corners.forEach((a, i) => {
    const b = corners[(i + 1) % corners.length] ?? a;
    twice += a.xM * b.yM - b.xM * a.yM;
  });
  return twice / 2;
}

describe("convex polygons", () => {
  it("that only touch do not overlap", () => {
    expect(overlaps(box(0, 0, 2, 2), box(2, 0, 4, 2))).toBe(false);
    expect(overlaps(box(0, 0, 2, 2), box(1.99, 0, 4, 2))).toBe(true);
    expect(overlaps(box(0, 0, 9, 9), box(4, 4, 5, 5))).toBe(true);
  });

  it("overlap when a point lies well inside both", () => {
    fc.assert(
      fc.property(
        point.chain((centre) => fc.tuple(around(centre), around(centre))),
        ([a, b]) => {
          expect(overlaps(a, b)).toBe(true);
          expect(overlaps(b, a)).toBe(true);
        },
      ),
    );
  });

  it("are wound counter-clockwise around all their points", () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 3, maxLength: 12 }), (points) => {
        const hull = convexHull(points);
        fc.pre(hull !== undefined && areaOf(hull) > 0.01);
        if (hull === undefined) return;
        const corners = cornersOf(hull);
        for (const { xM, yM } of points) {
          corners.forEach((a, i) => {
            const b = corners[(i + 1) % corners.length] ?? a;
            const left = (b.xM - a.xM) * (yM - a.yM) - (b.yM - a.yM) * (xM - a.xM);
            expect(left).toBeGreaterThan(-1e-6);
          });
        }
      }),
    );
  });

  it("are cut at the line into two parts that make up the whole", () => {
    fc.assert(
      fc.property(convex, (polygon) => {
        const left = clipAtLine(polygon, "left");
        const right = clipAtLine(polygon, "right");
        const sum = (left === undefined ? 0 : areaOf(left)) + (right === undefined ? 0 : areaOf(right));
        expect(sum).toBeCloseTo(areaOf(polygon), 1);
        expect(left?.maxXM ?? 0).toBeLessThanOrEqual(0);
        expect(right?.minXM ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
