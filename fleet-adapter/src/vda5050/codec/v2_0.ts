import type { OrderBody } from "../model/order.ts";
import type { InstantActions, NodePosition, Order } from "../wire/v2_0/index.ts";
import type { Codec } from "./codec.ts";
import { v2_1 } from "./v2_1.ts";
import { writeAction } from "./v2-actions.ts";

/**
 * VDA 5050 2.0. Where its text and its schema name a field differently, both names are written: vehicles follow the one
 * or the other, and neither forbids further fields. Its messages to fleet control read as those of 2.1.
 */
export const v2_0 = {
  ...v2_1,
  protocol: "2.0",
  version: "2.0.0",
  writeOrder,
  writeInstantActions: (actions): Pick<InstantActions, "actions"> => ({
    actions: actions.map((action) => {
      const written = writeAction(action);
      return { actionName: written.actionType, ...written };
    }),
  }),
} satisfies Codec;

function writeOrder(body: OrderBody): Pick<Order, "orderId" | "orderUpdateId" | "nodes" | "edges"> {
  const order = v2_1.writeOrder(body);
  return {
    ...order,
    nodes: order.nodes.map(({ nodePosition, ...node }) =>
      nodePosition === undefined ? node : { ...node, nodePosition: withBothNames(nodePosition) },
    ),
  };
}

function withBothNames(position: NodePosition): NodePosition {
  const { allowedDeviationXY } = position;
  return allowedDeviationXY === undefined
    ? position
    : { ...position, allowedDeviationXy: allowedDeviationXY };
}
