import { nodeReached } from "./route.ts";
import type { ActiveOrder, Vehicle } from "./vehicle.ts";
import { isOver, recordOf } from "./vehicle.ts";

/** How far a vehicle is with its order. */
export interface Progress {
  readonly order: ActiveOrder;
  /** Index of the node reached last; -1 on the way before the first. */
  readonly node: number;
  /** Standing exactly at that node. */
  readonly atNode: boolean;
  /** Index of the last released node. */
  readonly baseEnd: number;
  /** Index of the first node, from the one reached on, with actions not over; undefined when there is none. */
  readonly actionNode: number | undefined;
}

const AT_NODE_WITHIN_M = 1e-3;

/** Undefined for a vehicle without an order, or whose order was cancelled. */
export function progressOf(vehicle: Vehicle): Progress | undefined {
  const { order } = vehicle;
  if (order === undefined || order.cancelled) return undefined;
  const node = nodeReached(order.route, vehicle.alongM);
  return {
    order,
    node,
    atNode: node >= 0 && Math.abs(vehicle.alongM - (order.route.nodeAtM[node] ?? 0)) <= AT_NODE_WITHIN_M,
    baseEnd: order.route.baseEnd,
    actionNode: order.route.actionNodes.find((index) => index >= node && hasToDo(vehicle, order, index)),
  };
}

function hasToDo(vehicle: Vehicle, { nodes, side }: ActiveOrder, index: number): boolean {
  return (nodes[index]?.actions ?? []).some((action) => {
    const record = recordOf(vehicle, side, action.actionId);
    return record !== undefined && !isOver(record);
  });
}

/** Whether anything of the order is left: nodes to reach (granted or planned), actions to do, a cancellation to end. */
export function isBusy(vehicle: Vehicle): boolean {
  if (vehicle.cancelling !== undefined) return true;
  const progress = progressOf(vehicle);
  if (progress === undefined) return false;
  return progress.node < progress.order.nodes.length - 1 || progress.actionNode !== undefined;
}
