import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BandArena, type BandPiece } from "./band-arena.ts";
import { TriangleWriter } from "./ribbon.ts";

/** A band of so many square pieces of one square metre each, at a height that tells whose it is. */
function pieces(count: number, z: number): BandPiece[] {
  const writer = new TriangleWriter();
  for (let i = 0; i < count; i++) writer.quad(i, 0, i + 1, 0, i + 1, 1, i, 1, z, i, i + 1);
  const { positions, alongM } = writer;
  const band = {
    positions: positions.slice(0, writer.count * 3),
    alongM: alongM.slice(0, writer.count),
    count: writer.count,
  };
  return [{ band, startM: 0 }];
}

/** The surface at each height. */
function surfaces(arena: BandArena): Map<number, number> {
  const found = new Map<number, number>();
  for (let v = 0; v < arena.count; v += 3) {
    const p = (k: number): number => arena.positions[v * 3 + k] ?? 0;
    const area = Math.abs((p(3) - p(0)) * (p(7) - p(1)) - (p(6) - p(0)) * (p(4) - p(1))) / 2;
    if (area > 0) found.set(p(2), (found.get(p(2)) ?? 0) + area);
  }
  return found;
}

describe("the bands of many owners", () => {
  it("are each drawn once, as they were put last, whoever came, went or changed", () => {
    const act = fc.record({
      owner: fc.integer({ min: 1, max: 12 }),
      count: fc.integer({ min: 0, max: 900 }),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const arena = new BandArena();
        const wanted = new Map<number, number>();
        // What the graphics hardware has: only what it was told of.
        const sent = new BandArena();
        for (const { owner, count } of acts) {
          if (count < 100) {
            arena.drop(owner);
            wanted.delete(owner);
          } else {
            arena.put(owner, pieces(count, owner));
            wanted.set(owner, count);
          }
          const changed = arena.takeChanges();
          if (sent.positions.length !== arena.positions.length) sent.positions = arena.positions.slice();
          for (const { first, count: vertices } of changed) {
            const [from, to] = [first * 3, (first + vertices) * 3];
            sent.positions.set(arena.positions.subarray(from, to), from);
          }
          sent.count = arena.count;
        }
        expect(surfaces(sent)).toEqual(wanted);
      }),
    );
  });

  it("say of each vertex how far along it is, and whose", () => {
    const arena = new BandArena();
    arena.put(3, pieces(2, 1));
    arena.put(7, [...pieces(1, 1), ...pieces(1, 1).map(({ band }) => ({ band, startM: 20 }))]);
    const ofOne = Array.from({ length: arena.count }, (_, v) => [arena.marks[v * 2], arena.marks[v * 2 + 1]])
      .filter(([, row]) => row === 7)
      .map(([alongM]) => alongM);
    expect(ofOne).toEqual([0, 1, 1, 0, 1, 0, 20, 21, 21, 20, 21, 20]);
  });

  it("tell only of what changed", () => {
    const arena = new BandArena();
    for (let owner = 1; owner <= 100; owner++) arena.put(owner, pieces(10, owner));
    arena.takeChanges();
    expect(arena.takeChanges()).toEqual([]);
    arena.put(50, pieces(9, 50));
    const told = arena.takeChanges().reduce((sum, { count }) => sum + count, 0);
    expect(told).toBeLessThan(100);
  });
});
