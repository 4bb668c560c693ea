import { type Footprint, footprintOf } from "../geometry/footprint.ts";
import { sha256Hex } from "../hash/sha256.ts";
import {
  blockIdOf,
  edgeIdOf,
  nodeIdOf,
  otherSide,
  type Side,
  type VehicleClassId,
  vehicleClassIdOf,
  type ZoneId,
  zoneIdOf,
} from "../ids.ts";
import { type Site, vehicleClass } from "../layout/site.ts";
import { type BlockSet, blocksOf } from "./blocks.ts";
import { clearances } from "./clearance.ts";
import { csrOf } from "./csr.ts";
import { type FencedGround, fenceBlocks, fencedGrounds, fencesOf } from "./fences.ts";
import { firstMoveItem, type Grounds, groundsOf } from "./ground.ts";
import { locatedOn } from "./locate.ts";
import type { Network } from "./network.ts";
import { poseKinds } from "./pose-kinds.ts";
import { queuesOf } from "./queues.ts";
import { roadsOf } from "./roads.ts";
import { type SingleTracks, singleTracksOf, tracksOfClass } from "./single-track.ts";

/** Raised when the same inputs come to give other indices or other ground. */
const COMPILER_VERSION = 2;

/**
 * The road networks of one side, one for each vehicle class of the site, over common blocks: all of them have the
 * same blocks in the same order, and a move of one class and a move of another share a block exactly when
 * their ground overlaps. Made once for a site object and side; asking again gives the same objects.
 */
export function compileNetworks(site: Site, side: Side): ReadonlyMap<VehicleClassId, Network> {
  const known = compiled.get(site) ?? {};
  const before = known[side];
  if (before !== undefined) return before;
  const made = compileAll(site, side);
  compiled.set(site, { ...known, [side]: made });
  return made;
}

/** A site is never changed once it is read, so what is compiled from it stays right for as long as it is used. */
const compiled = new WeakMap<Site, Partial<Record<Side, ReadonlyMap<VehicleClassId, Network>>>>();

/**
 * The road network of one side for one vehicle class; its blocks are those of all classes of the site.
 * @throws when the site has no such class: ask `vehicleClass` first for one that comes from outside.
 */
export function compileNetwork(site: Site, side: Side, vehicleClassId: VehicleClassId): Network {
  const network = compileNetworks(site, side).get(vehicleClassId);
  if (network === undefined) throw new Error(`site ${site.siteId} has no vehicle class ${vehicleClassId}`);
  return network;
}

function compileAll(site: Site, side: Side): ReadonlyMap<VehicleClassId, Network> {
  const vehicles = site.file.vehicleClasses;
  const grounds = groundsOf(
    vehicles.map((vehicle) => ({
      roads: roadsOf(site, side, vehicle),
      footprint: footprintOf(vehicle, site.file.safetyMarginM),
    })),
  );
  const fenced = fencedGrounds(site, side, grounds);
  const blocks = [...blocksOf(grounds, side), ...fenceBlocks(fenced, side)];
  const declared = (site.file.sections ?? []).flatMap((section) =>
    section.side === side && section.singleTrack !== undefined
      ? [{ sectionId: section.sectionId, edgeIds: section.edgeIds, ...section.singleTrack }]
      : [],
  );
  const tracks = singleTracksOf(grounds, declared);
  return new Map(
    vehicles.map((vehicle, ofClass) => {
      const vehicleClassId = vehicleClassIdOf(vehicle.vehicleClassId);
      return [
        vehicleClassId,
        networkOf({ site, side, vehicleClassId, ofClass, grounds, blocks, tracks, fenced }),
      ];
    }),
  );
}

interface Compilation {
  readonly site: Site;
  readonly side: Side;
  readonly vehicleClassId: VehicleClassId;
  readonly ofClass: number;
  readonly grounds: Grounds;
  readonly blocks: readonly BlockSet[];
  readonly tracks: SingleTracks;
  readonly fenced: readonly FencedGround[];
}

function networkOf(compilation: Compilation): Network {
  const { site, side, vehicleClassId, ofClass, grounds, blocks, tracks, fenced } = compilation;
  const roads = grounds.classes[ofClass]?.roads;
  if (roads === undefined) throw new Error(`class ${ofClass} is out of range`);
  const poseCount = roads.poses.length;
  const rows: number[][] = grounds.items.map(() => []);
  blocks.forEach((block, index) => {
    for (const item of block.members) rows[item]?.push(index);
  });
  const firstMove = firstMoveItem(grounds, ofClass);
  const poseBlocks = csrOf(rows.slice(grounds.begins[ofClass], firstMove));
  const moveBlocks = csrOf(rows.slice(firstMove, grounds.begins[ofClass + 1]));
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
      kind: poseKinds(site, side, grounds, ofClass, tracks),
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
      clearAtM: clearances(grounds, ofClass, blocks, rows, poseBlocks, moveBlocks),
    },
    blocks: {
      count: blocks.length,
      ids: blockIds,
      zone: Int32Array.from(blocks, (block) => (block.ground === side ? 0 : 1)),
      zoneIds: [zoneOf(site, side), zoneOf(site, otherSide(side))],
      own: Uint8Array.from(blocks, (block) => (block.ground === side ? 1 : 0)),
    },
    sections: { count: tracks.ids.length, ids: tracks.ids, ...tracksOfClass(grounds, ofClass, tracks) },
    queues: queuesOf(site, side, nodeIndex),
    ...(fenced.length === 0
      ? {}
      : { fences: fencesOf(fenced, grounds, ofClass, bodyOf(site, vehicleClassId)) }),
    poseIndex: (nodeId) => nodeIndex.get(nodeId),
    moveIndex: (edgeId) => edgeIndex.get(edgeId),
    blockIndex: (blockId) => blockIndex.get(blockId),
    poseAlong: (move, alongM) => locatedAt(located, move).poseAlong(alongM),
    project: (move, xM, yM) => locatedAt(located, move).project(xM, yM),
  };
}

function bodyOf(site: Site, vehicleClassId: VehicleClassId): Footprint {
  const vehicle = vehicleClass(site, vehicleClassId);
  if (vehicle === undefined) throw new Error(`site ${site.siteId} has no vehicle class ${vehicleClassId}`);
  return footprintOf(vehicle, 0);
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
      site.file.vehicleClasses,
      site.siteId,
      site.file.safetyMarginM,
      site.file.zones,
      site.file.sections ?? [],
      site.file.queues ?? [],
      site.file.sides[side].mapToSite,
      site.file.sides[side].stations,
      site.lif[side],
      ...(site.file.fences ?? []),
    ]),
  );
}
