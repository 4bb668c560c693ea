import { expect, test } from "vitest";
import { isBeyondLine } from "./beyond-line.ts";

const carrier = { lengthM: 15, widthM: 3 };

test("a vehicle is beyond the line when its whole body is, on whichever side it began", () => {
  expect(isBeyondLine("vn", { xM: 20 }, carrier)).toBe(true);
  expect(isBeyondLine("cn", { xM: -20 }, carrier)).toBe(true);
  expect(isBeyondLine("vn", { xM: -20 }, carrier)).toBe(false);
  expect(isBeyondLine("cn", { xM: 20 }, carrier)).toBe(false);
});

test("a tail on the line, or a body that may be turned across it, is not beyond", () => {
  expect(isBeyondLine("vn", { xM: 7.5 }, carrier)).toBe(false);
  expect(isBeyondLine("cn", { xM: -8.5 }, carrier)).toBe(false);
});
