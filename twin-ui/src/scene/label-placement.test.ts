import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LabelSpot, type LabelWish, placeLabels } from "./label-placement.ts";

const VIEW = { width: 800, height: 600 };
const wish = (id: string, xPx: number, yPx: number, priority: number): LabelWish => ({
  id,
  xPx,
  yPx,
  widthPx: 90,
  heightPx: 22,
  priority,
});

describe("labels", () => {
  it("stand above what they name when there is room", () => {
    expect(placeLabels([wish("yard", 400, 300, 1)], VIEW, new Map())).toEqual([
      { id: "yard", leftPx: 355, topPx: 262, spot: "above" },
    ]);
  });

  it("are not put under a panel that lies over the view, and find another spot beside it", () => {
    const panel = { left: 300, top: 200, right: 500, bottom: 290 };
    expect(placeLabels([wish("yard", 400, 300, 1)], VIEW, new Map(), [panel])).toEqual([
      { id: "yard", leftPx: 355, topPx: 316, spot: "below" },
    ]);
    expect(placeLabels([wish("under", 400, 245, 1)], VIEW, new Map([["under", "above"]]), [panel])).toEqual(
      [],
    );
  });

  it("never overlap and never leave the view", () => {
    const wishes = fc.array(
      fc.record({
        xPx: fc.integer({ min: -50, max: 850 }),
        yPx: fc.integer({ min: -50, max: 650 }),
        widthPx: fc.integer({ min: 10, max: 200 }),
        heightPx: fc.integer({ min: 10, max: 50 }),
        priority: fc.integer({ min: 0, max: 100 }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(wishes, (list) => {
        const named = list.map((each, i) => ({ ...each, id: `l${i}` }));
        const sizes = new Map(named.map((each) => [each.id, each]));
        const boxes = placeLabels(named, VIEW, new Map()).map(({ id, leftPx, topPx }) => {
          const { widthPx = 0, heightPx = 0 } = sizes.get(id) ?? {};
          return { left: leftPx, top: topPx, right: leftPx + widthPx, bottom: topPx + heightPx };
        });
        for (const [i, a] of boxes.entries()) {
          expect(a.left >= 0 && a.top >= 0 && a.right <= VIEW.width && a.bottom <= VIEW.height).toBe(true);
          for (const b of boxes.slice(i + 1)) {
            expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false);
          }
        }
      }),
    );
  });

  it("give way to more important ones", () => {
    const crowd = Array.from({ length: 12 }, (_, i) => wish(`place-${i}`, 400 + i, 300, 10));
    const placed = placeLabels([...crowd, wish("alarm", 400, 300, 97)], VIEW, new Map());
    expect(placed[0]).toMatchObject({ id: "alarm", spot: "above" });
    expect(placed.length).toBeLessThan(13);
  });

  it("move aside before they are left out", () => {
    const spots = placeLabels([wish("a", 400, 300, 2), wish("b", 402, 300, 1)], VIEW, new Map()).map(
      ({ spot }) => spot,
    );
    expect(spots).toEqual(["above", "right"]);
  });

  it("keep their spot from frame to frame, though another one is free again", () => {
    const before: ReadonlyMap<string, LabelSpot> = new Map([["b", "right"]]);
    expect(placeLabels([wish("b", 402, 300, 1)], VIEW, before)[0]?.spot).toBe("right");
  });

  it("are not driven out by a newcomer that is hardly more important", () => {
    const wishes = [wish("new", 400, 300, 12), wish("old", 400, 300, 10)];
    expect(placeLabels(wishes, VIEW, new Map([["old", "above"]]))[0]?.id).toBe("old");
    expect(placeLabels(wishes, VIEW, new Map())[0]?.id).toBe("new");
  });
});
