import type { DriveOrder } from "../../port.ts";
import { type VehicleStatus, WORK_STATUS, type WorkState } from "../wire/vehicle-status.ts";

/** A node of an order by its place in it. */
interface Anchor {
  readonly sequence: number;
  readonly nodeId: string;
}

export function isOver({ status }: WorkState): boolean {
  return status === WORK_STATUS.finished || status === WORK_STATUS.failed;
}

/** Whether the vehicle has nothing left to drive, granted or to come. */
export function hasNoWayLeft(status: VehicleStatus): boolean {
  return status.cancelled || status.order_id === "" || (status.ahead.length === 0 && status.leads_to_end);
}

export function takesNewOrder(status: VehicleStatus): boolean {
  return hasNoWayLeft(status) && status.works.every(isOver);
}

/** The end of the base that the vehicle holds: the last node ahead or, when there is none, the one reached last. */
export function baseEnd(status: VehicleStatus): Anchor {
  const last = status.ahead.at(-1);
  return last === undefined
    ? { sequence: status.last_node_sequence, nodeId: status.last_node_id }
    : { sequence: last.sequence, nodeId: last.node_id };
}

/**
 * The sequence of the first node of `order` in what the vehicle holds; undefined when the two do not fit together: a node of
 * its base is another one in the order. 0 for an order stated from its beginning; more when nodes already passed have been
 * left out of it.
 */
export function alignment(order: DriveOrder, status: VehicleStatus): number | undefined {
  const end = baseEnd(status);
  const anchors = [...status.ahead.map(({ sequence, node_id: nodeId }) => ({ sequence, nodeId })), end];
  const fits = (first: number): boolean =>
    end.sequence >= first &&
    anchors.every(
      ({ sequence, nodeId }) => sequence < first || order.nodes[sequence - first]?.nodeId === nodeId,
    );
  if (fits(0)) return 0;
  for (const [index, node] of order.nodes.entries()) {
    const first = end.sequence - index;
    if (node.nodeId === end.nodeId && first > 0 && fits(first)) return first;
  }
  return undefined;
}

/** The index in `order` of the node that the vehicle passed last; undefined when the order does not have it. */
export function reachedIndex(order: DriveOrder, status: VehicleStatus): number | undefined {
  const first = alignment(order, status);
  if (first === undefined) return undefined;
  const index = status.last_node_sequence - first;
  return order.nodes[index] === undefined ? undefined : index;
}

/** Whether the vehicle has done all of the order: at its last node, with nothing left, and each action known to have ended. */
export function isFinished(
  order: DriveOrder,
  status: VehicleStatus,
  hasEnded: (actionId: string) => boolean,
): boolean {
  if (status.order_id !== order.orderId || status.cancelled || !hasNoWayLeft(status)) return false;
  if (reachedIndex(order, status) !== order.nodes.length - 1) return false;
  const ended = new Set(status.works.filter(isOver).map((work) => work.work_id));
  return order.nodes.every((node) =>
    node.actions.every(({ actionId }) => ended.has(actionId) || hasEnded(actionId)),
  );
}
