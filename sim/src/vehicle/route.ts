import type { OrderEdge, OrderNode } from "@baton/fleet-adapter/vda5050";
import {
  type Curve,
  nurbsCurve,
  type Point,
  type Pose,
  type RigidTransform,
  type Side,
  straightCurve,
  toSiteFrame,
} from "@baton/maps";
import type { SpeedZone } from "./motion.ts";

/** What of an order that was let go of still matters: its way, on which `alongM` of the next order is below 0. */
export interface Lead {
  readonly side: Side;
  readonly nodes: readonly OrderNode[];
  readonly edges: readonly OrderEdge[];
}

/** A side's map frame, as the vehicle's localisation knows it. */
export interface MapFrame {
  readonly mapId: string;
  readonly mapToSite: RigidTransform;
}

/**
 * An order's way as one line: `nodeAtM[i]` is where node `i` is along it, `curves[i]` the edge from node `i` to
 * `i + 1` in the map frame of the side that gave the order.
 */
export interface Route {
  readonly nodeAtM: readonly number[];
  readonly curves: readonly Curve[];
  readonly zones: readonly SpeedZone[];
  /** Index of the last released node. */
  readonly baseEnd: number;
  /** Indices of the nodes where something is to be done. */
  readonly actionNodes: readonly number[];
  /** The way before the first node, where `alongM` is below 0, with its own length, in the frame of the side that gave it. */
  readonly lead?: { readonly side: Side; readonly route: Route; readonly lengthM: number };
}

/** A tenth of a millimetre: nodes closer than this are reached. */
const REACHED_WITHIN_M = 1e-4;

/** What was laid out before: of an update the base comes first, its edges the very same ones. */
interface LaidOut {
  readonly edges: readonly OrderEdge[];
  readonly route: Route;
}

export function layOut(
  nodes: readonly OrderNode[],
  edges: readonly OrderEdge[],
  lead?: Lead,
  known?: LaidOut,
): Route {
  const route = layOutAlone(nodes, edges, known);
  if (lead === undefined) return route;
  const before = layOutAlone(lead.nodes, lead.edges);
  const lengthM = before.nodeAtM[before.baseEnd] ?? 0;
  const zones = before.zones
    .slice(0, before.baseEnd)
    .map(({ fromM, maxSpeedMps }) => ({ fromM: fromM - lengthM, maxSpeedMps }));
  return { ...route, zones: [...zones, ...route.zones], lead: { side: lead.side, route: before, lengthM } };
}

function layOutAlone(nodes: readonly OrderNode[], edges: readonly OrderEdge[], known?: LaidOut): Route {
  const same = known === undefined ? 0 : sameFromStart(known.edges, edges);
  const curves = known?.route.curves.slice(0, same) ?? [];
  // Of the way before the first node the zones come first.
  const ahead = known === undefined ? 0 : known.route.zones.length - known.edges.length;
  const zones = known?.route.zones.slice(ahead, ahead + same) ?? [];
  const nodeAtM = known?.route.nodeAtM.slice(0, same + 1) ?? [0];
  let fromM = nodeAtM[same] ?? 0;
  for (let at = same; at < edges.length; at++) {
    const edge = edges[at];
    if (edge === undefined) break;
    const curve = curveOf(edge, nodes[at], nodes[at + 1]);
    curves.push(curve);
    zones.push({ fromM, maxSpeedMps: edge.maxSpeed ?? Number.POSITIVE_INFINITY });
    fromM += curve.lengthM;
    nodeAtM.push(fromM);
  }
  const baseEnd = nodes.findLastIndex((node) => node.released);
  const actionNodes: number[] = [];
  nodes.forEach((node, at) => {
    if (node.actions.length > 0) actionNodes.push(at);
  });
  return { nodeAtM, curves, zones, baseEnd, actionNodes };
}

/** How many edges of an update are the very ones that were laid out before. */
function sameFromStart(before: readonly OrderEdge[], now: readonly OrderEdge[]): number {
  const most = Math.min(before.length, now.length);
  let same = 0;
  while (same < most && before[same] === now[same]) same += 1;
  return same;
}

function curveOf(edge: OrderEdge, from: OrderNode | undefined, to: OrderNode | undefined): Curve {
  if (edge.trajectory !== undefined) return curveAlong(edge.trajectory);
  const start = pointOf(from);
  const end = pointOf(to);
  if (start === undefined || end === undefined) {
    throw new Error(`edge ${edge.edgeId} was accepted without a trajectory or positions of both its ends`);
  }
  return straightCurve(start, end);
}

/** A curve takes long to measure, and vehicles are sent over the same edges again and again. */
const curves = new WeakMap<NonNullable<OrderEdge["trajectory"]>, Curve>();

function curveAlong(trajectory: NonNullable<OrderEdge["trajectory"]>): Curve {
  const known = curves.get(trajectory);
  if (known !== undefined) return known;
  const curve = nurbsCurve(trajectory);
  curves.set(trajectory, curve);
  return curve;
}

function pointOf(node: OrderNode | undefined): Point | undefined {
  const position = node?.nodePosition;
  return position === undefined ? undefined : { xM: position.x, yM: position.y };
}

/** Where on the ground the vehicle is, `alongM` metres into its route; undefined for a route without edges. Site frame. */
export function poseOn(
  route: Route,
  alongM: number,
  side: Side,
  frames: Readonly<Record<Side, MapFrame>>,
): Pose | undefined {
  const { lead } = route;
  const isBefore = lead !== undefined && (alongM < 0 || route.curves.length === 0);
  return isBefore
    ? poseAlong(lead.route, lead.lengthM + Math.min(0, alongM), frames[lead.side])
    : poseAlong(route, alongM, frames[side]);
}

function poseAlong(route: Route, alongM: number, frame: MapFrame): Pose | undefined {
  const edge = edgeAt(route, alongM);
  const curve = route.curves[edge];
  if (curve === undefined) return undefined;
  const fromM = route.nodeAtM[edge] ?? 0;
  return toSiteFrame(frame.mapToSite, curve.poseAt(Math.max(0, Math.min(curve.lengthM, alongM - fromM))));
}

/** The index of the edge that covers `alongM`; at a node, of the edge that ends there (the first one at the start). */
function edgeAt({ nodeAtM, curves }: Route, alongM: number): number {
  return Math.max(0, Math.min(nodesUpTo(nodeAtM, alongM, -REACHED_WITHIN_M), curves.length) - 1);
}

/** The index of the last node reached, `alongM` metres into the route; -1 on the way before its first. */
export function nodeReached({ nodeAtM }: Route, alongM: number): number {
  return nodesUpTo(nodeAtM, alongM, REACHED_WITHIN_M) - 1;
}

/** How many nodes are at `alongM` or before it, those within a tolerance beyond it too; a negative one leaves those out that it reaches. */
function nodesUpTo(nodeAtM: readonly number[], alongM: number, withinM: number): number {
  let low = 0;
  let high = nodeAtM.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const atM = nodeAtM[middle] ?? 0;
    if (withinM > 0 ? atM - withinM <= alongM : atM - withinM < alongM) low = middle + 1;
    else high = middle;
  }
  return low;
}
