import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nurbsCurve, straightCurve } from "./curve.ts";
import type { Trajectory } from "./nurbs.ts";

/** A quarter circle of radius 12 from (12, 0) to (0, 12), weights as the generator writes them. */
const QUARTER: Trajectory = {
  degree: 2,
  knotVector: [0, 0, 0, 1, 1, 1],
  controlPoints: [
    { x: 12, y: 0, weight: Math.SQRT2 },
    { x: 12, y: 12, weight: 1 },
    { x: 0, y: 12, weight: Math.SQRT2 },
  ],
};

const coordinate = fc.double({ min: -50, max: 50, noNaN: true });
const cubic = fc
  .array(fc.record({ x: coordinate, y: coordinate, weight: fc.double({ min: 0.5, max: 4, noNaN: true }) }), {
    minLength: 6,
    maxLength: 6,
  })
  .map((controlPoints): Trajectory => {
    return { degree: 3, knotVector: [0, 0, 0, 0, 0.3, 0.7, 1, 1, 1, 1], controlPoints };
  });

describe("a curve", () => {
  it("follows a rational quarter circle exactly, at even distance", () => {
    const curve = nurbsCurve(QUARTER);
    expect(curve.lengthM).toBeCloseTo(6 * Math.PI, 6);
    for (let i = 0; i <= 20; i += 1) {
      const angle = (Math.PI / 2) * (i / 20);
      const pose = curve.poseAt(12 * angle);
      expect(pose.xM).toBeCloseTo(12 * Math.cos(angle), 5);
      expect(pose.yM).toBeCloseTo(12 * Math.sin(angle), 5);
      expect(pose.headingRad).toBeCloseTo(angle + Math.PI / 2, 5);
    }
  });

  it("moves as far over the ground as along itself, whatever its knots and weights", () => {
    fc.assert(
      fc.property(cubic, fc.double({ min: 0, max: 0.98, noNaN: true }), (trajectory, share) => {
        const curve = nurbsCurve(trajectory);
        fc.pre(curve.lengthM > 1);
        const fromM = share * curve.lengthM;
        const toM = Math.min(fromM + 0.5, curve.lengthM);
        let drivenM = 0;
        let before = curve.poseAt(fromM);
        for (let i = 1; i <= 200; i += 1) {
          const pose = curve.poseAt(fromM + ((toM - fromM) * i) / 200);
          drivenM += Math.hypot(pose.xM - before.xM, pose.yM - before.yM);
          before = pose;
        }
        expect(drivenM).toBeCloseTo(toM - fromM, 1);
      }),
      { numRuns: 60 },
    );
  });

  it("starts and ends at its first and last control point, and stays there beyond them", () => {
    fc.assert(
      fc.property(cubic, (trajectory) => {
        const curve = nurbsCurve(trajectory);
        const first = trajectory.controlPoints[0];
        const last = trajectory.controlPoints.at(-1);
        for (const [pose, point] of [
          [curve.poseAt(-1), first],
          [curve.poseAt(curve.lengthM + 1), last],
        ] as const) {
          expect(Math.hypot(pose.xM - (point?.x ?? 0), pose.yM - (point?.y ?? 0))).toBeLessThan(1e-6);
        }
      }),
    );
  });

  it("that is straight has one heading and the distance of its ends", () => {
    const curve = straightCurve({ xM: 1, yM: 2 }, { xM: 4, yM: 6 });
    expect(curve.lengthM).toBe(5);
    expect(curve.poseAt(2.5)).toEqual({ xM: 2.5, yM: 4, headingRad: Math.atan2(4, 3) });
  });
});
