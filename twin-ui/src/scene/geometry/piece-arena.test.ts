import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PIECE_FLOATS, PieceArena } from "./piece-arena.ts";

/** Roads, each of two cross-sections, or of none that are drawn. */
const roads = {
  firstOf: Int32Array.from({ length: 400 }, (_, i) => i * 2),
  countOf: Int32Array.from({ length: 400 }, (_, i) => (i % 5 === 4 ? 0 : 2)),
};
/** A way over so many of them. */
const way = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const starts = (count: number, startM: number): number[] =>
  Array.from({ length: count }, (_, i) => startM + i);

/** What is drawn of each owner: the first cross-section of each of its pieces and where the road begins. */
function drawn(pieces: Float32Array, count: number): Map<number, [number, number][]> {
  const found = new Map<number, [number, number][]>();
  for (let at = 0; at < count * PIECE_FLOATS; at += PIECE_FLOATS) {
    const [first = 0, sections = 0, startM = 0, owner = 0] = pieces.subarray(at, at + PIECE_FLOATS);
    if (sections === 0) continue;
    found.set(owner, [...(found.get(owner) ?? []), [first, startM]]);
  }
  return found;
}

describe("the ways of many owners", () => {
  it("are each drawn once, as they were put last, whoever came, went or changed", () => {
    const act = fc.record({
      owner: fc.integer({ min: 1, max: 12 }),
      count: fc.integer({ min: 0, max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const arena = new PieceArena(roads);
        const wanted = new Map<number, [number, number][]>();
        // What the graphics hardware has: only what it was told of.
        let sent = arena.pieces.slice();
        for (const { owner, count } of acts) {
          if (count < 50) {
            arena.drop(owner);
            wanted.delete(owner);
          } else {
            arena.put(owner, way(count), starts(count, owner));
            wanted.set(
              owner,
              way(count)
                .filter((i) => roads.countOf[i] === 2)
                .map((i): [number, number] => [roads.firstOf[i] ?? 0, owner + i]),
            );
          }
          const change = arena.takeChange();
          if (sent.length !== arena.pieces.length) sent = arena.pieces.slice();
          if (change === undefined) continue;
          const [from, to] = [change.first * PIECE_FLOATS, (change.first + change.count) * PIECE_FLOATS];
          sent.set(arena.pieces.subarray(from, to), from);
        }
        expect(drawn(sent, arena.count)).toEqual(wanted);
      }),
    );
  });

  it("tell only of what changed", () => {
    const arena = new PieceArena(roads);
    for (let owner = 1; owner <= 100; owner++) arena.put(owner, way(10), starts(10, 0));
    arena.takeChange();
    expect(arena.takeChange()).toBeUndefined();
    arena.put(50, way(9), starts(9, 0));
    expect(arena.takeChange()?.count).toBeLessThan(20);
  });
});
