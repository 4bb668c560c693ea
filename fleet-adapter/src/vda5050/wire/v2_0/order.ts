import Type, { type Static } from "typebox";
import { headerFields } from "../header.ts";
import { Trajectory } from "../trajectory.ts";
import { Action } from "../v2_1/action.ts";
import { OrderEdge as Edge2_1, NodePosition as Position2_1 } from "../v2_1/order.ts";

/**
 * As in 2.1, but for one letter: the schema of 2.0.0 says `allowedDeviationXy`, its text (section 6.6) and every later
 * version `allowedDeviationXY`. Whoever writes 2.0 writes both; a reader takes either.
 */
export const NodePosition = Type.Object({
  ...Position2_1.properties,
  allowedDeviationXy: Type.Optional(Type.Number({ minimum: 0 })),
});
export type NodePosition = Static<typeof NodePosition>;

export const OrderNode = Type.Object({
  nodeId: Type.String(),
  sequenceId: Type.Integer({ minimum: 0 }),
  nodeDescription: Type.Optional(Type.String()),
  released: Type.Boolean(),
  nodePosition: Type.Optional(NodePosition),
  actions: Type.Array(Action),
});

const { corridor: _corridor, orientationType: _orientationType, ...edgeFields } = Edge2_1.properties;
/** 2.0 knows no corridor, and no type of an orientation. */
export const OrderEdge = Type.Object({ ...edgeFields, trajectory: Type.Optional(Trajectory) });

/** What a vehicle is to drive, base and horizon (VDA 5050 2.0 section 6.6); topic `order`. */
export const Order = Type.Object({
  ...headerFields,
  orderId: Type.String(),
  orderUpdateId: Type.Integer({ minimum: 0 }),
  zoneSetId: Type.Optional(Type.String()),
  nodes: Type.Array(OrderNode),
  edges: Type.Array(OrderEdge),
});
export type Order = Static<typeof Order>;
