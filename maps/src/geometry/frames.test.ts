import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { composed, inverseOf, pointToSiteFrame, toMapFrame, toSiteFrame } from "./frames.ts";

const metres = fc.double({ min: -5000, max: 5000, noNaN: true });
const angle = fc.double({ min: -3.1, max: 3.1, noNaN: true });
const transform = fc.record({ dxM: metres, dyM: metres, rotationRad: angle });
const pose = fc.record({ xM: metres, yM: metres, headingRad: angle });

describe("map frame and site frame", () => {
  it("lead there and back again", () => {
    fc.assert(
      fc.property(transform, pose, (t, p) => {
        const back = toMapFrame(t, toSiteFrame(t, p));
        expect(Math.hypot(back.xM - p.xM, back.yM - p.yM)).toBeLessThan(1e-6);
        expect(Math.cos(back.headingRad - p.headingRad)).toBeGreaterThan(1 - 1e-9);
      }),
    );
  });

  it("turn before they shift", () => {
    const site = toSiteFrame({ dxM: 10, dyM: 20, rotationRad: Math.PI / 2 }, { xM: 1, yM: 0, headingRad: 0 });
    expect(site.xM).toBeCloseTo(10);
    expect(site.yM).toBeCloseTo(21);
    expect(site.headingRad).toBeCloseTo(Math.PI / 2);
  });

  it("can be joined and undone", () => {
    fc.assert(
      fc.property(transform, transform, pose, (a, b, p) => {
        const joined = pointToSiteFrame(composed(a, inverseOf(b)), p);
        const steps = pointToSiteFrame(a, pointToSiteFrame(inverseOf(b), p));
        expect(Math.hypot(joined.xM - steps.xM, joined.yM - steps.yM)).toBeLessThan(1e-5);
      }),
    );
  });
});
