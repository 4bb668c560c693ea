/** A label that would like to be shown, in pixels of the view; the anchor is the point that it names. */
export interface LabelWish {
  readonly id: string;
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Higher goes first. */
  readonly priority: number;
}

export type LabelSpot = "above" | "right" | "left" | "below";

export interface PlacedLabel {
  readonly id: string;
  readonly leftPx: number;
  readonly topPx: number;
  readonly spot: LabelSpot;
}

const SPOTS: readonly LabelSpot[] = ["above", "right", "left", "below"];
const GAP_PX = 4;
const STEM_PX = 16;
/** A label that was shown goes before a new one that is hardly more important: no flicker. */
const STICKY = 5;

/** A rectangle of the view, pixels from its left upper corner. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function boxAt(wish: LabelWish, spot: LabelSpot): Box {
  const { xPx, yPx, widthPx, heightPx } = wish;
  switch (spot) {
    case "above":
      return box(xPx - widthPx / 2, yPx - heightPx - STEM_PX, widthPx, heightPx);
    case "below":
      return box(xPx - widthPx / 2, yPx + STEM_PX, widthPx, heightPx);
    case "right":
      return box(xPx + STEM_PX, yPx - heightPx / 2, widthPx, heightPx);
    case "left":
      return box(xPx - STEM_PX - widthPx, yPx - heightPx / 2, widthPx, heightPx);
  }
}

const box = (left: number, top: number, width: number, height: number): Box => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

const collide = (a: Box, b: Box): boolean =>
  a.left < b.right + GAP_PX &&
  b.left < a.right + GAP_PX &&
  a.top < b.bottom + GAP_PX &&
  b.top < a.bottom + GAP_PX;

/**
 * Chooses which labels are shown, and where: the most important first, each at the first of its spots that is free
 * and inside the view; those without such a spot are left out. A label that was shown keeps its spot while it can. Nothing is
 * put under what lies over the view (`covered`).
 */
export function placeLabels(
  wishes: readonly LabelWish[],
  view: { readonly width: number; readonly height: number },
  shown: ReadonlyMap<string, LabelSpot>,
  covered: readonly Box[] = [],
): readonly PlacedLabel[] {
  const ordered = wishes
    .map((wish) => {
      const before = shown.get(wish.id);
      return { wish, before, rank: wish.priority + (before === undefined ? 0 : STICKY) };
    })
    .sort((a, b) => b.rank - a.rank || (a.wish.id < b.wish.id ? -1 : 1));
  const taken: Box[] = [...covered];
  const placed: PlacedLabel[] = [];
  for (const { wish, before } of ordered) {
    const spots = before === undefined ? SPOTS : [before, ...SPOTS];
    for (const spot of spots) {
      const area = boxAt(wish, spot);
      const inside =
        area.left >= 0 && area.top >= 0 && area.right <= view.width && area.bottom <= view.height;
      if (!inside || taken.some((other) => collide(area, other))) continue;
      taken.push(area);
      placed.push({ id: wish.id, leftPx: area.left, topPx: area.top, spot });
      break;
    }
  }
  return placed;
}
