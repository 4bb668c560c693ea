import { expect, it } from "vitest";
import { placeIn } from "./bands.ts";

it("a figure at either end of a band is within it", () => {
  const band = { from: 29, to: 37 };
  expect([28, 29, 37, 38].map((value) => placeIn(band, value))).toEqual([
    "below",
    "within",
    "within",
    "above",
  ]);
});
