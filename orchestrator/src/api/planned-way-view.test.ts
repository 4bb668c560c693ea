import { expect, it } from "vitest";
import { MAX_WAY_POINTS } from "../contract/index.ts";
import { plannedWayOf } from "./planned-way-view.ts";

const way = (...points: readonly (readonly [number, number])[]) => ({
  plannedWays: [points.map(([xM, yM]) => ({ xM, yM }))],
});

it("stays the same while its vehicle drives straight on, and is told by its bends and its end", () => {
  const corner = [
    [10, 0],
    [20, 0],
    [20.04, 30],
  ] as const;
  const shown = { xM: [20, 20], yM: [0, 30] };
  expect(plannedWayOf(way([1, 0], ...corner))).toEqual(shown);
  expect(plannedWayOf(way([7.3, 0.02], ...corner))).toEqual(shown);
});

it("is not told of who has none, or has come to its end", () => {
  expect(plannedWayOf({})).toBeUndefined();
  expect(plannedWayOf(way([1, 0]))).toBeUndefined();
});

it("turns back where the vehicle does", () => {
  expect(plannedWayOf(way([0, 0], [10, 0], [5, 0]))).toEqual({ xM: [10, 5], yM: [0, 0] });
});

it("has so many points at most", () => {
  const points = Array.from({ length: 300 }, (_, at) => [at, at % 2 === 0 ? 0 : 5] as const);
  expect(plannedWayOf(way(...points))?.xM).toHaveLength(MAX_WAY_POINTS);
});
