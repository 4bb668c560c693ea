import { normaliseRad } from "../geometry/angle.ts";
import type { ControlPoint, Trajectory } from "../geometry/nurbs.ts";
import type { Point, Pose } from "../geometry/pose.ts";

/** A stop pose of a layout in the making. */
export interface TrackNode {
  readonly id: string;
  readonly pose: Pose;
}

/** A way between two stop poses; no trajectory means straight. */
export interface TrackEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly speedMps: number;
  readonly trajectory: Trajectory | undefined;
}

/** Bends of less than this are drawn straight. */
const STRAIGHT_RAD = 1e-6;

/**
 * The roads of one side in the making, in its *outward frame*: the line at x = 0, the side's own ground at
 * x < 0, so that it leaves its ground with heading 0.
 */
export class Track {
  readonly nodes = new Map<string, TrackNode>();
  readonly edges = new Map<string, TrackEdge>();

  addNode(id: string, pose: Pose): string {
    if (this.nodes.has(id)) throw new Error(`two nodes are named ${id}`);
    this.nodes.set(id, { id, pose: { ...pose, headingRad: normaliseRad(pose.headingRad) } });
    return id;
  }

  poseOf(id: string): Pose {
    const node = this.nodes.get(id);
    if (node === undefined) throw new Error(`there is no node ${id}`);
    return node.pose;
  }

  /** A way from one node to another: straight, or the circle's arc that is tangent to both headings. */
  connect(from: string, to: string, speedMps: number): string {
    const id = edgeIdOf(from, to);
    const a = this.poseOf(from);
    const b = this.poseOf(to);
    const turnRad = normaliseRad(b.headingRad - a.headingRad);
    const trajectory = Math.abs(turnRad) < STRAIGHT_RAD ? undefined : arcTrajectory(a, b, turnRad);
    this.addEdge({ id, from, to, speedMps, trajectory });
    return id;
  }

  /** A half circle to the left, as one edge. */
  turnBack(from: string, to: string, speedMps: number): string {
    const a = this.poseOf(from);
    const b = this.poseOf(to);
    const id = edgeIdOf(from, to);
    this.addEdge({ id, from, to, speedMps, trajectory: halfCircleTrajectory(a, b) });
    return id;
  }

  private addEdge(edge: TrackEdge): void {
    if (this.edges.has(edge.id)) throw new Error(`two edges are named ${edge.id}`);
    this.edges.set(edge.id, edge);
  }
}

/** `vn.out.portal` to `vn.out.weighed` is `vn.out.portal_out.weighed`: the side is said once. */
function edgeIdOf(from: string, to: string): string {
  return `${from}_${to.slice(to.indexOf(".") + 1)}`;
}

/**
 * An arc of a circle, at most a half turn short of it, as a rational curve of degree 2. Weights are a common
 * factor larger than usual, since the schema of LIF 1.0 allows none below 1.
 */
function arcTrajectory(from: Pose, to: Pose, turnRad: number): Trajectory {
  const corner = tangentCrossing(from, to);
  const weight = 1 / Math.cos(turnRad / 2);
  return {
    degree: 2,
    knotVector: [0, 0, 0, 1, 1, 1],
    controlPoints: [weighted(from, weight), weighted(corner, 1), weighted(to, weight)],
  };
}

function halfCircleTrajectory(from: Pose, to: Pose): Trajectory {
  const forward = { xM: Math.cos(from.headingRad), yM: Math.sin(from.headingRad) };
  const radiusM = Math.hypot(to.xM - from.xM, to.yM - from.yM) / 2;
  const ahead = (point: Point): Point => ({
    xM: point.xM + radiusM * forward.xM,
    yM: point.yM + radiusM * forward.yM,
  });
  const middle = ahead({ xM: (from.xM + to.xM) / 2, yM: (from.yM + to.yM) / 2 });
  return {
    degree: 2,
    knotVector: [0, 0, 0, 0.5, 0.5, 1, 1, 1],
    controlPoints: [
      weighted(from, Math.SQRT2),
      weighted(ahead(from), 1),
      weighted(middle, Math.SQRT2),
      weighted(ahead(to), 1),
      weighted(to, Math.SQRT2),
    ],
  };
}

function weighted(point: Point, weight: number): ControlPoint {
  return { x: point.xM, y: point.yM, weight };
}

function tangentCrossing(from: Pose, to: Pose): Point {
  const ax = Math.cos(from.headingRad);
  const ay = Math.sin(from.headingRad);
  const bx = Math.cos(to.headingRad);
  const by = Math.sin(to.headingRad);
  const t = ((to.xM - from.xM) * by - (to.yM - from.yM) * bx) / (ax * by - ay * bx);
  return { xM: from.xM + t * ax, yM: from.yM + t * ay };
}
