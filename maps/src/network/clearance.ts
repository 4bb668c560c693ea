import { type Convex, overlaps } from "../geometry/convex.ts";
import type { Curve } from "../geometry/curve.ts";
import { type Footprint, sweptBetween } from "../geometry/footprint.ts";
import type { BlockSet } from "./blocks.ts";
import { rowOf } from "./csr.ts";
import { firstMoveItem, type Grounds, type Swept } from "./ground.ts";
import type { Csr } from "./network.ts";

/**
 * When a vehicle of a class on a move may give a block back: once its body overlaps no other member of the block.
 * A block that the pose at the end holds, too, is kept beyond the move.
 *
 * Members of other classes that overlap the pose at the end are left out: the move and they share a block of that
 * pose, too, which is kept. Otherwise the same move of another class, which is in each of these blocks, would
 * keep all of them to the end.
 *
 * `itemBlocks` are the blocks of each item, ascending.
 */
export function clearances(
  grounds: Grounds,
  ofClass: number,
  blocks: readonly BlockSet[],
  itemBlocks: readonly (readonly number[])[],
  poseBlocks: Csr,
  moveBlocks: Csr,
): Float64Array {
  const clearAtM = new Float64Array(moveBlocks.values.length);
  const of = grounds.classes[ofClass];
  if (of === undefined) throw new Error(`class ${ofClass} is out of range`);
  const { roads, footprint } = of;
  const firstMove = firstMoveItem(grounds, ofClass);
  roads.moves.forEach((move, index) => {
    const atEnd = new Set(rowOf(poseBlocks, move.to));
    const self = firstMove + index;
    const swept = grounds.swept[self];
    if (swept === undefined) throw new Error(`move ${index} is out of range`);
    const keptAnyway = (ground: "vn" | "cn", item: number): boolean =>
      grounds.items[item]?.ofClass !== ofClass &&
      itemBlocks[item]?.some((block) => atEnd.has(block) && blocks[block]?.ground === ground) === true;
    const known = { vn: new Map<number, number>(), cn: new Map<number, number>() };
    const lastM = (ground: "vn" | "cn", item: number): number => {
      const before = known[ground].get(item);
      if (before !== undefined) return before;
      const found = lastOverlapM(footprint, move.curve, swept, grounds.pieces[ground][item] ?? []) ?? 0;
      known[ground].set(item, found);
      return found;
    };
    rowOf(moveBlocks, index).forEach((blockIndex, k) => {
      const block = blocks[blockIndex];
      if (block === undefined) throw new Error(`block ${blockIndex} is out of range`);
      let clear = 0;
      if (atEnd.has(blockIndex)) clear = Number.POSITIVE_INFINITY;
      else {
        for (const item of block.members) {
          if (item === self || clear >= move.curve.lengthM || keptAnyway(block.ground, item)) continue;
          clear = Math.max(clear, lastM(block.ground, item));
        }
      }
      clearAtM[(moveBlocks.offsets[index] ?? 0) + k] = clear;
    });
  });
  return clearAtM;
}

/** How fine the place where a body leaves a piece of ground is looked for, in metres. */
const CLEAR_STEP_M = 0.1;

/**
 * The last place along a curve at which the body overlaps a piece of ground; undefined when it never does.
 * Never early, and late by no more than `CLEAR_STEP_M` and what the convex pieces of the sweep round up.
 */
function lastOverlapM(
  footprint: Footprint,
  curve: Curve,
  { cuts, pieces }: Swept,
  ground: readonly Convex[],
): number | undefined {
  const meets = (swept: readonly Convex[]): boolean =>
    ground.some((piece) => swept.some((part) => overlaps(part, piece)));
  const search = (fromM: number, toM: number, swept: readonly Convex[]): number | undefined => {
    if (!meets(swept)) return undefined;
    if (toM - fromM <= CLEAR_STEP_M) return toM;
    const middleM = (fromM + toM) / 2;
    return (
      search(middleM, toM, sweptBetween(footprint, curve, middleM, toM)) ??
      search(fromM, middleM, sweptBetween(footprint, curve, fromM, middleM))
    );
  };
  for (let i = pieces.length - 1; i >= 0; i -= 1) {
    const piece = pieces[i];
    const found = piece && search(cuts[i] ?? 0, cuts[i + 1] ?? 0, piece);
    if (found !== undefined) return found;
  }
  return undefined;
}
