import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Polyline, placeAt, polylineOf } from "./geometry/polyline.ts";
import { TriangleWriter } from "./geometry/ribbon.ts";
import { NOSE_M, WayProgress, writeClosed } from "./ribbons.ts";
import { type Stretch, stretchOf } from "./way-book.ts";

const roads = new Map<string, Polyline>();
for (const [id, from] of [
  ["a", 0],
  ["b", 20],
  ["c", 40],
] as const) {
  const line = polylineOf([from, from + 20], [-13, -13]);
  if (line !== undefined) roads.set(id, line);
}

const xs = (writer: TriangleWriter): number[] =>
  Array.from({ length: writer.count }, (_, v) => writer.positions[v * 3] ?? 0);

const stretch = (...lines: (Polyline | undefined)[]): Stretch => {
  const found = stretchOf(lines.flatMap((line, number) => (line === undefined ? [] : [{ number, line }])));
  if (found === undefined) throw new Error("a stretch needs a line");
  return found;
};
const twoEdges = stretch(roads.get("a"), roads.get("b"));

describe("a vehicle's ribbons", () => {
  it("are drawn from its nose on", () => {
    const progress = new WayProgress(twoEdges);
    expect(progress.fromM(12, -13)).toBeCloseTo(19.5, 6);
    expect(progress.fromM(13.5, -12.8)).toBeCloseTo(21, 6);
  });

  it("go on over the end of one road onto the next", () => {
    const progress = new WayProgress(twoEdges);
    for (let xM = 1; xM < 40; xM += 0.7) expect(progress.fromM(xM, -13)).toBeCloseTo(xM + NOSE_M, 6);
  });

  it("are the same after a new grant as if nothing had been known before, standing or driving", () => {
    const [a, b, c] = [roads.get("a"), roads.get("b"), roads.get("c")];
    const grants = [stretch(a, b), stretch(b), stretch(b, c), stretch(a, b, c), stretch(c)];
    const steps = fc.array(
      fc.record({
        grant: fc.constantFrom(...grants),
        xM: fc.double({ min: 0, max: 60, noNaN: true }),
        stands: fc.boolean(),
      }),
      { minLength: 2 },
    );
    fc.assert(
      fc.property(steps, (driven) => {
        let progress: WayProgress | undefined;
        let at = 30;
        for (const { grant, xM, stands } of driven) {
          if (!stands) at = xM;
          progress = new WayProgress(grant, progress);
          expect(progress.fromM(at, -13)).toBeCloseTo(new WayProgress(grant).fromM(at, -13), 6);
        }
      }),
    );
  });

  it("are gone under a vehicle that has reached the end of its grant", () => {
    expect(new WayProgress(twoEdges).fromM(40, -13)).toBeGreaterThan(twoEdges.lengthM);
  });

  it("are whole for a vehicle that is not on them", () => {
    expect(new WayProgress(twoEdges).fromM(5, 40)).toBe(0);
  });

  it("are found again after a gap in which it has come far, forwards or back", () => {
    const bend = polylineOf(
      Array.from({ length: 80 }, (_, i) => 50 * Math.sin(i / 25)),
      Array.from({ length: 80 }, (_, i) => 50 * Math.cos(i / 25)),
    );
    if (bend === undefined) throw new Error("a bend has points");
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: bend.lengthM, noNaN: true }), { minLength: 1 }),
        (stops) => {
          const progress = new WayProgress(stretch(roads.get("a"), bend));
          for (const alongM of stops) {
            const { xM, yM } = placeAt(bend, alongM);
            expect(progress.fromM(xM, yM)).toBeCloseTo(20 + alongM + NOSE_M, 2);
          }
        },
      ),
    );
  });
});

describe("closed ground", () => {
  it("is barred over each closed edge, once however many closures cover it", () => {
    const once = new TriangleWriter();
    writeClosed(once, ["a"], roads);
    expect(Math.min(...xs(once))).toBeCloseTo(0, 4);
    expect(Math.max(...xs(once))).toBeLessThanOrEqual(20);
    expect(once.count / 6).toBeGreaterThan(8);
    const twice = new TriangleWriter();
    writeClosed(twice, ["a", "a", "unheard-of"], roads);
    expect(twice.count).toBe(once.count);
    const none = new TriangleWriter();
    writeClosed(none, [], roads);
    expect(none.count).toBe(0);
  });
});
