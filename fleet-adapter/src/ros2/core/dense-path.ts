import { type EdgeId, type NodeId, nurbsCurve, type Pose, straightCurve } from "@baton/maps";
import type { Chart } from "../../chart/chart.ts";

/** A node of a way and the edge that leads to it, by the layout's names. */
export interface Stop {
  readonly nodeId: NodeId;
  /** Undefined for the first. */
  readonly edgeId: EdgeId | undefined;
}

export interface DensePath {
  /** Map frame; the heading is the way's own. */
  readonly poses: readonly Pose[];
  /** `indexOf[i]` is the pose of the way's node `i`. */
  readonly indexOf: readonly number[];
}

/**
 * How far apart the poses of a path are, at most. On a bend of 12 m radius a chord of this length strays 2.6 mm from the arc;
 * controllers of Nav2 look farther ahead than this.
 */
export const PATH_SPACING_M = 0.5;

/** Poses of an edge without its first, by edge; an edge's way never changes. Bound: the edges of a chart. */
const sampled = new WeakMap<Chart, Map<EdgeId, readonly Pose[]>>();

/** The way as poses that a controller can follow; undefined when the layout does not have a part of it. */
export function densePath(chart: Chart, way: readonly Stop[]): DensePath | undefined {
  const [first] = way;
  const start = first === undefined ? undefined : chart.nodeInMap(first.nodeId);
  if (first === undefined || start === undefined) return undefined;
  const poses: Pose[] = [start];
  const indexOf: number[] = [0];
  let fromNodeId = first.nodeId;
  for (const { nodeId, edgeId } of way.slice(1)) {
    const part = edgeId === undefined ? undefined : posesOf(chart, edgeId, fromNodeId, nodeId);
    if (part === undefined) return undefined;
    // Where the way begins, it begins in its own direction.
    if (poses.length === 1 && part.start !== undefined) poses[0] = part.start;
    poses.push(...part.rest);
    indexOf.push(poses.length - 1);
    fromNodeId = nodeId;
  }
  return { poses, indexOf };
}

interface EdgePoses {
  readonly start: Pose | undefined;
  readonly rest: readonly Pose[];
}

function posesOf(chart: Chart, edgeId: EdgeId, fromNodeId: NodeId, toNodeId: NodeId): EdgePoses | undefined {
  const known = sampled.get(chart) ?? new Map<EdgeId, readonly Pose[]>();
  sampled.set(chart, known);
  const found = known.get(edgeId) ?? sample(chart, edgeId, fromNodeId, toNodeId);
  if (found === undefined) return undefined;
  known.set(edgeId, found);
  return { start: found[0], rest: found.slice(1) };
}

function sample(
  chart: Chart,
  edgeId: EdgeId,
  fromNodeId: NodeId,
  toNodeId: NodeId,
): readonly Pose[] | undefined {
  const trajectory = chart.trajectory(edgeId);
  const from = chart.nodeInMap(fromNodeId);
  const to = chart.nodeInMap(toNodeId);
  if (from === undefined || to === undefined) return undefined;
  const curve = trajectory === undefined ? straightCurve(from, to) : nurbsCurve(trajectory);
  const pieces = Math.max(1, Math.ceil(curve.lengthM / PATH_SPACING_M));
  return Array.from({ length: pieces + 1 }, (_, i) => curve.poseAt((curve.lengthM * i) / pieces));
}
