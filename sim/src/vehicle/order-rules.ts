import type { Order, OrderEdge, OrderNode, VehicleErrorEntry } from "@baton/fleet-adapter/vda5050";
import { type Point, type Side, toSiteFrame } from "@baton/maps";
import type { MapFrame } from "./route.ts";

/** What a vehicle does with an order message (VDA 5050 2.1 sections 6.6.4.3 and 6.6.2). */
export type Verdict =
  | { readonly kind: "new" }
  /** Base and horizon go on from the last base node. */
  | { readonly kind: "update" }
  /** Known already: nothing changes and nothing is said. */
  | { readonly kind: "known" }
  | { readonly kind: "refused"; readonly error: VehicleErrorEntry };

/** What the rules need to know of the vehicle that the order came to. */
export interface OrderSituation {
  /** Whose broker the order came over. */
  readonly askedBy: Side;
  readonly authority: Side;
  readonly frame: MapFrame;
  /** Where the vehicle is, site frame. */
  readonly at: Point;
  /** The order that the vehicle has, done or not, if the asking side gave it. */
  readonly current:
    | {
        readonly orderId: string;
        readonly orderUpdateId: number;
        readonly cancelled: boolean;
        readonly nodes: readonly OrderNode[];
      }
    | undefined;
  /** Nodes left to reach, actions left to do, or a cancellation under way. */
  readonly busy: boolean;
  /**
   * What is being driven was let go of when control passed: an order that begins where it ends, at this node in the asking
   * side's words, is taken before the vehicle is there.
   */
  readonly rollsTo: string | undefined;
  readonly nodeActions: readonly string[];
}

/** How far from an order's first node the vehicle may stand when the order does not say, metres. */
const DEFAULT_DEVIATION_M = 0.5;

export function judgeOrder(order: Order, situation: OrderSituation): Verdict {
  const { current } = situation;
  if (situation.askedBy !== situation.authority) {
    return refuse(order, "notInControl", `${situation.authority} holds the vehicle`);
  }
  if (current !== undefined && order.orderId === current.orderId) {
    if (order.orderUpdateId < current.orderUpdateId) {
      return refuse(order, "orderUpdateError", `update ${current.orderUpdateId} is in force already`);
    }
    if (order.orderUpdateId === current.orderUpdateId) return { kind: "known" };
    if (current.cancelled) return refuse(order, "orderUpdateError", "the order was cancelled");
  }
  const flaw = flawOf(order, situation);
  if (flaw !== undefined) return refuse(order, "orderError", flaw);
  if (current !== undefined && order.orderId === current.orderId) {
    const baseEnd = current.nodes.findLast((node) => node.released);
    const first = order.nodes[0];
    if (baseEnd?.nodeId !== first?.nodeId || baseEnd?.sequenceId !== first?.sequenceId) {
      return refuse(
        order,
        "orderUpdateError",
        `it starts at ${first?.nodeId} (${first?.sequenceId}), the base ends at ${baseEnd?.nodeId} (${baseEnd?.sequenceId})`,
      );
    }
    return { kind: "update" };
  }
  if (situation.rollsTo !== undefined) {
    const begins = order.nodes[0]?.nodeId;
    return begins === situation.rollsTo
      ? { kind: "new" }
      : refuse(
          order,
          "noRouteError",
          `the vehicle rolls to ${situation.rollsTo}, the order begins at ${begins}`,
        );
  }
  if (situation.busy) return refuse(order, "orderUpdateError", "the vehicle is not done with its order");
  return startIsHere(order, situation)
    ? { kind: "new" }
    : refuse(order, "noRouteError", `the vehicle does not stand at ${order.nodes[0]?.nodeId}`);
}

function startIsHere(order: Order, situation: OrderSituation): boolean {
  const first = order.nodes[0];
  if (first?.nodePosition === undefined) return false;
  const there = toSiteFrame(situation.frame.mapToSite, {
    xM: first.nodePosition.x,
    yM: first.nodePosition.y,
    headingRad: 0,
  });
  const offM = Math.hypot(there.xM - situation.at.xM, there.yM - situation.at.yM);
  const allowedM = Math.max(first.nodePosition.allowedDeviationXY ?? 0, DEFAULT_DEVIATION_M);
  return offM <= allowedM;
}

/** What is wrong with the order in itself, or for this vehicle; undefined when nothing is. */
function flawOf(order: Order, situation: OrderSituation): string | undefined {
  const { nodes, edges } = order;
  if (nodes.length === 0) return "it has no nodes";
  if (edges.length !== nodes.length - 1) return `${nodes.length} nodes cannot have ${edges.length} edges`;
  for (const [index, node] of nodes.entries()) {
    const flaw = flawOfNode(node, nodes[index - 1], edges[index - 1], situation);
    if (flaw !== undefined) return flaw;
  }
  if (nodes[0]?.released !== true) return "its first node is not released";
  return undefined;
}

function flawOfNode(
  node: OrderNode,
  before: OrderNode | undefined,
  edge: OrderEdge | undefined,
  situation: OrderSituation,
): string | undefined {
  if (node.nodePosition === undefined) return `node ${node.nodeId} has no position`;
  if (node.nodePosition.mapId !== situation.frame.mapId) {
    return `node ${node.nodeId} is on map ${node.nodePosition.mapId}, expected ${situation.frame.mapId}`;
  }
  const unknown = node.actions.find((action) => !situation.nodeActions.includes(action.actionType));
  if (unknown !== undefined) return `action ${unknown.actionType} at ${node.nodeId} is not supported`;
  if (before === undefined || edge === undefined) return undefined;
  if (node.released && !(before.released && edge.released))
    return `node ${node.nodeId} is released, the way to it is not`;
  if (edge.sequenceId !== before.sequenceId + 1 || node.sequenceId !== edge.sequenceId + 1) {
    return `sequence ids break at edge ${edge.edgeId}`;
  }
  if (edge.startNodeId !== before.nodeId || edge.endNodeId !== node.nodeId) {
    return `edge ${edge.edgeId} does not join ${before.nodeId} and ${node.nodeId}`;
  }
  if (edge.actions.length > 0)
    return `edge ${edge.edgeId} has actions, which this vehicle does only at nodes`;
  return undefined;
}

function refuse(order: Order, errorType: string, errorDescription: string): Verdict {
  return {
    kind: "refused",
    error: {
      errorType,
      errorLevel: "WARNING",
      errorDescription,
      errorReferences: [
        { referenceKey: "topic", referenceValue: "order" },
        { referenceKey: "headerId", referenceValue: String(order.headerId) },
        { referenceKey: "orderId", referenceValue: order.orderId },
        { referenceKey: "orderUpdateId", referenceValue: String(order.orderUpdateId) },
      ],
    },
  };
}
