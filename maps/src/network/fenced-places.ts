import type { Point } from "../geometry/pose.ts";
import type { EdgeId, NodeId, Side } from "../ids.ts";
import type { Site } from "../layout/site.ts";
import { compileNetworks } from "./compile.ts";
import type { Network } from "./network.ts";

/** A fence of a side, and what of the layout is inside of it. */
export interface FencedPlaces {
  readonly fenceId: string;
  /** The vehicles that have their place in it, by id. */
  readonly vehicleIds: readonly string[];
  /** Counter-clockwise, site frame. */
  readonly corners: readonly Point[];
  readonly nodeIds: ReadonlySet<NodeId>;
  readonly edgeIds: ReadonlySet<EdgeId>;
}

/**
 * The fences of a side with the nodes and edges in them. One counts as inside when the ground of every class of the site that drives
 * there is, standing and in motion: what a small body lies in wholly, a large one may reach out of.
 */
export function fencedPlaces(site: Site, side: Side): readonly FencedPlaces[] {
  if (site.file.fences === undefined) return [];
  const networks = [...compileNetworks(site, side).values()];
  const { fences } = networks[0] ?? {};
  return (fences?.ids ?? []).map((fenceId, fence) => ({
    fenceId,
    vehicleIds: fences?.vehicleIds[fence] ?? [],
    corners: fences?.outlines[fence] ?? [],
    nodeIds: insideOfAll(networks, ({ poses, fences: own }) => [poses.nodeIds, own?.ofPose], fence),
    edgeIds: insideOfAll(networks, ({ moves, fences: own }) => [moves.edgeIds, own?.ofMove], fence),
  }));
}

function insideOfAll<Id>(
  networks: readonly Network[],
  itemsOf: (network: Network) => readonly [ids: readonly Id[], fenceOf: Int32Array | undefined],
  fence: number,
): ReadonlySet<Id> {
  const inside = new Set<Id>();
  const outside = new Set<Id>();
  for (const [ids, fenceOf] of networks.map(itemsOf)) {
    ids.forEach((id, item) => void (fenceOf?.[item] === fence ? inside : outside).add(id));
  }
  return new Set([...inside].filter((id) => !outside.has(id)));
}
