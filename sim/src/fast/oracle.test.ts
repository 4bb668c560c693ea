import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Body, overlapsOf } from "./oracle.ts";

const body = (vehicleId: string, xM: number, yM: number, headingRad: number): Body => ({
  vehicleId,
  xM,
  yM,
  headingRad,
  lengthM: 15,
  widthM: 3,
});

/** Points on a grid over the body, its rim a hair inside. */
function pointsOf({ xM, yM, headingRad, lengthM, widthM }: Body): { xM: number; yM: number }[] {
  const found = [];
  for (let i = 0; i <= 60; i++) {
    for (let j = 0; j <= 12; j++) {
      const along = (i / 60 - 0.5) * lengthM * 0.999;
      const across = (j / 12 - 0.5) * widthM * 0.999;
      found.push({
        xM: xM + along * Math.cos(headingRad) - across * Math.sin(headingRad),
        yM: yM + along * Math.sin(headingRad) + across * Math.cos(headingRad),
      });
    }
  }
  return found;
}

function contains({ xM, yM, headingRad, lengthM, widthM }: Body, point: { xM: number; yM: number }): boolean {
  const dx = point.xM - xM;
  const dy = point.yM - yM;
  const along = dx * Math.cos(headingRad) + dy * Math.sin(headingRad);
  const across = -dx * Math.sin(headingRad) + dy * Math.cos(headingRad);
  return Math.abs(along) < lengthM / 2 && Math.abs(across) < widthM / 2;
}

describe("the independent eye", () => {
  it("sees each pair of bodies that share a point, wherever they are among others", () => {
    const metres = fc.double({ min: -40, max: 40, noNaN: true });
    const turn = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(metres, metres, turn), { minLength: 2, maxLength: 8 }), (poses) => {
        const bodies = poses.map(([xM, yM, headingRad], index) => body(`v${index}`, xM, yM, headingRad));
        const seen = new Set(overlapsOf(bodies).map(({ first, second }) => [first, second].sort().join(" ")));
        for (const first of bodies) {
          for (const second of bodies) {
            if (first.vehicleId >= second.vehicleId) continue;
            const shared = pointsOf(first).some((point) => contains(second, point));
            if (shared) expect(seen).toContain(`${first.vehicleId} ${second.vehicleId}`);
          }
        }
      }),
    );
  });

  it("sees nothing between bodies that stand nose to tail or side by side", () => {
    const free = [body("a", 0, 0, 0), body("b", 15, 0, 0), body("c", 0, 3, Math.PI), body("d", 100, 0, 1)];
    expect(overlapsOf(free)).toEqual([]);
    expect(overlapsOf([body("a", 0, 0, 0), body("b", 14.9, 0, 0)])).toEqual([{ first: "a", second: "b" }]);
  });
});
