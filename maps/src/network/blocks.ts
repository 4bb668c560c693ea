import { otherSide, type Side } from "../ids.ts";
import { cliqueCover } from "./cliques.ts";
import type { Grounds } from "./ground.ts";
import type { Roads } from "./roads.ts";

/** A block: items that all overlap each other on one side's ground. */
export interface BlockSet {
  readonly id: string;
  readonly ground: Side;
  /** Items (poses, then moves), ascending. */
  readonly members: readonly number[];
}

/** The blocks of a network: first those on the side's own ground, then those on the partner's. */
export function blocksOf(roads: Roads, grounds: Grounds, side: Side): BlockSet[] {
  const names = new Map<string, number>();
  return [side, otherSide(side)].flatMap((ground) => {
    const cliques = cliqueCover(
      grounds.overlapping[ground],
      (item) => (grounds.pieces[ground][item]?.length ?? 0) > 0,
      (item) => incidentItems(roads, item),
    );
    return cliques.map((members) => {
      const base = `${nameOf(roads, members[0] ?? 0)}${ground === side ? "" : `@${ground}`}`;
      const count = (names.get(base) ?? 0) + 1;
      names.set(base, count);
      return { id: count === 1 ? base : `${base}~${count}`, ground, members };
    });
  });
}

/** The moves from and to a pose: they contain its ground. */
function incidentItems(roads: Roads, item: number): number[] {
  if (item >= roads.poses.length) return [];
  return [...(roads.outgoing[item] ?? []), ...(roads.incoming[item] ?? [])].map(
    (move) => move + roads.poses.length,
  );
}

function nameOf(roads: Roads, item: number): string {
  const pose = roads.poses[item];
  return pose === undefined ? (roads.moves[item - roads.poses.length]?.edgeId ?? "") : pose.nodeId;
}
