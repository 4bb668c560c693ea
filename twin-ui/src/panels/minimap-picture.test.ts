import { expect, it } from "vitest";
import { minimapOf, placeAt, pointAt, SIZE_PX } from "./minimap-picture.ts";

const plan = minimapOf({
  roads: [
    { edgeId: "a", side: "vn", xM: [-2_000, 0], yM: [-60, -13] },
    { edgeId: "b", side: "cn", xM: [0, 2_900], yM: [-13, 60] },
  ],
});

it("a place in the small map is found again where it was drawn, all over the site", () => {
  for (const [xM, yM] of [
    [-2_000, -60],
    [0, 0],
    [2_900, 60],
  ] as const) {
    const at = pointAt(plan, xM, yM);
    expect(at.x).toBeGreaterThan(0);
    expect(at.x).toBeLessThan(SIZE_PX.width);
    expect(at.y).toBeGreaterThan(0);
    expect(at.y).toBeLessThan(SIZE_PX.height);
    expect(placeAt(plan, at.x, at.y).xM).toBeCloseTo(xM);
    expect(placeAt(plan, at.x, at.y).yM).toBeCloseTo(yM);
  }
});

it("north is up, China is right, and a point beside the map is the nearest place of the site", () => {
  expect(pointAt(plan, 0, 40).y).toBeLessThan(pointAt(plan, 0, -40).y);
  expect(placeAt(plan, SIZE_PX.width + 50, -50)).toEqual({ xM: plan.bounds.maxXM, yM: plan.bounds.maxYM });
});

it("a site without roads has a small map all the same", () => {
  expect(Number.isFinite(pointAt(minimapOf({ roads: [] }), 0, 0).x)).toBe(true);
});
