import type { GrantRequest, Path } from "@baton/fleet-adapter/ros2";
import type { Action, Order, OrderEdge, OrderNode } from "@baton/fleet-adapter/vda5050";
import type { Side } from "@baton/maps";
import type { ActiveOrder, VehicleModel } from "../vehicle.ts";

/**
 * A granted path in the words in which a simulated vehicle's body thinks: an order of VDA 5050 2.1. The body's update ids leave
 * room between two grants for the work that is asked for at the end of the first.
 */
const WORKS_PER_GRANT = 1_000;
/** The first node of an order may be as far from the vehicle as it stands off its last one. */
const START_DEVIATION_M = 100;
/** Pieces of a path that bend less than this are straight. */
const STRAIGHT_WITHIN_M = 0.002;

export const grantedUpdateId = ({ orderUpdateId }: { readonly orderUpdateId: number }): number =>
  Math.floor(orderUpdateId / WORKS_PER_GRANT);

const header = (model: VehicleModel) => ({
  headerId: 0,
  timestamp: "1970-01-01T00:00:00.000Z",
  version: "2.1.0",
  manufacturer: model.manufacturer,
  serialNumber: model.serialNumber,
});

/** The order, or the update of `current`, that a path stands for; undefined when the path does not fit its names. */
export function orderOfGrant(
  model: VehicleModel,
  side: Side,
  grant: GrantRequest,
  path: Path,
  current: ActiveOrder | undefined,
): Order | undefined {
  const { mapId } = model.frames[side];
  const last = grant.way.at(-1);
  if (last === undefined || path.poses.length !== last.path_index + 1) return undefined;
  // An update of the body's order begins where its base ends: what the path repeats of the base is known.
  const base = current?.nodes.findLast((node) => node.released);
  const from = base === undefined ? 0 : grant.way.findIndex((stop) => 2 * stop.sequence === base.sequenceId);
  if (from < 0) return undefined;
  const nodes: OrderNode[] = [];
  const edges: OrderEdge[] = [];
  for (const [index, stop] of grant.way.entries()) {
    if (index < from) continue;
    const at = path.poses[stop.path_index]?.pose;
    if (at === undefined) return undefined;
    nodes.push({
      nodeId: stop.node_id,
      sequenceId: 2 * stop.sequence,
      released: true,
      nodePosition: {
        x: at.position.x,
        y: at.position.y,
        mapId,
        ...(index === 0 ? { allowedDeviationXY: START_DEVIATION_M } : {}),
      },
      actions: index === from ? [...(base?.actions ?? [])] : [],
    });
    const before = grant.way[index - 1];
    if (index === from || before === undefined) continue;
    const points = path.poses
      .slice(before.path_index, stop.path_index + 1)
      .map(({ pose: { position } }) => ({ x: position.x, y: position.y }));
    edges.push({
      edgeId: stop.edge_id,
      sequenceId: 2 * stop.sequence - 1,
      released: true,
      startNodeId: before.node_id,
      endNodeId: stop.node_id,
      ...(stop.max_speed_mps === null || stop.max_speed_mps <= 0 ? {} : { maxSpeed: stop.max_speed_mps }),
      ...(isStraight(points) ? {} : { trajectory: polyline(points) }),
      actions: [],
    });
  }
  if (!grant.leads_to_end) addMore(nodes, edges, mapId);
  const orderUpdateId = grant.update_id * WORKS_PER_GRANT;
  return { ...header(model), orderId: grant.order_id, orderUpdateId, nodes, edges };
}

/** That there is more to come, but not what: a node that is not released, a metre on. */
function addMore(nodes: OrderNode[], edges: OrderEdge[], mapId: string): void {
  const end = nodes.at(-1);
  if (end?.nodePosition === undefined) return;
  const { x, y } = end.nodePosition;
  const sequenceId = end.sequenceId + 2;
  nodes.push({ nodeId: "…", sequenceId, released: false, nodePosition: { x: x + 1, y, mapId }, actions: [] });
  edges.push({
    edgeId: "…",
    sequenceId: sequenceId - 1,
    released: false,
    startNodeId: end.nodeId,
    endNodeId: "…",
    actions: [],
  });
}

/** The update by which the body does work at the node where its base ends. */
export function orderOfWork(model: VehicleModel, current: ActiveOrder, action: Action): Order | undefined {
  const at = current.nodes.findLastIndex((node) => node.released);
  const end = current.nodes[at];
  if (end === undefined) return undefined;
  return {
    ...header(model),
    orderId: current.orderId,
    orderUpdateId: current.orderUpdateId + 1,
    nodes: [{ ...end, actions: [...end.actions, action] }, ...current.nodes.slice(at + 1)],
    edges: current.edges.slice(at),
  };
}

interface PlainPoint {
  readonly x: number;
  readonly y: number;
}

function isStraight(points: readonly PlainPoint[]): boolean {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return true;
  const lengthM = Math.hypot(last.x - first.x, last.y - first.y);
  return points.every(({ x, y }) => {
    const across = (last.x - first.x) * (y - first.y) - (last.y - first.y) * (x - first.x);
    return Math.abs(across) <= STRAIGHT_WITHIN_M * Math.max(lengthM, 1e-6);
  });
}

/** A way from point to point as a NURBS of degree 1. */
function polyline(points: readonly PlainPoint[]): NonNullable<OrderEdge["trajectory"]> {
  const pieces = points.length - 1;
  const inner = points.map((_, index) => index / pieces);
  return {
    degree: 1,
    knotVector: [0, ...inner, 1],
    controlPoints: points.map(({ x, y }) => ({ x, y })),
  };
}
