import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Knob, type Sizes, smallestSizes } from "./sizing.ts";

const knob = (path: string, least: number, start: number, most: number): Knob => ({
  path,
  least,
  start,
  most,
});

describe("sizing", () => {
  it("finds the least of each that holds, and nothing smaller holds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        async (fleet, cranes) => {
          const holds = async (sizes: Sizes) => (sizes.fleet ?? 0) >= fleet && (sizes.cranes ?? 0) >= cranes;
          const sizing = await smallestSizes([knob("fleet", 1, 40, 60), knob("cranes", 1, 6, 12)], holds);
          expect(sizing.kind === "found" && sizing.sizes).toEqual({ fleet, cranes });
        },
      ),
    );
  });

  it("ends where no single size can be lowered when one makes up for another", async () => {
    const holds = async (sizes: Sizes) => (sizes.a ?? 0) + 2 * (sizes.b ?? 0) >= 20;
    const sizing = await smallestSizes([knob("a", 1, 20, 30), knob("b", 1, 10, 20)], holds);
    if (sizing.kind !== "found") throw new Error("there is a size that holds");
    expect(await holds(sizing.sizes)).toBe(true);
    for (const path of ["a", "b"]) {
      const { [path]: size = 0 } = sizing.sizes;
      expect(size === 1 || !(await holds({ ...sizing.sizes, [path]: size - 1 }))).toBe(true);
    }
  });

  it("tries no size twice, and none that another trial has answered", async () => {
    const asked: string[] = [];
    const holds = async (sizes: Sizes) => {
      asked.push(JSON.stringify(sizes));
      return (sizes.fleet ?? 0) >= 33;
    };
    await smallestSizes([knob("fleet", 10, 46, 92), knob("bays", 3, 10, 20)], holds);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.length).toBeLessThanOrEqual(12);
  });

  it("says so when not even the most of everything holds", async () => {
    const sizing = await smallestSizes([knob("fleet", 1, 10, 20)], async () => false);
    expect(sizing.kind).toBe("none");
    expect(sizing.trials.map(({ sizes }) => sizes.fleet)).toEqual([10, 20]);
  });

  it("does not go below what cannot be enough", async () => {
    const sizing = await smallestSizes([knob("fleet", 25, 46, 92)], async () => true);
    expect(sizing.kind === "found" && sizing.sizes.fleet).toBe(25);
  });
});
