import { expect, it } from "vitest";
import type { State } from "../wire/v3_0/index.ts";
import { IDLE } from "./idle-state-fixture.ts";
import { plannedWaysOf } from "./planned-ways.ts";

type Trajectory = NonNullable<State["plannedPath"]>["trajectory"];
const planned = (trajectory: Trajectory) => plannedWaysOf({ ...IDLE, plannedPath: { trajectory } });
const CORNER = [
  { x: 0, y: 0 },
  { x: 10, y: 0 },
  { x: 10, y: 10 },
];

it("reads a path without a degree as the line through its points, and the intermediate one after it", () => {
  const intermediatePath = { polyline: [{ x: 1, y: 2, eta: "2026-06-01T00:00:01.000Z" }] };
  expect(
    plannedWaysOf({ ...IDLE, plannedPath: { trajectory: { controlPoints: CORNER } }, intermediatePath }),
  ).toEqual([
    [
      { xM: 0, yM: 0 },
      { xM: 10, yM: 0 },
      { xM: 10, yM: 10 },
    ],
    [{ xM: 1, yM: 2 }],
  ]);
  expect(plannedWaysOf(IDLE)).toEqual([]);
});

it("follows a curve, not the points that pull at it, with even knots where none are given", () => {
  const [way = []] = planned({ degree: 2, controlPoints: CORNER });
  expect(way).toHaveLength(9);
  expect(way[0]).toMatchObject({ xM: 0, yM: 0 });
  expect(way[4]).toMatchObject({ xM: 7.5, yM: 2.5 });
  expect(way[8]).toMatchObject({ xM: 10, yM: 10 });
  expect(planned({ degree: 2, controlPoints: CORNER, knotVector: [0, 0, 0, 1, 1, 1] })).toEqual([way]);
});

it("leaves out a path that makes no sense, and one without end", () => {
  expect(planned({ degree: 3, controlPoints: CORNER })).toEqual([]);
  expect(planned({ degree: 2, controlPoints: CORNER, knotVector: [0, 1] })).toEqual([]);
  expect(planned({ degree: 2, controlPoints: CORNER, knotVector: [0, 0, 1, 0, 1, 1] })).toEqual([]);
  const weightless = CORNER.map((point) => ({ ...point, weight: 0 }));
  expect(planned({ degree: 2, controlPoints: weightless })).toEqual([]);
  expect(planned({ controlPoints: Array.from({ length: 100_000 }, (_, x) => ({ x, y: 0 })) })).toEqual([]);
});
