import { describe, expect, it } from "vitest";
import { ArcWriter } from "./arc-writer.ts";

const WHITE = { r: 1, g: 1, b: 1 };
const at = (xM: number, zM = 3) => ({ xM, yM: 0, zM });

function corners(writer: ArcWriter) {
  return Array.from({ length: writer.count }, (_, i) => ({
    x: writer.positions[i * 3] ?? 0,
    y: writer.positions[i * 3 + 1] ?? 0,
    z: writer.positions[i * 3 + 2] ?? 0,
  }));
}

describe("arrows of the scene", () => {
  it("begin at one place, end with their point at the other, and rise in between", () => {
    const writer = new ArcWriter();
    writer.arrow(at(0), at(100), 1, 10, WHITE);
    const all = corners(writer);
    expect(Math.min(...all.map(({ x }) => x))).toBeCloseTo(0);
    const point = all.reduce((a, b) => (a.x > b.x ? a : b));
    expect(point).toEqual({ x: 100, y: 0, z: 3 });
    expect(Math.max(...all.map(({ z }) => z))).toBeGreaterThan(12);
    expect(Math.max(...all.map(({ y }) => y))).toBeCloseTo(1.5);
  });

  it("are faced upwards, so that they are seen from above", () => {
    const writer = new ArcWriter();
    writer.arrow(at(0), at(40), 1, 0, WHITE);
    const all = corners(writer);
    for (let i = 0; i + 2 < all.length; i += 3) {
      const [a, b, c] = [all[i], all[i + 1], all[i + 2]];
      if (a === undefined || b === undefined || c === undefined)
        throw new Error("a triangle has three corners");
      expect((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)).toBeGreaterThan(0);
    }
  });

  it("are not written between one place and itself, and their arrays grow with their number", () => {
    const writer = new ArcWriter();
    writer.arrow(at(5), at(5), 1, 10, WHITE);
    expect(writer.count).toBe(0);
    for (let i = 0; i < 60; i++) writer.arrow(at(0), at(100 + i), 1, 10, WHITE);
    expect(writer.positions.length).toBeGreaterThanOrEqual(writer.count * 3);
    expect(writer.colours.length).toBe(writer.positions.length);
    expect(corners(writer).at(-2)?.x).toBe(159);
  });
});
