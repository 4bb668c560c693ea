import type { Point } from "@baton/maps";
import { edgeIdOf, nodeIdOf } from "../../names.ts";
import type { DriveOrder } from "../../port.ts";
import type { GrantRequest } from "../wire/services.ts";
import { type FollowPathGoal, quaternionOf, type Time, timeOf } from "../wire/standard.ts";
import { MODE, type VehicleStatus, type Waypoint } from "../wire/vehicle-status.ts";
import { type DensePath, densePath } from "./dense-path.ts";
import { fenceAt, flawOfGround, throughPoses } from "./fenced-way.ts";
import { alignment, baseEnd } from "./held.ts";
import type { CoreContext, Goal } from "./vehicle-core.ts";

/** Why an order cannot be told to a vehicle; undefined for one that can. */
export function flawOfDriveOrder(order: DriveOrder, context: CoreContext): string | undefined {
  const { chart } = context;
  const { nodes, edges } = order;
  if (nodes.length === 0) return "the order has no nodes";
  if (edges.length !== nodes.length - 1) return `${nodes.length} nodes cannot have ${edges.length} edges`;
  if (nodes[0]?.released !== true) return "the first node is not released";
  for (const [index, edge] of edges.entries()) {
    const from = nodes[index];
    const to = nodes[index + 1];
    if (edge.released !== (to?.released ?? false))
      return `edge ${edge.edgeId} and its end are not released together`;
    if (edge.released && from?.released !== true) return `edge ${edge.edgeId} is released, its start is not`;
  }
  const missing = nodes.find((node) => chart.nodeInMap(node.nodeId) === undefined);
  if (missing !== undefined) return `node ${missing.nodeId} is not on map ${chart.mapId}`;
  return flawOfGround(order, context);
}

/** A way by names, as it will be told. */
export interface Way {
  readonly stops: readonly Omit<Waypoint, "path_index">[];
  readonly leadsToEnd: boolean;
}

export type GrantPlan =
  | { readonly kind: "nothing" }
  /** `isRevival`: the vehicle was told before, and has lost it. */
  | { readonly kind: "send"; readonly way: Way; readonly isRevival: boolean }
  /** The order contradicts what the vehicle was already told. */
  | { readonly kind: "contradiction"; readonly detail: string };

type HasEnded = (actionId: string) => boolean;

/** The way of an order that the vehicle has not begun: from its first node, which is where the vehicle stands. */
export function firstWay(order: DriveOrder, hasEnded: HasEnded): Way {
  return wayUntil(order, 0, [stopOf(order, 0, 0)], 0, reachOf(order, 0, hasEnded));
}

/**
 * What the vehicle has to be told so that it holds `order`, given that its status shows that order. The new path begins at the
 * node that it passed last, or at the order's first node where it has yet to come to that one, and contains all of the base that it holds: nothing of it is taken back; an order that releases
 * less than it holds only tells whether there is more to come. Everything comes from the vehicle's own report, so it is the
 * same for an adapter that has just started.
 */
export function planGrant(order: DriveOrder, status: VehicleStatus, hasEnded: HasEnded): GrantPlan {
  const first = alignment(order, status);
  if (first === undefined) {
    const held =
      status.ahead.length === 0
        ? `it stands at ${status.last_node_id}`
        : `its base is ${status.ahead.map((stop) => stop.node_id).join(", ")}`;
    return { kind: "contradiction", detail: `the order does not go the vehicle's way: ${held}` };
  }
  const endIndex = baseEnd(status).sequence - first;
  const until = Math.max(endIndex, reachOf(order, Math.max(0, endIndex), hasEnded));
  const ahead = status.ahead.map(({ path_index: _index, ...stop }) => stop);
  // One that was taken over rolling has yet to reach the first node of its order: the way begins there.
  const held =
    ahead[0]?.sequence === status.last_node_sequence
      ? ahead
      : [
          {
            node_id: status.last_node_id,
            sequence: status.last_node_sequence,
            edge_id: "",
            max_speed_mps: 0,
          },
          ...ahead,
        ];
  const way = wayUntil(order, first, held, endIndex, until);
  const same = until === endIndex && way.leadsToEnd === status.leads_to_end;
  return same && !hasLostItsPath(status) ? { kind: "nothing" } : { kind: "send", way, isRevival: same };
}

/** A way ahead and no path to follow: its controller gave up, or it was started again. Who is off its path is not sent on. */
function hasLostItsPath(status: VehicleStatus): boolean {
  return (
    status.ahead.length > 0 &&
    !status.following &&
    !status.off_path &&
    !status.emergency_stop &&
    status.paused_by.length === 0 &&
    status.mode <= MODE.semiautomatic
  );
}

/** The last node that may be told from `from` on: released, and not beyond a node where something is still to be done. */
function reachOf(order: DriveOrder, from: number, hasEnded: HasEnded): number {
  let index = from;
  const isToDo = (at: number): boolean =>
    order.nodes[at]?.actions.some(({ actionId }) => !hasEnded(actionId)) ?? false;
  while (order.nodes[index + 1]?.released === true && !isToDo(index)) index += 1;
  return index;
}

function wayUntil(
  order: DriveOrder,
  first: number,
  held: readonly Omit<Waypoint, "path_index">[],
  heldUntil: number,
  until: number,
): Way {
  const stops = [...held];
  for (let index = heldUntil + 1; index <= until; index += 1) stops.push(stopOf(order, first, index));
  return { stops, leadsToEnd: until === order.nodes.length - 1 };
}

function stopOf(order: DriveOrder, first: number, index: number): Omit<Waypoint, "path_index"> {
  const edge = order.edges[index - 1];
  return {
    node_id: order.nodes[index]?.nodeId ?? "",
    sequence: first + index,
    edge_id: edge?.edgeId ?? "",
    max_speed_mps: edge?.maxSpeedMps ?? 0,
  };
}

/** The two messages by which a way is granted; undefined when the layout does not have a part of it. */
export function grantMessages(
  context: CoreContext,
  { stops, leadsToEnd }: Way,
  told: { readonly epoch: number; readonly orderId: string; readonly updateId: number },
  nowMs: number,
): { readonly request: GrantRequest; readonly goal: Goal } | undefined {
  // Another one for each grant, by which the vehicle knows which path belongs to which names.
  const stamp = timeOf(Math.floor(nowMs), told.updateId % 1_000_000);
  const sent = context.plansOwnWay === true ? ownWay(context, stops, stamp) : pathOf(context, stops, stamp);
  if (sent === undefined) return undefined;
  return {
    request: {
      side: context.side,
      epoch: told.epoch,
      order_id: told.orderId,
      update_id: told.updateId,
      way: stops.map((stop, index) => ({ ...stop, path_index: sent.indexOf[index] ?? 0 })),
      leads_to_end: leadsToEnd,
      path_stamp: stamp,
      fence: sent.fence.map(({ xM, yM }) => ({ x: xM, y: yM, z: 0 })),
    },
    goal: sent.goal,
  };
}

interface Sent {
  readonly goal: Goal;
  /** By node of the way: which pose of the goal it is. */
  readonly indexOf: readonly number[];
  readonly fence: readonly Point[];
}

function pathOf({ chart }: CoreContext, stops: Way["stops"], stamp: Time): Sent | undefined {
  const path = densePath(
    chart,
    stops.map((stop, index) => ({
      nodeId: nodeIdOf(stop.node_id),
      edgeId: index === 0 ? undefined : edgeIdOf(stop.edge_id),
    })),
  );
  if (path === undefined) return undefined;
  const goal = goalOf(path, stamp, chart.mapId);
  return { goal: { action: "followPath", goal }, indexOf: path.indexOf, fence: [] };
}

function ownWay(context: CoreContext, stops: Way["stops"], stamp: Time): Sent | undefined {
  const fence = fenceAt(context, stops[0]?.node_id ?? "");
  const through = throughPoses(context, stops, stamp);
  if (fence === undefined || through === undefined) return undefined;
  const goal: Goal = { action: "navigateThroughPoses", goal: through.goal };
  return { goal, indexOf: through.indexOf, fence: fence.corners };
}

function goalOf({ poses }: DensePath, stamp: Time, mapId: string): FollowPathGoal {
  const header = { stamp, frame_id: mapId };
  return {
    path: {
      header,
      poses: poses.map(({ xM, yM, headingRad }) => ({
        header,
        pose: { position: { x: xM, y: yM, z: 0 }, orientation: quaternionOf(headingRad) },
      })),
    },
    // Empty: the vehicle's own, of which it has one each.
    controller_id: "",
    goal_checker_id: "",
  };
}
