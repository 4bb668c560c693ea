import type { EdgeId, NodeId, ZoneId } from "../ids.ts";
import { type Network, PoseKind } from "../network/network.ts";
import { at, bodyAt, meets, movesFrom, sweptBy } from "./ground.ts";

/**
 * Where zones meet: a pose at which a vehicle may stand without end, wholly on the ground of the zone that it is
 * about to leave, and from which the ground ahead is the next zone's.
 */
export interface Border {
  readonly placeNodeId: NodeId;
  /** The edges that lead over the border; all that leave the place when it is left out. */
  readonly edgeIds?: readonly EdgeId[];
}

/** Names a zone by any one of its nodes. */
export interface ZoneName {
  readonly zoneId: ZoneId;
  readonly nodeId: NodeId;
}

export interface Borders {
  readonly zones: readonly ZoneName[];
  readonly borders: readonly Border[];
}

/** A border as it lies in a network. */
export interface CrossingPlace {
  readonly nodeId: NodeId;
  readonly pose: number;
  readonly from: ZoneId;
  readonly to: ZoneId;
  /** The moves from the place on which the body still covers ground of the zone behind. */
  readonly stretch: readonly number[];
}

/** A side's network, each block of which belongs to one zone for ever. */
export interface Partition {
  /** The network as it was, but for `blocks.zone` and `zoneIds`, and the places, which are endpoints. */
  readonly network: Network;
  readonly zoneIds: readonly ZoneId[];
  readonly places: readonly CrossingPlace[];
}

/** The borders do not cut the network apart; the message names the nodes, edges and blocks. */
export class BorderContradiction extends Error {
  readonly code = "border-contradiction";
}

/**
 * Gives each block to a zone: ground that some move sweeps together stays together, but where a border is declared.
 * There the place's own ground stays behind, and all else that is swept from it lies ahead. Throws
 * `BorderContradiction`.
 */
export function partition(network: Network, { zones, borders }: Borders): Partition {
  const places = borders.map((border) => placeOf(network, border));
  const regions = regionsOf(network, places);
  const zoneOfRegion = nameRegions(network, regions, zones);
  const zone = Int32Array.from(regions, (region) => zoneOfRegion.get(region) ?? -1);
  const zoneIds = zones.map((each) => each.zoneId);
  const kind = Uint8Array.from(network.poses.kind);
  for (const place of places) kind[place.pose] = PoseKind.endpoint;
  return {
    network: { ...network, poses: { ...network.poses, kind }, blocks: { ...network.blocks, zone, zoneIds } },
    zoneIds,
    places: places.map((place): CrossingPlace => {
      const from = zoneUnder(network, zone, bodyAt(network, place.pose), place.border.placeNodeId);
      const ahead = place.stretch
        .flatMap((move) => [...sweptBy(network, move)])
        .filter((block) => !place.body.has(block));
      const to = zoneUnder(network, zone, ahead, `the way beyond ${place.border.placeNodeId}`);
      if (from === to)
        throw new BorderContradiction(
          `the border at ${place.border.placeNodeId} cuts nothing: both sides of it are in ${at(zoneIds, from)}; is there another way around it that has no border?`,
        );
      return {
        nodeId: place.border.placeNodeId,
        pose: place.pose,
        from: at(zoneIds, from),
        to: at(zoneIds, to),
        stretch: place.stretch,
      };
    }),
  };
}

interface Place {
  readonly border: Border;
  readonly pose: number;
  readonly body: ReadonlySet<number>;
  readonly stretch: readonly number[];
}

function placeOf(network: Network, border: Border): Place {
  const pose = network.poseIndex(border.placeNodeId);
  if (pose === undefined)
    throw new BorderContradiction(`there is no node ${border.placeNodeId} to have a border at`);
  const body = new Set(bodyAt(network, pose));
  const first = [...movesFrom(network, pose)].filter(
    (move) => border.edgeIds?.includes(at(network.moves.edgeIds, move)) ?? true,
  );
  if (first.length === 0)
    throw new BorderContradiction(`no edge leads over the border at ${border.placeNodeId}`);
  return { border, pose, body, stretch: stretchFrom(network, body, first) };
}

/** The moves from a place until the body is clear of the ground that it covers there. */
function stretchFrom(network: Network, body: ReadonlySet<number>, first: readonly number[]): number[] {
  const stretch = new Set<number>();
  const open = [...first];
  for (let move = open.pop(); move !== undefined; move = open.pop()) {
    if (stretch.has(move)) continue;
    stretch.add(move);
    const end = at(network.moves.to, move);
    if (!meets(bodyAt(network, end), body)) continue;
    for (const next of movesFrom(network, end)) if (meets(sweptBy(network, next), body)) open.push(next);
  }
  return [...stretch];
}

/** The region of each block: the smallest block index of those that must stay together. */
function regionsOf(network: Network, places: readonly Place[]): number[] {
  const parent = Array.from({ length: network.blocks.count }, (_, block) => block);
  const rootOf = (block: number): number => {
    let root = block;
    while (at(parent, root) !== root) root = at(parent, root);
    return root;
  };
  const join = (blocks: readonly number[]): void => {
    const [first] = blocks;
    if (first === undefined) return;
    for (const block of blocks) {
      const [a, b] = [rootOf(first), rootOf(block)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  };
  const behind = new Map<number, Set<number>>();
  for (const place of places) {
    for (const move of place.stretch) {
      const known = behind.get(move);
      if (known === undefined) behind.set(move, new Set(place.body));
      else for (const block of place.body) known.add(block);
    }
  }
  for (let pose = 0; pose < network.poses.count; pose++) {
    const isAstride = places.some(({ stretch }) =>
      stretch.some((move) => at(network.moves.to, move) === pose),
    );
    if (!isAstride) join([...bodyAt(network, pose)]);
  }
  for (let move = 0; move < network.moves.count; move++) {
    const left = behind.get(move);
    join([...sweptBy(network, move)].filter((block) => left?.has(block) !== true));
  }
  return parent.map((_, block) => rootOf(block));
}

function nameRegions(
  network: Network,
  regions: readonly number[],
  zones: readonly ZoneName[],
): ReadonlyMap<number, number> {
  const zoneOfRegion = new Map<number, number>();
  zones.forEach((zone, index) => {
    const pose = network.poseIndex(zone.nodeId);
    const block = pose === undefined ? undefined : bodyAt(network, pose)[0];
    if (block === undefined)
      throw new BorderContradiction(
        `zone ${zone.zoneId} is named by node ${zone.nodeId}, which is not there`,
      );
    const region = at(regions, block);
    const other = zoneOfRegion.get(region);
    if (other !== undefined)
      throw new BorderContradiction(
        `nothing divides ${at(zones, other).zoneId} from ${zone.zoneId}: ${at(zones, other).nodeId} and ${zone.nodeId} are joined by roads without a border`,
      );
    zoneOfRegion.set(region, index);
  });
  const nameless = regions.findIndex((region) => !zoneOfRegion.has(region));
  if (nameless >= 0)
    throw new BorderContradiction(
      `the ground around ${at(network.blocks.ids, nameless)} is cut off by borders and is in no zone: name it, or take a border away`,
    );
  return zoneOfRegion;
}

function zoneUnder(network: Network, zone: Int32Array, blocks: ArrayLike<number>, what: string): number {
  const found = new Set(Array.from(blocks, (block) => at(zone, block)));
  const [only] = found;
  if (only === undefined || found.size > 1)
    throw new BorderContradiction(
      `${what} lies on ground of ${found.size} zones: ${Array.from(blocks, (block) => at(network.blocks.ids, block)).join(", ")}`,
    );
  return only;
}
