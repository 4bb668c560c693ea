import type { Action } from "../model/action.ts";
import type { NodePosition, OrderBody } from "../model/order.ts";
import {
  checkConnection,
  checkFactsheet,
  checkState,
  type InstantActions,
  type Order,
  type Action as WireAction,
  type NodePosition as WirePosition,
} from "../wire/index.ts";
import type { Codec } from "./codec.ts";
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
      maxSpeed: edge.maxSpeedMps,
      ...(edge.trajectory === undefined ? {} : { trajectory: edge.trajectory }),
      actions: edge.actions.map(writeAction),
    })),
  };
}

function writePosition(position: NodePosition): WirePosition {
  return {
    x: position.xM,
    y: position.yM,
    theta: position.headingRad,
    allowedDeviationXY: position.deviationM,
    allowedDeviationTheta: position.deviationRad,
    mapId: position.mapId,
  };
}

/** 2.x has no `SINGLE`: what may not run beside other actions is `HARD` there. */
function writeAction({ actionType, actionId, blockingType, actionParameters }: Action): WireAction {
  return {
    actionType,
    actionId,
    blockingType: blockingType === "SINGLE" ? "HARD" : blockingType,
    ...(actionParameters === undefined ? {} : { actionParameters: [...actionParameters] }),
  };
}
