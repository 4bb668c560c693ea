import { expect, test } from "vitest";
import { firstAhead } from "./way-ahead.ts";

const CORNER = { xM: [10, 20, 20], yM: [0, 0, 30] };

test("a way begins with the first point that the vehicle has not passed", () => {
  expect(firstAhead(CORNER, 4, 0)).toBe(0);
  expect(firstAhead(CORNER, 12, 0.3)).toBe(1);
  expect(firstAhead(CORNER, 20, 8)).toBe(2);
});

test("of a way that is driven to its end the end is left", () => {
  expect(firstAhead(CORNER, 20, 31)).toBe(2);
  expect(firstAhead({ xM: [], yM: [] }, 0, 0)).toBe(0);
});
