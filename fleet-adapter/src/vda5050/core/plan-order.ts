import type { Chart } from "../../chart/chart.ts";
import type { DriveOrder } from "../../port.ts";
import type { OrderBody } from "../model/order.ts";
import type { Report } from "../model/report.ts";
import { longestThatFits, type Sheet, withinRoom } from "./fit.ts";
import {
  actionIds,
  type CoreContext,
  firstOrder,
  horizonOf,
  lastReleased,
  orderEdges,
  orderNode,
} from "./order-messages.ts";
import { alignment, baseEndIndex, decisionPoint } from "./progress.ts";

/** The first message of an order with as much of it as the vehicle takes at once. */
export function planFirst(stated: DriveOrder, state: Report, context: CoreContext, sheet: Sheet): FirstPlan {
  const { order: roomy, isWhole } = withinRoom(stated, 0, 0, sheet);
  const bodyOf = (part: DriveOrder): OrderBody => firstOrder(part, state, context.chart, sheet);
  const order = longestThatFits(roomy, 2, (part) => isShortEnough(bodyOf(part), context, sheet));
  if (order === undefined) return { kind: "contradiction", detail: tooLongFor(sheet) };
  return { kind: "send", body: bodyOf(order), isWhole: isWhole && order === roomy };
}

function isShortEnough(body: OrderBody, context: CoreContext, sheet: Sheet): boolean {
  const most = sheet?.limits.maxMessageBytes;
  return most === undefined || context.orderBytes(body) <= most;
}

const tooLongFor = (sheet: Sheet): string =>
  `the shortest order on is longer than ${sheet?.limits.maxMessageBytes} bytes, which is all that the vehicle takes`;

export type UpdatePlan =
  /** `isWhole`: the order to its end, not only as much of it as the vehicle has room for. */
  | { readonly kind: "nothing"; readonly isWhole: boolean }
  | { readonly kind: "send"; readonly body: OrderBody; readonly isWhole: boolean }
  /** The order contradicts what the vehicle was already told, or cannot be told to it at all. */
  | { readonly kind: "contradiction"; readonly detail: string };

export type FirstPlan = Exclude<UpdatePlan, { readonly kind: "nothing" }>;

/**
 * What the vehicle has to be told so that it holds `order`, given that its state reports that order.
 *
 * The update begins at the end of the base that the vehicle reports, with that node's content unchanged, and
 * goes on from there with the sequence ids that follow (section 6.6.2). Nothing of the base is repeated,
 * nothing of it is taken back: an order that releases less than the vehicle holds only replaces the horizon.
 * Everything comes from the vehicle's own report, so it is the same for an adapter that has just started.
 */
export function planUpdate(
  stated: DriveOrder,
  state: Report,
  reflected: OrderBody | undefined,
  context: CoreContext,
  sheet: Sheet,
): UpdatePlan {
  const end = decisionPoint(state);
  const firstSequenceId = alignment(stated, state);
  if (firstSequenceId === undefined) {
    const base = state.nodeStates.filter((node) => node.released).map((node) => node.nodeId);
    const held = base.length === 0 ? `it stands at ${end.nodeId}` : `its base is ${base.join(", ")}`;
    return { kind: "contradiction", detail: `the order does not go the vehicle's way: ${held}` };
  }
  const endIndex = (end.sequenceId - firstSequenceId) / 2;
  const nodesAhead = state.nodeStates.filter((node) => node.released).length;
  const { order: roomy, isWhole } = withinRoom(stated, endIndex, Math.max(0, nodesAhead - 1), sheet);
  const planOf = (part: DriveOrder): UpdatePlan =>
    updateWith(part, endIndex, state, reflected, context.chart, sheet);
  const whole = planOf(roomy);
  const order = longestThatFits(roomy, endIndex + 2, (part) => {
    const plan = part === roomy ? whole : planOf(part);
    return plan.kind !== "send" || isShortEnough(plan.body, context, sheet);
  });
  if (order === undefined) return { kind: "contradiction", detail: tooLongFor(sheet) };
  const plan = order === roomy ? whole : planOf(order);
  return plan.kind === "contradiction" ? plan : { ...plan, isWhole: isWhole && order === roomy };
}

/** The update from the node at `endIndex` on, where the vehicle's base ends, over all of `order`. */
function updateWith(
  order: DriveOrder,
  endIndex: number,
  state: Report,
  reflected: OrderBody | undefined,
  chart: Chart,
  sheet: Sheet,
): UpdatePlan {
  const end = decisionPoint(state);
  const releasedUntil = Math.max(endIndex, baseEndIndex(order));
  const known =
    reflected !== undefined && lastReleased(reflected)?.sequenceId === end.sequenceId ? reflected : undefined;

  const nodes = order.nodes
    .slice(endIndex)
    .map((node, index) =>
      orderNode(node, end.sequenceId + 2 * index, endIndex + index <= releasedUntil, chart, sheet),
    );
  const stitch = known === undefined ? undefined : lastReleased(known);
  if (stitch !== undefined) {
    const asked = actionIds(nodes[0]);
    if (asked !== actionIds(stitch)) {
      return {
        kind: "contradiction",
        detail: `the actions of ${stitch.nodeId} changed after it was released`,
      };
    }
    nodes[0] = stitch;
  }
  const edges = orderEdges(order, endIndex, end.sequenceId, chart, sheet).map((edge, index) => ({
    ...edge,
    released: endIndex + index + 1 <= releasedUntil,
  }));
  const body: OrderBody = { orderId: order.orderId, orderUpdateId: state.orderUpdateId + 1, nodes, edges };
  if (releasedUntil > endIndex) return { kind: "send", body, isWhole: true };
  const held =
    known === undefined ? horizonOf(state) : horizonOf({ nodeStates: known.nodes, edgeStates: known.edges });
  const wanted = horizonOf({ nodeStates: nodes, edgeStates: edges });
  return held === wanted ? { kind: "nothing", isWhole: true } : { kind: "send", body, isWhole: true };
}
