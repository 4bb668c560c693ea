import Flatbush from "flatbush";
import { type Convex, clipAtLine, overlaps } from "../geometry/convex.ts";
import type { Curve } from "../geometry/curve.ts";
import { cutsOf, type Footprint, standingGround, sweptBetween } from "../geometry/footprint.ts";
import { SIDES, type Side } from "../ids.ts";
import type { Roads } from "./roads.ts";

/**
 * The ground of every stop pose and every move, cut at the line. An *item* is a pose (index as in the roads)
 * or a move (index + number of poses).
 */
export interface Grounds {
  readonly items: number;
  readonly poses: number;
  /** Convex pieces by item, on one side's ground; empty where the item does not touch it. */
  readonly pieces: Record<Side, readonly (readonly Convex[])[]>;
  /** For each item the others that it overlaps on that ground, ascending. */
  readonly overlapping: Record<Side, readonly (readonly number[])[]>;
}

const KEEP: Record<Side, "left" | "right"> = { vn: "left", cn: "right" };

export function groundsOf(roads: Roads, footprint: Footprint): Grounds {
  const whole: Convex[][] = [
    ...roads.poses.map((entry) => [standingGround(footprint, entry.pose)]),
    ...roads.moves.map((move) => sweptPieces(footprint, move.curve)),
  ];
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
  return { items: whole.length, poses: roads.poses.length, pieces, overlapping: { vn, cn } };
}

/** Swept ground along a whole curve, as convex pieces. */
function sweptPieces(footprint: Footprint, curve: Curve): Convex[] {
  const cuts = cutsOf(curve);
  const pieces: Convex[] = [];
  for (let i = 1; i < cuts.length; i += 1) {
    pieces.push(sweptBetween(footprint, curve, cuts[i - 1] ?? 0, cuts[i] ?? 0));
  }
  return pieces;
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

/** How fine the place where a body leaves a piece of ground is looked for, in metres. */
const CLEAR_STEP_M = 0.1;

/**
 * The last place along a curve at which the body overlaps a piece of ground; undefined when it never does.
 * Never early, and late by no more than `CLEAR_STEP_M` and what the convex pieces of the sweep round up.
 */
export function lastOverlapM(
  footprint: Footprint,
  curve: Curve,
  cuts: Float64Array,
  ground: readonly Convex[],
): number | undefined {
  const search = (fromM: number, toM: number): number | undefined => {
    const swept = sweptBetween(footprint, curve, fromM, toM);
    if (!ground.some((piece) => overlaps(swept, piece))) return undefined;
    if (toM - fromM <= CLEAR_STEP_M) return toM;
    const middleM = (fromM + toM) / 2;
    return search(middleM, toM) ?? search(fromM, middleM);
  };
  for (let i = cuts.length - 1; i > 0; i -= 1) {
    const found = search(cuts[i - 1] ?? 0, cuts[i] ?? 0);
    if (found !== undefined) return found;
  }
  return undefined;
}
