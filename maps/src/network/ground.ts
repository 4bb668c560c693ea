import Flatbush from "flatbush";
import { type Convex, clipAtLine, overlaps } from "../geometry/convex.ts";
import type { Curve } from "../geometry/curve.ts";
import { cutsOf, type Footprint, standingGround, sweptBetween } from "../geometry/footprint.ts";
import { SIDES, type Side } from "../ids.ts";
import type { Roads } from "./roads.ts";

/** The roads of one vehicle class. */
export interface ClassRoads {
  readonly roads: Roads;
  readonly footprint: Footprint;
}

/**
 * A stop pose or a move of one vehicle class: what a vehicle can hold ground for. Items of all classes stand in
 * one list: poses, then moves, class by class.
 */
export type Item =
  | { readonly kind: "pose"; readonly ofClass: number; readonly pose: number }
  | { readonly kind: "move"; readonly ofClass: number; readonly move: number };

/** The ground of every item, cut at the line. */
export interface Grounds {
  readonly classes: readonly ClassRoads[];
  readonly items: readonly Item[];
  /** Where each class begins among the items; one entry more than classes. */
  readonly begins: readonly number[];
  /** By item: a move's swept ground from cut to cut, not yet cut at the line; empty for a pose. */
  readonly swept: readonly Swept[];
  /** Convex pieces by item, on one side's ground; empty where the item does not touch it. */
  readonly pieces: Record<Side, readonly (readonly Convex[])[]>;
  /** For each item the others that it overlaps on that ground, ascending. */
  readonly overlapping: Record<Side, readonly (readonly number[])[]>;
}

/** The ground swept along a curve: `pieces[i]` between `cuts[i]` and `cuts[i + 1]`, in metres along it. */
export interface Swept {
  readonly cuts: Float64Array;
  readonly pieces: readonly (readonly Convex[])[];
}

const NOTHING_SWEPT: Swept = { cuts: new Float64Array(0), pieces: [] };

const KEEP: Record<Side, "left" | "right"> = { vn: "left", cn: "right" };

export function groundsOf(classes: readonly ClassRoads[]): Grounds {
  const items: Item[] = [];
  const whole: Convex[][] = [];
  const swept: Swept[] = [];
  const begins = [0];
  classes.forEach(({ roads, footprint }, ofClass) => {
    const standing = roads.poses.map((entry) => standingGround(footprint, entry.pose));
    standing.forEach((ground, pose) => {
      items.push({ kind: "pose", ofClass, pose });
      whole.push([ground]);
      swept.push(NOTHING_SWEPT);
    });
    roads.moves.forEach((move, index) => {
      items.push({ kind: "move", ofClass, move: index });
      // A body that stands may be a little off the curve's end (see `checkLif`): the move contains it all the same.
      const ends = [move.from, move.to].flatMap((pose) => standing[pose] ?? []);
      const way = sweptAlong(footprint, move.curve);
      whole.push([...ends, ...way.pieces.flat()]);
      swept.push(way);
    });
    begins.push(items.length);
  });
  const clipped = (side: Side): Convex[][] =>
    whole.map((pieces) =>
      pieces.flatMap((piece) => {
        const kept = clipAtLine(piece, KEEP[side]);
        return kept === undefined ? [] : [kept];
      }),
    );
  const pieces = { vn: clipped("vn"), cn: clipped("cn") };
  const [vn, cn] = SIDES.map((side) => overlapping(pieces[side]));
  if (vn === undefined || cn === undefined) throw new Error("there are two sides");
  return { classes, items, begins, swept, pieces, overlapping: { vn, cn } };
}

/** Where the moves of a class begin among the items. */
export function firstMoveItem(grounds: Grounds, ofClass: number): number {
  return (grounds.begins[ofClass] ?? 0) + (grounds.classes[ofClass]?.roads.poses.length ?? 0);
}

function sweptAlong(footprint: Footprint, curve: Curve): Swept {
  const cuts = cutsOf(footprint, curve);
  const pieces: Convex[][] = [];
  for (let i = 1; i < cuts.length; i += 1) {
    pieces.push(sweptBetween(footprint, curve, cuts[i - 1] ?? 0, cuts[i] ?? 0));
  }
  return { cuts, pieces };
}

function groundsOverlap(a: readonly Convex[], b: readonly Convex[]): boolean {
  return a.some((piece) => b.some((other) => overlaps(piece, other)));
}

interface Box {
  readonly minXM: number;
  readonly minYM: number;
  readonly maxXM: number;
  readonly maxYM: number;
}

function boxOf(pieces: readonly Convex[]): Box {
  let minXM = Number.POSITIVE_INFINITY;
  let minYM = Number.POSITIVE_INFINITY;
  let maxXM = Number.NEGATIVE_INFINITY;
  let maxYM = Number.NEGATIVE_INFINITY;
  for (const piece of pieces) {
    minXM = Math.min(minXM, piece.minXM);
    minYM = Math.min(minYM, piece.minYM);
    maxXM = Math.max(maxXM, piece.maxXM);
    maxYM = Math.max(maxYM, piece.maxYM);
  }
  return { minXM, minYM, maxXM, maxYM };
}

function overlapping(pieces: readonly (readonly Convex[])[]): number[][] {
  const found = pieces.map((): number[] => []);
  const present = pieces.flatMap((list, item) => (list.length === 0 ? [] : [{ item, box: boxOf(list) }]));
  if (present.length === 0) return found;
  const index = new Flatbush(present.length);
  for (const { box } of present) index.add(box.minXM, box.minYM, box.maxXM, box.maxYM);
  index.finish();
  for (const { item, box } of present) {
    for (const at of index.search(box.minXM, box.minYM, box.maxXM, box.maxYM)) {
      const other = present[at]?.item ?? item;
      if (other <= item) continue;
      if (!groundsOverlap(pieces[item] ?? [], pieces[other] ?? [])) continue;
      found[item]?.push(other);
      found[other]?.push(item);
    }
  }
  for (const list of found) list.sort((a, b) => a - b);
  return found;
}
