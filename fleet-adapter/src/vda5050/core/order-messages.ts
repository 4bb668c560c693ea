import type { Chart } from "../../chart/chart.ts";
import type { DriveNode, DriveOrder, VehicleId } from "../../port.ts";
import type { OrderBody, OrderEdge, OrderNode } from "../model/order.ts";
import type { Report } from "../model/report.ts";
import { nodeAction } from "./actions.ts";
import { fittedAction, patientAction, type Sheet, takes } from "./fit.ts";
import { decisionPoint } from "./progress.ts";

/** What the core knows beside the state of one vehicle. */
export interface CoreContext {
  readonly vehicleId: VehicleId;
  readonly side: "vn" | "cn";
  readonly chart: Chart;
  /** How long the message of an order is in the vehicle's version, header included. */
  orderBytes(body: OrderBody): number;
}

/** Within this a node counts as reached (VDA 5050 2.1 section 6.6.6, `allowedDeviationXY` and `-Theta`). */
const NODE_DEVIATION_M = 0.5;
const NODE_DEVIATION_RAD = 0.2;
/** A vehicle that stopped off its last node may be this far from it and still begin there. */
const MAX_START_DEVIATION_M = 100;

/** Why an order cannot be told to a vehicle; undefined for one that can. */
export function flawOfDriveOrder(order: DriveOrder, chart: Chart): string | undefined {
  // Section 6.6.1: at least one node, one edge fewer than nodes, nothing released after something that is not.
  if (order.nodes.length === 0) return "the order has no nodes";
  if (order.edges.length !== order.nodes.length - 1) {
    return `${order.nodes.length} nodes cannot have ${order.edges.length} edges`;
  }
  if (order.nodes[0]?.released !== true) return "the first node is not released";
  for (const [index, edge] of order.edges.entries()) {
    const from = order.nodes[index];
    const to = order.nodes[index + 1];
    if (edge.released !== (to?.released ?? false))
      return `edge ${edge.edgeId} and its end are not released together`;
    if (edge.released && from?.released !== true) return `edge ${edge.edgeId} is released, its start is not`;
  }
  const missing = order.nodes.find((node) => chart.nodeInMap(node.nodeId) === undefined);
  return missing === undefined ? undefined : `node ${missing.nodeId} is not on map ${chart.mapId}`;
}

/**
 * The first message of an order (section 6.6.1). Its nodes count from 0, and it begins where the vehicle
 * stands. A vehicle that stopped past its last node, as after a cancellation, begins at that node with a
 * deviation that reaches it (section 6.6.3.1, second option). So does one that was handed over while it rolls, which comes to
 * that node by itself on what the other side released: being within the deviation makes the node trivially reachable (6.6.1).
 */
export function firstOrder(order: DriveOrder, state: Report, chart: Chart, sheet: Sheet): OrderBody {
  const nodes = order.nodes.map((node, index) => orderNode(node, 2 * index, node.released, chart, sheet));
  const first = nodes[0];
  if (first !== undefined) nodes[0] = reachable(first, state, sheet);
  return { orderId: order.orderId, orderUpdateId: 0, nodes, edges: orderEdges(order, 0, 0, chart, sheet) };
}

/**
 * Whether the vehicle holds what a message said, given that it has taken it: the same base end and the same
 * horizon. A vehicle that reports no horizon is believed: not all do.
 */
export function isHeld(body: OrderBody, state: Report): boolean {
  const { nodeStates, edgeStates, lastNodeSequenceId } = state;
  const before = foundHeld.get(body);
  if (
    before?.nodeStates === nodeStates &&
    before.edgeStates === edgeStates &&
    before.lastNodeSequenceId === lastNodeSequenceId
  )
    return true;
  const held = holds(body, state);
  if (held) foundHeld.set(body, { nodeStates, edgeStates, lastNodeSequenceId });
  return held;
}

/** In which state a message was found to be held last: from report to report in memory its lists are the very same ones. */
const foundHeld = new WeakMap<OrderBody, Pick<Report, "nodeStates" | "edgeStates" | "lastNodeSequenceId">>();

function holds(body: OrderBody, state: Report): boolean {
  if (lastReleased(body)?.sequenceId !== decisionPoint(state).sequenceId) return false;
  if (isSameHorizon(body.nodes, state.nodeStates) && isSameHorizon(body.edges, state.edgeStates)) return true;
  const shown = horizonOf(state);
  return shown === "" || shown === horizonOf({ nodeStates: body.nodes, edgeStates: body.edges });
}

/** The last node of a message's base. */
export function lastReleased(body: OrderBody): OrderNode | undefined {
  const { nodes } = body;
  // Asked several times of each state.
  for (let at = nodes.length - 1; at >= 0; at--) if (nodes[at]?.released === true) return nodes[at];
  return undefined;
}

export function actionIds(node: OrderNode | undefined): string {
  return node?.actions.map((action) => action.actionId).join(" ") ?? "";
}

/** Whether two lists end with the same parts that are not released, one by one; nearly always they do. */
function isSameHorizon(some: readonly HorizonPart[], others: readonly HorizonPart[]): boolean {
  let at = some.length - 1;
  let other = others.length - 1;
  for (;;) {
    const one = some[at];
    const two = others[other];
    if (one === undefined || two === undefined || one.released || two.released)
      return noneLeft(some, at) && noneLeft(others, other);
    if (one.sequenceId !== two.sequenceId || idOf(one) !== idOf(two)) return false;
    at -= 1;
    other -= 1;
  }
}

type HorizonPart = { readonly sequenceId: number; readonly released: boolean } & (
  | { readonly nodeId: string }
  | { readonly edgeId: string }
);

const idOf = (part: HorizonPart): string => ("nodeId" in part ? part.nodeId : part.edgeId);

/** Whether all parts up to `at` are released. */
function noneLeft(parts: readonly HorizonPart[], at: number): boolean {
  for (let before = at; before >= 0; before -= 1) if (parts[before]?.released === false) return false;
  return true;
}

/** The horizon as a text that is equal for equal horizons. */
export function horizonOf(way: {
  readonly nodeStates: readonly {
    readonly nodeId: string;
    readonly sequenceId: number;
    readonly released: boolean;
  }[];
  readonly edgeStates: readonly {
    readonly edgeId: string;
    readonly sequenceId: number;
    readonly released: boolean;
  }[];
}): string {
  const parts = [
    ...way.nodeStates
      .filter((node) => !node.released)
      .map((node) => ({ at: node.sequenceId, id: node.nodeId })),
    ...way.edgeStates
      .filter((edge) => !edge.released)
      .map((edge) => ({ at: edge.sequenceId, id: edge.edgeId })),
  ];
  return parts
    .sort((one, other) => one.at - other.at)
    .map(({ at, id }) => `${at}:${id}`)
    .join(" ");
}

export function orderNode(
  node: DriveNode,
  sequenceId: number,
  released: boolean,
  chart: Chart,
  sheet: Sheet,
): OrderNode {
  const pose = chart.nodeInMap(node.nodeId);
  return {
    nodeId: node.nodeId,
    sequenceId,
    released,
    ...(pose === undefined || !takes(sheet, "position")
      ? {}
      : {
          position: {
            xM: pose.xM,
            yM: pose.yM,
            ...(takes(sheet, "heading") ? { headingRad: pose.headingRad } : {}),
            ...(takes(sheet, "deviation") ? { deviationM: NODE_DEVIATION_M } : {}),
            ...(takes(sheet, "deviationOfHeading") ? { deviationRad: NODE_DEVIATION_RAD } : {}),
            mapId: chart.mapId,
          },
        }),
    actions: node.actions.map((action) => patientAction(fittedAction(nodeAction(action), sheet), sheet)),
  };
}

/** The edges from the node at `fromIndex` on, whose sequence id is `fromSequenceId`. */
export function orderEdges(
  order: DriveOrder,
  fromIndex: number,
  fromSequenceId: number,
  chart: Chart,
  sheet: Sheet,
): OrderEdge[] {
  return order.edges.slice(fromIndex).map((edge, index) => {
    const trajectory = takes(sheet, "trajectory") ? chart.trajectory(edge.edgeId) : undefined;
    return {
      edgeId: edge.edgeId,
      sequenceId: fromSequenceId + 2 * index + 1,
      released: edge.released,
      startNodeId: order.nodes[fromIndex + index]?.nodeId ?? "",
      endNodeId: order.nodes[fromIndex + index + 1]?.nodeId ?? "",
      ...(takes(sheet, "maxSpeed") ? { maxSpeedMps: edge.maxSpeedMps } : {}),
      ...(trajectory === undefined ? {} : { trajectory }),
      actions: [],
    };
  });
}

/** How far from the first node a vehicle that rolls to it may be, metres: the hand-off is asked for about this long before it. */
const MAX_ROLL_M = 60;

function reachable(first: OrderNode, state: Report, sheet: Sheet): OrderNode {
  const { position } = first;
  const at = state.position;
  if (position === undefined || at === undefined || at.mapId !== position.mapId) return first;
  const offM = Math.hypot(at.xM - position.xM, at.yM - position.yM);
  if (offM <= NODE_DEVIATION_M) return first;
  const deviationM = offM + NODE_DEVIATION_M;
  const widened = position.deviationM === undefined ? {} : { deviationM };
  if (rollsTo(position, state, sheet) && offM <= MAX_ROLL_M)
    return { ...first, position: { ...position, ...widened } };
  // Else only from the node that it was at last: from anywhere else the vehicle is to say that there is no way.
  if (state.lastNodeId !== first.nodeId || deviationM > MAX_START_DEVIATION_M) return first;
  const anyHeading = position.deviationRad === undefined ? {} : { deviationRad: Math.PI };
  return { ...first, position: { ...position, ...widened, ...anyHeading } };
}

/** Whether a vehicle that this side has not told anything yet drives straight at a place: it is before it, and in line. */
function rollsTo(
  place: { readonly xM: number; readonly yM: number },
  { driving, lastNodeId, position: at }: Report,
  sheet: Sheet,
): boolean {
  if (sheet?.rollingHandoff !== true || !driving || lastNodeId !== "" || at === undefined) return false;
  const dxM = place.xM - at.xM;
  const dyM = place.yM - at.yM;
  const aheadM = dxM * Math.cos(at.headingRad) + dyM * Math.sin(at.headingRad);
  const asideM = dyM * Math.cos(at.headingRad) - dxM * Math.sin(at.headingRad);
  return aheadM > 0 && Math.abs(asideM) <= NODE_DEVIATION_M;
}
