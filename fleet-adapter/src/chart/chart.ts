import type { EdgeId, FencedPlaces, NodeId, Pose } from "@baton/maps";
import type { Trajectory } from "../vda5050/model/trajectory.ts";

/** The layout of one side as its vehicles know it: what an order message says beyond names. */
export interface Chart {
  /** The map that positions in messages of this side refer to. */
  readonly mapId: string;
  /** Where a node is, in the map frame; undefined for a node that the layout does not have. */
  nodeInMap(nodeId: NodeId): Pose | undefined;
  /** The way of an edge in the map frame; undefined leaves it to the vehicle. */
  trajectory(edgeId: EdgeId): Trajectory | undefined;
  /** All edges of the layout: any mission may lead over any of them. */
  edgeIds(): Iterable<EdgeId>;
  /** Ground of the side that is one vehicle's at a time; none when left out. */
  fences?(): readonly ChartFence[];
  /** A pose of the map frame in the site frame. */
  toSite(pose: Pose): Pose;
  /** A pose of the site frame in the map frame. */
  toMap(pose: Pose): Pose;
}

/** A fence in the map frame, and what of the layout is inside of it. */
export type ChartFence = FencedPlaces;
