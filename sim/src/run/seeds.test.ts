import { expect, it } from "vitest";
import { seedsFrom } from "./seeds.ts";

it("a single run has the seed that is asked for, else the scenario's own", () => {
  expect(seedsFrom(undefined, 1, "pilot-1")).toEqual(["pilot-1"]);
  expect(seedsFrom("7", 1, "pilot-1")).toEqual(["7"]);
});

it("several runs count on from the first seed, from 1 without one", () => {
  expect(seedsFrom("7", 3, "pilot-1")).toEqual(["7", "8", "9"]);
  expect(seedsFrom(undefined, 2, "pilot-1")).toEqual(["1", "2"]);
  expect(seedsFrom("fog", 2, "pilot-1")).toEqual(["fog-1", "fog-2"]);
});
