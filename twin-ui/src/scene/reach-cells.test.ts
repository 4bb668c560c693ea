import fc from "fast-check";
import { expect, it } from "vitest";
import { ReachCells } from "./reach-cells.ts";

it("nobody who is within reach of a place is missed, and most of a long site is near none", () => {
  const along = fc.double({ min: -3_000, max: 3_000, noNaN: true });
  fc.assert(
    fc.property(fc.array(along, { maxLength: 12 }), along, (places, xM) => {
      const near = new ReachCells(
        places.map((placeXM) => ({ xM: placeXM, yM: 0 })),
        40,
      ).near(xM);
      for (const [i, placeXM] of places.entries()) {
        if (Math.abs(placeXM - xM) <= 40) expect(near).toContain(i);
        if (Math.abs(placeXM - xM) > 80) expect(near).not.toContain(i);
      }
    }),
  );
});
