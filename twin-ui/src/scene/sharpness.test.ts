import { expect, test } from "vitest";
import { Sharpness } from "./sharpness.ts";

function after(frames: readonly (readonly [count: number, costMs: number])[]): number {
  const sharpness = new Sharpness();
  for (const [count, costMs] of frames) for (let i = 0; i < count; i++) sharpness.observe(costMs);
  return sharpness.part;
}

test("the picture is full where frames come quickly, and one slow frame changes nothing", () => {
  expect(after([[1000, 16]])).toBe(1);
  expect(
    after([
      [100, 16],
      [1, 900],
      [100, 16],
    ]),
  ).toBe(1);
});

test("it has fewer pixels where frames stay slow, and never less than half along each side", () => {
  expect(after([[8, 150]])).toBe(0.75);
  expect(after([[1000, 400]])).toBe(0.5);
});

test("it becomes sharp again when frames have come quickly for a while, and less readily each time", () => {
  expect(
    after([
      [8, 150],
      [150, 16],
    ]),
  ).toBe(1);
  const twice = [
    [8, 150],
    [150, 16],
    [8, 150],
    [150, 16],
  ] as const;
  expect(after(twice)).toBe(0.75);
  expect(after([...twice, [450, 16]])).toBe(1);
});

test("frames that are neither slow nor quick leave it as it is", () => {
  expect(
    after([
      [8, 150],
      [5000, 50],
    ]),
  ).toBe(0.75);
});
