import fc from "fast-check";
import { expect, it } from "vitest";
import { PIECE_FLOATS, PieceArena } from "./piece-arena.ts";
import { type Polyline, polylineOf } from "./polyline.ts";
import { RoadSections, STRIP_SECTIONS } from "./road-sections.ts";

const road = fc
  .array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 })
  .map((steps): Polyline | undefined => {
    const xM = [0];
    for (const step of steps) xM.push((xM.at(-1) ?? 0) + step);
    return polylineOf(
      xM,
      xM.map((x) => Math.sin(x)),
    );
  });

it("a road is told as strips without a gap between them, from its one end to its other", () => {
  fc.assert(
    fc.property(fc.array(road, { minLength: 1, maxLength: 5 }), (made) => {
      const roads = made.filter((line) => line !== undefined);
      const book = new RoadSections(roads, 16);
      const alongM = (section: number): number => book.sections[section * 4 + 3] ?? Number.NaN;
      for (const [number, line] of roads.entries()) {
        const arena = new PieceArena(book);
        arena.put(1, [number], [0]);
        const { first: from = 0, count: strips = 0 } = arena.takeChange() ?? {};
        let reachedM = 0;
        for (let strip = from; strip < from + strips; strip++) {
          const [first = 0, count = 0] = arena.pieces.subarray(strip * PIECE_FLOATS);
          if (count === 0) continue;
          expect(count).toBeLessThanOrEqual(STRIP_SECTIONS);
          expect(alongM(first)).toBeCloseTo(reachedM, 3);
          reachedM = alongM(first + count - 1);
        }
        expect(reachedM).toBeCloseTo(line.lengthM, 3);
      }
      expect(book.sections.length % 64).toBe(0);
    }),
  );
});

it("a road that is a point is no strip, nor is one that nobody told of", () => {
  const point = polylineOf([3], [3]);
  if (point === undefined) throw new Error("it has a point");
  const arena = new PieceArena(new RoadSections([point], 16));
  arena.put(1, [0, 7], [0, 0]);
  expect(arena.takeChange()).toBeUndefined();
});
