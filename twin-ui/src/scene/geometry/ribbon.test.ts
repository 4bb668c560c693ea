import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extended, type Polyline, placeAt, polylineOf, projectOnto } from "./polyline.ts";
import { TriangleWriter, writeBand } from "./ribbon.ts";

function line(xM: number[], yM: number[]): Polyline {
  const made = polylineOf(xM, yM);
  if (made === undefined) throw new Error("a line needs a point");
  return made;
}

/** Signed area, counter-clockwise positive, of every triangle written. */
function areas(writer: TriangleWriter): number[] {
  const found: number[] = [];
  for (let v = 0; v < writer.count; v += 3) {
    const p = (k: number): number => writer.positions[v * 3 + k] ?? 0;
    found.push(((p(3) - p(0)) * (p(7) - p(1)) - (p(6) - p(0)) * (p(4) - p(1))) / 2);
  }
  return found;
}

const total = (writer: TriangleWriter): number => areas(writer).reduce((sum, area) => sum + area, 0);

const straight = line([0, 100], [0, 0]);
const band = { fromM: 0, toM: 100, rightM: -1, leftM: 1, z: 0.05 };

describe("a band along a line", () => {
  it("covers its length times its width", () => {
    const writer = new TriangleWriter();
    writeBand(writer, straight, { ...band, fromM: 10, toM: 60 });
    expect(total(writer)).toBeCloseTo(100, 3);
  });

  it("faces up and lies at its height, whichever way the line turns", () => {
    const arc = Array.from({ length: 30 }, (_, i) => (i / 29) * Math.PI * 1.5);
    const writer = new TriangleWriter();
    writeBand(
      writer,
      line(
        arc.map((a) => 12 * Math.cos(a)),
        arc.map((a) => -12 * Math.sin(a)),
      ),
      band,
    );
    expect(Math.min(...areas(writer))).toBeGreaterThan(0);
    for (let v = 0; v < writer.count; v++) expect(writer.positions[v * 3 + 2]).toBeCloseTo(0.05, 6);
    // Pappus: the area of a bent band is its width times the length of its centre line.
    expect(total(writer)).toBeCloseTo(2 * 12 * Math.PI * 1.5, 0);
  });

  it("never leaves the line, however it is clipped", () => {
    const distance = fc.double({ min: -50, max: 150, noNaN: true });
    fc.assert(
      fc.property(distance, distance, (fromM, toM) => {
        const writer = new TriangleWriter();
        writeBand(writer, straight, { ...band, fromM, toM });
        const lengthM = Math.max(0, Math.min(100, toM) - Math.max(0, fromM));
        expect(total(writer)).toBeCloseTo(lengthM < 1e-3 ? 0 : lengthM * 2, 2);
      }),
    );
  });

  it("when dashed, keeps its dashes in place while its start is eaten up", () => {
    const dashes = (fromM: number): number[] => {
      const writer = new TriangleWriter();
      writeBand(writer, straight, { ...band, fromM }, { onM: 3, offM: 2 });
      return Array.from(
        { length: writer.count / 6 },
        (_, i) => Math.round((writer.positions[i * 18] ?? 0) * 1000) / 1000,
      );
    };
    expect(dashes(0).slice(0, 4)).toEqual([0, 5, 10, 15]);
    expect(dashes(6.5).slice(0, 3)).toEqual([6.5, 10, 15]);
    expect(dashes(8.5).slice(0, 2)).toEqual([10, 15]);
  });

  it("grows its arrays without losing what was written", () => {
    const writer = new TriangleWriter();
    for (let i = 0; i < 1000; i++) writer.quad(0, 0, 1, 0, 1, 1, 0, 1, 0);
    expect(total(writer)).toBeCloseTo(1000, 3);
    writer.reset();
    expect(total(writer)).toBe(0);
  });
});

describe("a polyline", () => {
  it("finds the place that lies a distance along it again", () => {
    const bent = line([0, 30, 30, 80], [0, 0, 40, 40]);
    fc.assert(
      fc.property(fc.double({ min: 0, max: bent.lengthM, noNaN: true }), (alongM) => {
        const { xM, yM } = placeAt(bent, alongM);
        const found = projectOnto(bent, xM, yM);
        expect(found.offM).toBeLessThan(1e-6);
        expect(found.alongM).toBeCloseTo(alongM, 6);
      }),
    );
  });

  it("can be made longer, straight on", () => {
    expect(extended(straight, 2)).toMatchObject({ lengthM: 104, xM: [-2, 0, 100, 102] });
  });
});
