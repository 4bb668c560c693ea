import type { ZoneId } from "../ids.ts";
import type { Csr, Network } from "../network/network.ts";
import { at, bodyAt, sweptBy } from "./ground.ts";
import type { Partition } from "./partition.ts";

/**
 * The network as one zone's tick loop knows it: the zone's own blocks and nothing of the others'. Its poses and moves
 * are those with ground in the zone, and the places from which vehicles come over its borders. On such a place a
 * vehicle covers nothing here: the ground under it is the zone's behind. A move over a border keeps its length and
 * its edge, and of its ground what is this zone's. Ids are the network's own, indices are not.
 */
export function zoneView({ network, zoneIds, places }: Partition, zoneId: ZoneId): Network {
  const zone = zoneIds.indexOf(zoneId);
  if (zone < 0) throw new Error(`bug: there is no zone ${zoneId}`);
  const isOurs = (block: number): boolean => at(network.blocks.zone, block) === zone;
  const entering = places.filter((place) => place.to === zoneId);
  const leaving = new Set(
    places.filter((place) => place.from === zoneId).flatMap((place) => [...place.stretch]),
  );
  const blocks = indices(network.blocks.count, isOurs);
  const arriving = new Set(entering.flatMap((place) => [...place.stretch]));
  // What leaves over a border is the next zone's to plan and to grant, from the place on.
  const moves = indices(
    network.moves.count,
    (move) => arriving.has(move) || (sweptBy(network, move).some(isOurs) && !leaving.has(move)),
  );
  const ends = new Set(
    moves.kept.flatMap((move) => [at(network.moves.from, move), at(network.moves.to, move)]),
  );
  for (const place of entering) ends.add(place.pose);
  const poses = indices(
    network.poses.count,
    (pose) => ends.has(pose) || (bodyAt(network, pose).some(isOurs) && bodyAt(network, pose).every(isOurs)),
  );
  const names = {
    poses: idIndex(network.poses.nodeIds, poses),
    moves: idIndex(network.moves.edgeIds, moves),
  };
  const blockNames = idIndex(network.blocks.ids, blocks);
  const sweptAndClear = moves.kept.map((move) => ownGround(network, move, blocks));
  return {
    hash: `${network.hash}/${zoneId}`,
    side: network.side,
    vehicleClassId: network.vehicleClassId,
    poses: {
      count: poses.kept.length,
      nodeIds: pick(network.poses.nodeIds, poses),
      xM: Float64Array.from(pick(network.poses.xM, poses)),
      yM: Float64Array.from(pick(network.poses.yM, poses)),
      headingRad: Float64Array.from(pick(network.poses.headingRad, poses)),
      kind: Uint8Array.from(pick(network.poses.kind, poses)),
      outgoing: rows(network.poses.outgoing, poses, moves),
      incoming: rows(network.poses.incoming, poses, moves),
      blocks: rows(network.poses.blocks, poses, blocks),
    },
    moves: {
      count: moves.kept.length,
      edgeIds: pick(network.moves.edgeIds, moves),
      from: Int32Array.from(pick(network.moves.from, moves), (pose) => at(poses.renamed, pose)),
      to: Int32Array.from(pick(network.moves.to, moves), (pose) => at(poses.renamed, pose)),
      lengthM: Float64Array.from(pick(network.moves.lengthM, moves)),
      speedMps: Float64Array.from(pick(network.moves.speedMps, moves)),
      blocks: rows(network.moves.blocks, moves, blocks),
      clearAtM: Float64Array.from(sweptAndClear.flat()),
    },
    blocks: {
      count: blocks.kept.length,
      ids: pick(network.blocks.ids, blocks),
      zone: new Int32Array(blocks.kept.length),
      zoneIds: [zoneId],
      own: Uint8Array.from(pick(network.blocks.own, blocks)),
    },
    ...(network.fences === undefined
      ? {}
      : {
          fences: {
            ...network.fences,
            ofPose: Int32Array.from(pick(network.fences.ofPose, poses)),
            ofMove: Int32Array.from(pick(network.fences.ofMove, moves)),
          },
        }),
    poseIndex: (nodeId) => names.poses.get(nodeId),
    moveIndex: (edgeId) => names.moves.get(edgeId),
    blockIndex: (blockId) => blockNames.get(blockId),
    poseAlong: (move, alongM) => network.poseAlong(at(moves.kept, move), alongM),
    project: (move, xM, yM) => network.project(at(moves.kept, move), xM, yM),
  };
}

/** Which indices stay, in their order, and what each is called afterwards (-1 for those that do not stay). */
interface Selection {
  readonly kept: readonly number[];
  readonly renamed: Int32Array;
}

function indices(count: number, stays: (index: number) => boolean): Selection {
  const renamed = new Int32Array(count).fill(-1);
  const kept: number[] = [];
  for (let index = 0; index < count; index++) {
    if (!stays(index)) continue;
    renamed[index] = kept.length;
    kept.push(index);
  }
  return { kept, renamed };
}

function pick<T>(values: ArrayLike<T>, { kept }: Selection): T[] {
  return kept.map((index) => at(values, index));
}

function idIndex<T extends string>(ids: readonly T[], selection: Selection): ReadonlyMap<T, number> {
  return new Map(pick(ids, selection).map((id, index) => [id, index]));
}

/** The rows of what stays, with the values that stay. Order within a row is kept, so sorted rows stay sorted. */
function rows(csr: Csr, of: Selection, values: Selection): Csr {
  const offsets = [0];
  const picked: number[] = [];
  for (const row of of.kept) {
    for (let i = at(csr.offsets, row); i < at(csr.offsets, row + 1); i++) {
      const value = at(values.renamed, at(csr.values, i));
      if (value >= 0) picked.push(value);
    }
    offsets.push(picked.length);
  }
  return { offsets: Int32Array.from(offsets), values: Int32Array.from(picked) };
}

/** `clearAtM` of the blocks of a move that stay. */
function ownGround({ moves }: Network, move: number, blocks: Selection): number[] {
  const clear: number[] = [];
  for (let i = at(moves.blocks.offsets, move); i < at(moves.blocks.offsets, move + 1); i++) {
    if (at(blocks.renamed, at(moves.blocks.values, i)) >= 0) clear.push(at(moves.clearAtM, i));
  }
  return clear;
}
