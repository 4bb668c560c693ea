import Type, { type Static } from "typebox";
import { headerFields } from "../header.ts";
import { Action } from "./action.ts";
import { Trajectory } from "./trajectory.ts";

/** Half a turn as the standard rounds it: a vehicle that sends just this must not be refused. */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: the limit of the standard, rounded up
const HALF_TURN_RAD = 3.14159265359;
const Angle = Type.Number({ minimum: -HALF_TURN_RAD, maximum: HALF_TURN_RAD });

/** Section 6.6.2.1: an ellipse around the node, semi-axes in metres, turned by `theta`. */
const Deviation = Type.Object({
  a: Type.Number({ minimum: 0 }),
  b: Type.Number({ minimum: 0 }),
  theta: Type.Number({ minimum: -1.570796327, maximum: 1.570796327 }),
});

export const NodePosition = Type.Object({
  x: Type.Number(),
  y: Type.Number(),
  theta: Type.Optional(Angle),
  allowedDeviationXY: Type.Optional(Deviation),
  allowedDeviationTheta: Type.Optional(Type.Number({ minimum: 0, maximum: HALF_TURN_RAD })),
  mapId: Type.String(),
});
export type NodePosition = Static<typeof NodePosition>;

export const OrderNode = Type.Object({
  nodeId: Type.String(),
  sequenceId: Type.Integer({ minimum: 0 }),
  nodeDescriptor: Type.Optional(Type.String()),
  released: Type.Boolean(),
  nodePosition: Type.Optional(NodePosition),
  actions: Type.Array(Action),
});

/** An edge; which nodes it joins follows from its sequence id (section 6.1.1). */
export const OrderEdge = Type.Object({
  edgeId: Type.String(),
  sequenceId: Type.Integer({ minimum: 0 }),
  edgeDescriptor: Type.Optional(Type.String()),
  released: Type.Boolean(),
  /** Metres a second. */
  maximumSpeed: Type.Optional(Type.Number()),
  maximumMobileRobotHeight: Type.Optional(Type.Number()),
  minimumLoadHandlingDeviceHeight: Type.Optional(Type.Number()),
  orientation: Type.Optional(Angle),
  orientationType: Type.Optional(Type.Enum(["GLOBAL", "TANGENTIAL"])),
  direction: Type.Optional(Type.String()),
  reachOrientationBeforeEntering: Type.Optional(Type.Boolean()),
  maxRotationSpeed: Type.Optional(Type.Number()),
  trajectory: Type.Optional(Trajectory),
  length: Type.Optional(Type.Number()),
  corridor: Type.Optional(
    Type.Object({
      leftWidth: Type.Number({ minimum: 0 }),
      rightWidth: Type.Number({ minimum: 0 }),
      corridorReferencePoint: Type.Optional(Type.Enum(["KINEMATIC_CENTER", "CONTOUR"])),
      releaseRequired: Type.Optional(Type.Boolean()),
      releaseLossBehavior: Type.Optional(Type.Enum(["STOP", "RETURN"])),
    }),
  ),
  actions: Type.Array(Action),
});

/** What a vehicle is to drive, base and horizon (VDA 5050 3.0 sections 6.1 and 7.3); topic `order`. */
export const Order = Type.Object({
  ...headerFields,
  orderId: Type.String(),
  orderUpdateId: Type.Integer({ minimum: 0 }),
  orderDescription: Type.Optional(Type.String()),
  nodes: Type.Array(OrderNode),
  edges: Type.Array(OrderEdge),
});
export type Order = Static<typeof Order>;
