import { expect, test } from "vitest";
import { overlap } from "./ground-watch.ts";

const standing = { xM: 0, yM: 0, headingRad: 0 };

test("a body a hand's breadth behind another is clear of it, one that touches is not", () => {
  expect(overlap(standing, { xM: 15.1, yM: 0, headingRad: 0 })).toBe(false);
  expect(overlap(standing, { xM: 14.9, yM: 0, headingRad: 0 })).toBe(true);
  expect(overlap(standing, { xM: 0, yM: 3.1, headingRad: Math.PI })).toBe(false);
});

test("a body across the way overlaps although its centre is far off the lane", () => {
  expect(overlap(standing, { xM: 0, yM: 8.5, headingRad: Math.PI / 2 })).toBe(true);
  expect(overlap(standing, { xM: 0, yM: 9.5, headingRad: Math.PI / 2 })).toBe(false);
});
