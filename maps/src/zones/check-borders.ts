import type { EdgeId, NodeId, ZoneId } from "../ids.ts";
import { type Network, PoseKind } from "../network/network.ts";
import { checkWellFormed } from "../network/well-formed.ts";
import { at, movesFrom } from "./ground.ts";
import type { Partition } from "./partition.ts";
import { zoneView } from "./zone-view.ts";

/** What keeps borders from being places where a vehicle may wait for ever; empty lists when nothing does. */
export interface BorderReport {
  readonly ok: boolean;
  /** A body that waits at the place is on ground of an edge that can be taken without passing the place. */
  readonly obstructing: readonly { readonly placeNodeId: NodeId; readonly edgeId: EdgeId }[];
  /** In a zone every way between the two passes a third place to stay at: whoever rests there cuts them off. */
  readonly cutOff: readonly { readonly zoneId: ZoneId; readonly from: NodeId; readonly to: NodeId }[];
}

/**
 * Well-formed infrastructure (Cap et al. 2015), zone by zone: between the places to stay at of a zone, those on
 * its borders included, there is a way through no third, where there is one inside the zone at all.
 */
export function checkBorders(partition: Partition): BorderReport {
  const places = new Set(partition.places.map((place) => place.nodeId));
  const obstructing = checkWellFormed(partition.network).obstructing.flatMap(({ endpoint, edgeId }) =>
    places.has(endpoint) ? [{ placeNodeId: endpoint, edgeId }] : [],
  );
  const cutOff = partition.zoneIds.flatMap((zoneId) => {
    const view = zoneView(partition, zoneId);
    return pairsCutOff(view).map(([from, to]) => ({
      zoneId,
      from: at(view.poses.nodeIds, from),
      to: at(view.poses.nodeIds, to),
    }));
  });
  return { ok: obstructing.length === 0 && cutOff.length === 0, obstructing, cutOff };
}

function pairsCutOff(view: Network): (readonly [number, number])[] {
  const stays = Array.from({ length: view.poses.count }, (_, pose) => pose).filter(
    (pose) => at(view.poses.kind, pose) === PoseKind.endpoint,
  );
  return stays.flatMap((from) => {
    const anyhow = reached(view, from, true);
    const past = reached(view, from, false);
    return stays
      .filter((to) => to !== from && anyhow.has(to) && !past.has(to))
      .map((to) => [from, to] as const);
  });
}

function reached(view: Network, from: number, throughStays: boolean): ReadonlySet<number> {
  const seen = new Set([from]);
  const open = [from];
  for (let pose = open.pop(); pose !== undefined; pose = open.pop()) {
    if (pose !== from && !throughStays && at(view.poses.kind, pose) === PoseKind.endpoint) continue;
    for (const move of movesFrom(view, pose)) {
      const to = at(view.moves.to, move);
      if (seen.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return seen;
}
