import { type Convex, convexHull, cornersOf, overlaps } from "../geometry/convex.ts";
import { type Footprint, standingGround } from "../geometry/footprint.ts";
import { edgeIdOf, otherSide, type Side } from "../ids.ts";
import type { Site } from "../layout/site.ts";
import type { BlockSet } from "./blocks.ts";
import { firstMoveItem, type Grounds } from "./ground.ts";
import type { Fences } from "./network.ts";

/** A fence on the ground of a side, and which items it has to do with. */
export interface FencedGround {
  readonly fenceId: string;
  readonly vehicleIds: readonly string[];
  readonly outline: Convex;
  /** Items whose ground lies in it wholly, and those whose ground touches it; ascending. */
  readonly inside: ReadonlySet<number>;
  readonly touching: readonly number[];
}

export function fencedGrounds(site: Site, side: Side, grounds: Grounds): readonly FencedGround[] {
  return (site.file.fences ?? []).flatMap((fence) => {
    const outline = fence.side === side ? convexHull(fence.outline) : undefined;
    if (outline === undefined) return [];
    const inside = new Set<number>();
    const touching: number[] = [];
    grounds.items.forEach((_, item) => {
      const pieces = grounds.pieces[side][item] ?? [];
      if (!pieces.some((piece) => overlaps(piece, outline))) return;
      touching.push(item);
      const isOverLine = (grounds.pieces[otherSide(side)][item]?.length ?? 0) > 0;
      if (!isOverLine && pieces.every((piece) => isWithin(piece, outline))) inside.add(item);
    });
    return [{ fenceId: fence.fenceId, vehicleIds: fence.vehicleIds, outline, inside, touching }];
  });
}

/** A block for each fence, of all whose ground touches it: whoever holds any ground there holds the whole. */
export function fenceBlocks(fenced: readonly FencedGround[], side: Side): BlockSet[] {
  return fenced.flatMap(({ fenceId, touching }) =>
    touching.length === 0 ? [] : [{ id: `fence ${fenceId}`, ground: side, members: touching }],
  );
}

/** The fences as a class's network knows them; `body` is without the safety margin. */
export function fencesOf(
  fenced: readonly FencedGround[],
  grounds: Grounds,
  ofClass: number,
  body: Footprint,
): Fences {
  const roads = grounds.classes[ofClass]?.roads;
  if (roads === undefined) throw new Error(`class ${ofClass} is out of range`);
  const begins = grounds.begins[ofClass] ?? 0;
  const firstMove = firstMoveItem(grounds, ofClass);
  const fenceOf = (item: number): number => fenced.findIndex(({ inside }) => inside.has(item));
  return {
    count: fenced.length,
    ids: fenced.map(({ fenceId }) => fenceId),
    vehicleIds: fenced.map(({ vehicleIds }) => vehicleIds),
    outlines: fenced.map(({ outline }) => cornersOf(outline)),
    ofPose: Int32Array.from(roads.poses, (_, pose) => fenceOf(begins + pose)),
    ofMove: Int32Array.from(roads.moves, (_, move) => fenceOf(firstMove + move)),
    crossedBy: fenced.map(({ inside, touching }) =>
      roads.moves.flatMap(({ edgeId }, move) => {
        const item = firstMove + move;
        return touching.includes(item) && !inside.has(item) ? [edgeIdOf(edgeId)] : [];
      }),
    ),
    holds: (fence, pose) => {
      const outline = fenced[fence]?.outline;
      return outline !== undefined && isWithin(standingGround(body, pose), outline);
    },
  };
}

/** Rounding of files, metres. */
const WITHIN_M = 0.001;

function isWithin(piece: Convex, outline: Convex): boolean {
  const corners = cornersOf(outline);
  return cornersOf(piece).every((point) =>
    corners.every((a, i) => {
      const b = corners[(i + 1) % corners.length] ?? a;
      const left = (b.xM - a.xM) * (point.yM - a.yM) - (b.yM - a.yM) * (point.xM - a.xM);
      return left >= -WITHIN_M * Math.hypot(b.xM - a.xM, b.yM - a.yM);
    }),
  );
}
