import type { Point, Pose } from "../geometry/pose.ts";
import type { BlockId, EdgeId, NodeId, Side, VehicleClassId, ZoneId } from "../ids.ts";

/**
 * Compressed sparse rows: the values of row `r` are `values[offsets[r] .. offsets[r + 1])`.
 * Shape: offsets is Int32Array[rows + 1], values is Int32Array[offsets[rows]].
 */
export interface Csr {
  readonly offsets: Int32Array;
  readonly values: Int32Array;
}

/** What a stop pose may be used for. */
export const PoseKind = {
  /** A place on the way: a vehicle may stop there for traffic, and moves on. */
  way: 0,
  /** A place where a vehicle may stay for ever without cutting others off. */
  endpoint: 1,
  /** Inside a junction: nobody stops there, grants never end there. */
  passing: 2,
} as const;
export type PoseKind = (typeof PoseKind)[keyof typeof PoseKind];

/**
 * The road network of one side for one vehicle class, compiled once from its layout.
 * Frame: site, metres, radians. All arrays are indexed by pose, move or block index; these are
 * stable for one `hash`, and ids are what is stored and sent.
 */
export interface Network {
  /** SHA-256 of everything that it was compiled from: equal hashes mean equal indices. */
  readonly hash: string;
  readonly side: Side;
  readonly vehicleClassId: VehicleClassId;
  readonly poses: Poses;
  readonly moves: Moves;
  readonly blocks: Blocks;
  /** Single-track stretches; none when left out. */
  readonly sections?: Sections;
  /** Places where vehicles wait one behind the other, to be taken in order; none when left out. */
  readonly queues?: Queues;
  /** Ground of one vehicle at a time; none when left out. */
  readonly fences?: Fences;
  poseIndex(nodeId: NodeId): number | undefined;
  moveIndex(edgeId: EdgeId): number | undefined;
  blockIndex(blockId: BlockId): number | undefined;
  /** Where the vehicle's reference point is, `alongM` metres into a move (clamped to the move). */
  poseAlong(move: number, alongM: number): Pose;
  /** The point of a move nearest to a place: how far along, and how far off, in metres. */
  project(move: number, xM: number, yM: number): { readonly alongM: number; readonly offM: number };
}

/** Stop poses: LIF nodes where a vehicle may stand. `B(n)` is the row of `blocks`. */
export interface Poses {
  readonly count: number;
  readonly nodeIds: readonly NodeId[];
  readonly xM: Float64Array;
  readonly yM: Float64Array;
  readonly headingRad: Float64Array;
  readonly kind: Uint8Array;
  /** Moves that start at the pose. */
  readonly outgoing: Csr;
  /** Moves that end at the pose. */
  readonly incoming: Csr;
  /** Blocks that the body covers while it stands there, sorted by index. */
  readonly blocks: Csr;
}

/** Moves: LIF edges between stop poses. `S(e)` is the row of `blocks`, and contains `B` of both ends. */
export interface Moves {
  readonly count: number;
  readonly edgeIds: readonly EdgeId[];
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly lengthM: Float64Array;
  /** The speed that the road allows on the move, metres a second. */
  readonly speedMps: Float64Array;
  /** Blocks of the swept ground, sorted by index. */
  readonly blocks: Csr;
  /**
   * Parallel to `blocks.values`: how far along the move the reference point must be for the body,
   * margin included, to have left the block for good. `Infinity` when it is still in it at the end of the move:
   * exactly the blocks that the pose at the end holds, too. A finite value is about this move alone: a block that
   * a later move of the same way holds as well is to be kept for that one.
   */
  readonly clearAtM: Float64Array;
}

/** Blocks: the smallest thing that has one holder. */
export interface Blocks {
  readonly count: number;
  readonly ids: readonly BlockId[];
  /** The zone whose ledger a block lives in, by its index in `zoneIds`. */
  readonly zone: Int32Array;
  readonly zoneIds: readonly ZoneId[];
  /** 1 when the block lies on this side's ground, 0 when it is the partner's part of the strip at the line. */
  readonly own: Uint8Array;
}

/**
 * Single-track stretches: road that is driven both ways. The ground is exclusive in any case, since opposite moves share
 * blocks; what a section adds is the direction, for whoever plans less far than to an endpoint. Inside of one
 * nobody stops (its poses are `passing`), unless the site file lets vehicles of one direction follow each other.
 */
export interface Sections {
  readonly count: number;
  /** As the site file names them, else the id of their first edge. */
  readonly ids: readonly string[];
  /** By move: its section, -1 for none. */
  readonly ofMove: Int32Array;
  /** By move: 1 and -1 are the two directions of its section, 0 for none. */
  readonly direction: Int8Array;
}

/**
 * FIFO queues: a vehicle may stay at any place of one as at an endpoint, but only with the places before it free to
 * move up into, and leaves by its head.
 */
export interface Queues {
  readonly count: number;
  readonly ids: readonly string[];
  /** A row a queue: its poses from the tail, where vehicles come in, to the head. As many as may wait. */
  readonly places: Csr;
}

/**
 * Fences: ground that is one vehicle's at a time, as a whole. Every pose and move whose ground touches a fence has the fence's own
 * block, so that whoever holds any of it holds all of it, wherever in it its body is.
 */
export interface Fences {
  readonly count: number;
  readonly ids: readonly string[];
  /** By fence: the vehicles that have their place in it, by id. */
  readonly vehicleIds: readonly (readonly string[])[];
  /** By fence: its corners, counter-clockwise, site frame. */
  readonly outlines: readonly (readonly Point[])[];
  /** By pose and by move: the fence that its ground lies in wholly, -1 for none. */
  readonly ofPose: Int32Array;
  readonly ofMove: Int32Array;
  /** By fence: edges whose ground lies partly in it; a site that is well drawn has none. */
  readonly crossedBy: readonly (readonly EdgeId[])[];
  /** Whether the body of this class (safety margin not included) lies in the fence wholly, at a pose of the site frame. */
  holds(fence: number, pose: Pose): boolean;
}
