import Type, { type Static } from "typebox";
import { headerFields } from "../header.ts";
import { Trajectory } from "../trajectory.ts";
import { Action } from "./action.ts";

/** Half a turn as the standard rounds it: a vehicle that sends just this must not be refused. */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: the limit of the standard, rounded up
const HALF_TURN_RAD = 3.14159265359;
const Angle = Type.Number({ minimum: -HALF_TURN_RAD, maximum: HALF_TURN_RAD });

export const NodePosition = Type.Object({
  x: Type.Number(),
  y: Type.Number(),
  theta: Type.Optional(Angle),
  allowedDeviationXY: Type.Optional(Type.Number({ minimum: 0 })),
  allowedDeviationTheta: Type.Optional(Angle),
  mapId: Type.String(),
  mapDescription: Type.Optional(Type.String()),
});
export type NodePosition = Static<typeof NodePosition>;

export const OrderNode = Type.Object({
  nodeId: Type.String(),
  /** Even for nodes, odd for edges, counted through one order and all its updates. */
  sequenceId: Type.Integer({ minimum: 0 }),
  nodeDescription: Type.Optional(Type.String()),
  /** True: the node is part of the base; false: of the horizon. */
  released: Type.Boolean(),
  nodePosition: Type.Optional(NodePosition),
  actions: Type.Array(Action),
});
export type OrderNode = Static<typeof OrderNode>;

export const OrderEdge = Type.Object({
  edgeId: Type.String(),
  sequenceId: Type.Integer({ minimum: 0 }),
  edgeDescription: Type.Optional(Type.String()),
  released: Type.Boolean(),
  startNodeId: Type.String(),
  endNodeId: Type.String(),
  /** Metres a second. */
  maxSpeed: Type.Optional(Type.Number()),
  maxHeight: Type.Optional(Type.Number()),
  minHeight: Type.Optional(Type.Number()),
  orientation: Type.Optional(Angle),
  orientationType: Type.Optional(Type.String()),
  direction: Type.Optional(Type.String()),
  rotationAllowed: Type.Optional(Type.Boolean()),
  maxRotationSpeed: Type.Optional(Type.Number()),
  length: Type.Optional(Type.Number()),
  trajectory: Type.Optional(Trajectory),
  corridor: Type.Optional(
    Type.Object({
      leftWidth: Type.Number({ minimum: 0 }),
      rightWidth: Type.Number({ minimum: 0 }),
      corridorRefPoint: Type.Optional(Type.Enum(["KINEMATICCENTER", "CONTOUR"])),
    }),
  ),
  actions: Type.Array(Action),
});
export type OrderEdge = Static<typeof OrderEdge>;

/** What a vehicle is to drive, base and horizon (VDA 5050 2.1 sections 6.6.1 and 6.6.6); topic `order`. */
export const Order = Type.Object({
  ...headerFields,
  orderId: Type.String(),
  orderUpdateId: Type.Integer({ minimum: 0 }),
  zoneSetId: Type.Optional(Type.String()),
  nodes: Type.Array(OrderNode),
  edges: Type.Array(OrderEdge),
});
export type Order = Static<typeof Order>;
