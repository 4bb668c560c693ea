import { otherSide, type Side } from "../ids.ts";
import { cliqueCover } from "./cliques.ts";
import { firstMoveItem, type Grounds } from "./ground.ts";

/** A block: items that all overlap each other on one side's ground. */
export interface BlockSet {
  readonly id: string;
  readonly ground: Side;
  /** Items, ascending. */
  readonly members: readonly number[];
}

/** The blocks of a side's roads, of all classes: first those on its own ground, then those on the partner's. */
export function blocksOf(grounds: Grounds, side: Side): BlockSet[] {
  const names = new Map<string, number>();
  return [side, otherSide(side)].flatMap((ground) => {
    const cliques = cliqueCover(
      grounds.overlapping[ground],
      (item) => (grounds.pieces[ground][item]?.length ?? 0) > 0,
      (item) => incidentItems(grounds, item),
    );
    return cliques.map((members) => {
      const base = `${nameOf(grounds, members[0] ?? 0)}${ground === side ? "" : `@${ground}`}`;
      const count = (names.get(base) ?? 0) + 1;
      names.set(base, count);
      return { id: count === 1 ? base : `${base}~${count}`, ground, members };
    });
  });
}

/** The moves from and to a pose: they contain its ground. */
function incidentItems(grounds: Grounds, index: number): number[] {
  const item = grounds.items[index];
  if (item === undefined || item.kind === "move") return [];
  const roads = grounds.classes[item.ofClass]?.roads;
  const firstMove = firstMoveItem(grounds, item.ofClass);
  return [...(roads?.outgoing[item.pose] ?? []), ...(roads?.incoming[item.pose] ?? [])].map(
    (move) => firstMove + move,
  );
}

function nameOf(grounds: Grounds, index: number): string {
  const item = grounds.items[index];
  if (item === undefined) throw new Error(`item ${index} is out of range`);
  const roads = grounds.classes[item.ofClass]?.roads;
  return (
    (item.kind === "pose" ? roads?.poses[item.pose]?.nodeId : roads?.moves[item.move]?.edgeId) ?? `${index}`
  );
}
