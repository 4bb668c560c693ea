import type { DriveOrder } from "../../port.ts";
import type { ActionState } from "../model/action.ts";
import type { Report } from "../model/report.ts";

/** A node of an order by its place in it. */
export interface Anchor {
  readonly sequenceId: number;
  readonly nodeId: string;
}

/** An action as the vehicle shows it, of its order or instant. */
export function shownAction(state: Report, actionId: string): ActionState | undefined {
  const isIt = (action: ActionState): boolean => action.actionId === actionId;
  return state.actionStates.find(isIt) ?? state.instantActionStates.find(isIt);
}

export function isTerminal(action: ActionState): boolean {
  return action.actionStatus === "FINISHED" || action.actionStatus === "FAILED";
}

/**
 * Whether the vehicle would take a new order: nothing left to reach, base or horizon, and no action that is
 * neither finished nor failed (VDA 5050 2.1 section 6.6.2, figure 8, question 3).
 */
export function takesNewOrder(state: Report): boolean {
  return hasNoWayLeft(state) && state.actionStates.every(isTerminal);
}

export function hasNoWayLeft(state: Report): boolean {
  return state.nodeStates.length === 0 && state.edgeStates.length === 0;
}

/**
 * The end of the base that the vehicle holds: where an update has to begin (section 6.6.2, figure 8, questions
 * 7 and 8). It is the last released node still to be reached or, when there is none, the last one reached.
 */
export function decisionPoint(state: Report): Anchor {
  let last: Anchor | undefined;
  for (const node of state.nodeStates) {
    if (node.released && (last === undefined || node.sequenceId > last.sequenceId)) last = node;
  }
  if (last !== undefined) return { sequenceId: last.sequenceId, nodeId: last.nodeId };
  return { sequenceId: state.lastNodeSequenceId, nodeId: state.lastNodeId };
}

/**
 * The sequence id of the first node of `order` in what the vehicle holds, undefined when the two do not fit
 * together: a released node of the vehicle is another one in the order. 0 for an order that is stated from
 * its beginning; more when nodes already passed have been left out of it.
 */
export function alignment(order: DriveOrder, state: Report): number | undefined {
  const end = decisionPoint(state);
  // Nodes before the first one stated are behind the vehicle or on its base: not contradicted.
  const contradicts = (anchor: Anchor, firstSequenceId: number): boolean => {
    const index = (anchor.sequenceId - firstSequenceId) / 2;
    return index >= 0 && order.nodes[index]?.nodeId !== anchor.nodeId;
  };
  const fits = (firstSequenceId: number): boolean =>
    end.sequenceId >= firstSequenceId &&
    !contradicts(end, firstSequenceId) &&
    !state.nodeStates.some((node) => node.released && contradicts(node, firstSequenceId));
  if (fits(0)) return 0;
  for (let index = 0; index < order.nodes.length; index++) {
    const firstSequenceId = end.sequenceId - 2 * index;
    if (firstSequenceId <= 0 || firstSequenceId % 2 !== 0) continue;
    if (order.nodes[index]?.nodeId === end.nodeId && fits(firstSequenceId)) return firstSequenceId;
  }
  return undefined;
}

/** The last node that an order releases; the first one always is. */
export function baseEndIndex(order: DriveOrder): number {
  return Math.max(
    0,
    order.nodes.findLastIndex((node) => node.released),
  );
}

/**
 * Whether the vehicle has done all of the order: at its last node, with nothing left, and each of its actions
 * known to have ended. `hasEnded` knows of actions that the vehicle no longer lists.
 */
export function isFinished(
  order: DriveOrder,
  state: Report,
  hasEnded: (actionId: string) => boolean,
): boolean {
  if (state.orderId !== order.orderId || !hasNoWayLeft(state)) return false;
  const firstSequenceId = alignment(order, state);
  if (firstSequenceId === undefined) return false;
  if (state.lastNodeSequenceId !== firstSequenceId + 2 * (order.nodes.length - 1)) return false;
  const ended = new Set(state.actionStates.filter(isTerminal).map((action) => action.actionId));
  return order.nodes.every((node) =>
    node.actions.every((action) => ended.has(action.actionId) || hasEnded(action.actionId)),
  );
}
