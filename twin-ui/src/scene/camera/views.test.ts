import { describe, expect, it } from "vitest";
import { fitView, parseView, viewText } from "./views.ts";

const lens = { fovRad: 0.66, aspect: 2 };

describe("views", () => {
  it("fitted to a site look at its middle from far enough, and from farther at a longer one", () => {
    const mini = fitView({ minXM: -450, maxXM: 450, minYM: -50, maxYM: 50 }, lens, 0, 0.4);
    const long = fitView({ minXM: -2300, maxXM: 2300, minYM: -50, maxYM: 50 }, lens, 0, 0.4);
    expect(mini.targetXM).toBeCloseTo(0, 3);
    expect(mini.distanceM).toBeGreaterThan(450 / (Math.tan(0.33) * 2));
    expect(long.distanceM).toBeGreaterThan(mini.distanceM * 3);
  });

  it("can be kept as text and read again", () => {
    const view = {
      targetXM: 1.5,
      targetYM: -2,
      targetZM: 0,
      distanceM: 90,
      azimuthRad: -0.5,
      elevationRad: 0.3,
    };
    expect(parseView(viewText(view))).toEqual(view);
  });

  it("are not made of text that is none", () => {
    for (const text of [null, "", "1,2,3", "1,2,3,0,5,6", "a,b,c,d,e,f"])
      expect(parseView(text)).toBeUndefined();
  });
});
