import { cutsOf, type Footprint, footprintOf } from "../geometry/footprint.ts";
import { sha256Hex } from "../hash/sha256.ts";
import {
  blockIdOf,
  edgeIdOf,
  nodeIdOf,
  otherSide,
  type Side,
  type VehicleClassId,
  type ZoneId,
  zoneIdOf,
} from "../ids.ts";
import { type Site, vehicleClass } from "../layout/site.ts";
import { type BlockSet, blocksOf } from "./blocks.ts";
import { csrOf, rowOf } from "./csr.ts";
import { type Grounds, groundsOf, lastOverlapM } from "./ground.ts";
import { locatedOn } from "./locate.ts";
import type { Csr, Network } from "./network.ts";
import { poseKinds } from "./pose-kinds.ts";
import { type Roads, roadsOf } from "./roads.ts";

/** Raised when the same inputs come to give other indices or other ground. */
const COMPILER_VERSION = 1;

/**
 * The road network of one side for one vehicle class.
 * @throws when the site has no such class: ask `vehicleClass` first for one that comes from outside.
 */
export function compileNetwork(site: Site, side: Side, vehicleClassId: VehicleClassId): Network {
  const vehicle = vehicleClass(site, vehicleClassId);
  if (vehicle === undefined) throw new Error(`site ${site.siteId} has no vehicle class ${vehicleClassId}`);
  const roads = roadsOf(site, side, vehicle);
  const footprint = footprintOf(vehicle, site.file.safetyMarginM);
  const grounds = groundsOf(roads, footprint);
  const blocks = blocksOf(roads, grounds, side);
  const poseCount = roads.poses.length;

  const rows: number[][] = Array.from({ length: grounds.items }, () => []);
  blocks.forEach((block, index) => {
    for (const item of block.members) rows[item]?.push(index);
  });
  const poseBlocks = csrOf(rows.slice(0, poseCount));
  const moveBlocks = csrOf(rows.slice(poseCount));
  const located = roads.moves.map((move) => locatedOn(move.curve));
  const nodeIds = roads.poses.map((entry) => nodeIdOf(entry.nodeId));
  const edgeIds = roads.moves.map((move) => edgeIdOf(move.edgeId));
  const blockIds = blocks.map((block) => blockIdOf(block.id));
  const nodeIndex = indexOf(nodeIds);
  const edgeIndex = indexOf(edgeIds);
  const blockIndex = indexOf(blockIds);

  return {
    hash: hashOf(site, side, vehicleClassId),
    side,
    vehicleClassId,
    poses: {
      count: poseCount,
      nodeIds,
      xM: Float64Array.from(roads.poses, (entry) => entry.pose.xM),
      yM: Float64Array.from(roads.poses, (entry) => entry.pose.yM),
      headingRad: Float64Array.from(roads.poses, (entry) => entry.pose.headingRad),
      kind: poseKinds(site, side, roads, grounds),
      outgoing: csrOf(roads.outgoing),
      incoming: csrOf(roads.incoming),
      blocks: poseBlocks,
    },
    moves: {
      count: roads.moves.length,
      edgeIds,
      from: Int32Array.from(roads.moves, (move) => move.from),
      to: Int32Array.from(roads.moves, (move) => move.to),
      lengthM: Float64Array.from(roads.moves, (move) => move.curve.lengthM),
      speedMps: Float64Array.from(roads.moves, (move) => move.speedMps),
      blocks: moveBlocks,
      clearAtM: clearances(roads, grounds, footprint, blocks, poseBlocks, moveBlocks),
    },
    blocks: {
      count: blocks.length,
      ids: blockIds,
      zone: Int32Array.from(blocks, (block) => (block.ground === side ? 0 : 1)),
      zoneIds: [zoneOf(site, side), zoneOf(site, otherSide(side))],
      own: Uint8Array.from(blocks, (block) => (block.ground === side ? 1 : 0)),
    },
    poseIndex: (nodeId) => nodeIndex.get(nodeId),
    moveIndex: (edgeId) => edgeIndex.get(edgeId),
    blockIndex: (blockId) => blockIndex.get(blockId),
    poseAlong: (move, alongM) => locatedAt(located, move).poseAlong(alongM),
    project: (move, xM, yM) => locatedAt(located, move).project(xM, yM),
  };
}

/**
 * When a vehicle on a move may give a block back: once its body overlaps no other member of the block. A block
 * that the pose at the end holds, too, is kept beyond the move.
 */
function clearances(
  roads: Roads,
  grounds: Grounds,
  footprint: Footprint,
  blocks: readonly BlockSet[],
  poseBlocks: Csr,
  moveBlocks: Csr,
): Float64Array {
  const clearAtM = new Float64Array(moveBlocks.values.length);
  roads.moves.forEach((move, index) => {
    const cuts = cutsOf(move.curve);
    const atEnd = new Set(rowOf(poseBlocks, move.to));
    const self = index + roads.poses.length;
    const known = new Map<string, number>();
    const lastM = (ground: "vn" | "cn", item: number): number => {
      const key = `${ground}${item}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const found = lastOverlapM(footprint, move.curve, cuts, grounds.pieces[ground][item] ?? []) ?? 0;
      known.set(key, found);
      return found;
    };
    rowOf(moveBlocks, index).forEach((blockIndex, k) => {
      const block = blocks[blockIndex];
      if (block === undefined) throw new Error(`block ${blockIndex} is out of range`);
      let clear = 0;
      if (atEnd.has(blockIndex)) clear = Number.POSITIVE_INFINITY;
      else {
        for (const item of block.members) {
          if (item !== self && clear < move.curve.lengthM) clear = Math.max(clear, lastM(block.ground, item));
        }
      }
      clearAtM[(moveBlocks.offsets[index] ?? 0) + k] = clear;
    });
  });
  return clearAtM;
}

function indexOf(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(ids.map((id, i) => [id, i]));
}

function locatedAt<T>(located: readonly T[], move: number): T {
  const found = located[move];
  if (found === undefined) throw new Error(`move ${move} is out of range`);
  return found;
}

function zoneOf(site: Site, side: Side): ZoneId {
  const zone = site.file.zones.find((candidate) => candidate.side === side);
  if (zone === undefined) throw new Error(`site ${site.siteId} has no zone for ${side}`);
  return zoneIdOf(zone.zoneId);
}

/** Everything that the network depends on, in one text. */
function hashOf(site: Site, side: Side, vehicleClassId: VehicleClassId): string {
  return sha256Hex(
    JSON.stringify([
      COMPILER_VERSION,
      side,
      vehicleClassId,
      vehicleClass(site, vehicleClassId),
      site.siteId,
      site.file.safetyMarginM,
      site.file.zones,
      site.file.sides[side].mapToSite,
      site.file.sides[side].stations,
      site.lif[side],
    ]),
  );
}
