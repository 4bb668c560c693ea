import type { NodePosition, OrderBody } from "../model/order.ts";
import {
  checkConnection,
  checkFactsheet,
  checkState,
  type InstantActions,
  type Order,
  type NodePosition as WirePosition,
} from "../wire/index.ts";
import type { Codec } from "./codec.ts";
import { writeAction } from "./v2-actions.ts";
import { connectionNewsOf, read, reportOf } from "./v2-report.ts";
import { sheetOf } from "./v2-sheet.ts";

/** VDA 5050 2.1: no zones and no requests; instant actions stand among the actions of the order. */
export const v2_1 = {
  protocol: "2.1",
  version: "2.1.0",
  topicVersion: "v2",
  readConnection: (message) => read(checkConnection(message), connectionNewsOf),
  readState: (message) => read(checkState(message), reportOf),
  readFactsheet: (message) => read(checkFactsheet(message), sheetOf),
  writeOrder,
  writeInstantActions: (actions): Pick<InstantActions, "actions"> => ({ actions: actions.map(writeAction) }),
  writeZoneSet: () => undefined,
  writeResponses: () => undefined,
} satisfies Codec;

function writeOrder(order: OrderBody): Pick<Order, "orderId" | "orderUpdateId" | "nodes" | "edges"> {
  return {
    orderId: order.orderId,
    orderUpdateId: order.orderUpdateId,
    nodes: order.nodes.map(({ nodeId, sequenceId, released, position, actions }) => ({
      nodeId,
      sequenceId,
      released,
      ...(position === undefined ? {} : { nodePosition: writePosition(position) }),
      actions: actions.map(writeAction),
    })),
    edges: order.edges.map((edge) => ({
      edgeId: edge.edgeId,
      sequenceId: edge.sequenceId,
      released: edge.released,
      startNodeId: edge.startNodeId,
      endNodeId: edge.endNodeId,
      ...(edge.maxSpeedMps === undefined ? {} : { maxSpeed: edge.maxSpeedMps }),
      ...(edge.trajectory === undefined ? {} : { trajectory: edge.trajectory }),
      actions: edge.actions.map(writeAction),
    })),
  };
}

function writePosition(position: NodePosition): WirePosition {
  const { xM, yM, headingRad, deviationM, deviationRad, mapId } = position;
  return {
    x: xM,
    y: yM,
    ...(headingRad === undefined ? {} : { theta: headingRad }),
    ...(deviationM === undefined ? {} : { allowedDeviationXY: deviationM }),
    ...(deviationRad === undefined ? {} : { allowedDeviationTheta: deviationRad }),
    mapId,
  };
}
