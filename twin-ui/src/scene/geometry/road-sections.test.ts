import fc from "fast-check";
import { expect, it } from "vitest";
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
      for (const line of roads) {
        let reachedM = 0;
        for (const { first, count } of book.piecesOf(line)) {
          expect(count).toBeLessThanOrEqual(STRIP_SECTIONS);
          const alongM = (section: number): number => book.sections[section * 4 + 3] ?? Number.NaN;
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
  const [point, other] = [polylineOf([3], [3]), polylineOf([0, 9], [0, 0])];
  if (point === undefined || other === undefined) throw new Error("both have points");
  const book = new RoadSections([point], 16);
  expect(book.piecesOf(point)).toEqual([]);
  expect(book.piecesOf(other)).toEqual([]);
});
