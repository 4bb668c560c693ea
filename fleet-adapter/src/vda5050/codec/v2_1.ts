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
import { edgeParts, orderParts, positionParts } from "./write-parts.ts";

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
    ...orderParts(order, { position: writePosition, action: writeAction }),
    edges: order.edges.map((edge) => ({
      ...edgeParts(edge, writeAction),
      startNodeId: edge.startNodeId,
      endNodeId: edge.endNodeId,
      ...(edge.maxSpeedMps === undefined ? {} : { maxSpeed: edge.maxSpeedMps }),
    })),
  };
}

const writePosition = (position: NodePosition): WirePosition =>
  positionParts(position, (deviationM) => deviationM);
