import Type, { type Static } from "typebox";
import { BatonControl } from "../baton-control.ts";
import { headerFields } from "../header.ts";

/** Where the vehicle is, in the frame of the map named (VDA 5050 2.1 section 6.10.6). */
export const AgvPosition = Type.Object({
  x: Type.Number(),
  y: Type.Number(),
  theta: Type.Number(),
  mapId: Type.String(),
  mapDescription: Type.Optional(Type.String()),
  positionInitialized: Type.Boolean(),
  localizationScore: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  deviationRange: Type.Optional(Type.Number()),
});
export type AgvPosition = Static<typeof AgvPosition>;

/** Speeds in the vehicle's own frame, metres and radians a second. */
export const Velocity = Type.Object({
  vx: Type.Optional(Type.Number()),
  vy: Type.Optional(Type.Number()),
  omega: Type.Optional(Type.Number()),
});
export type Velocity = Static<typeof Velocity>;

/** A node still to be reached. */
export const NodeState = Type.Object({
  nodeId: Type.String(),
  sequenceId: Type.Integer(),
  nodeDescription: Type.Optional(Type.String()),
  released: Type.Boolean(),
  nodePosition: Type.Optional(
    Type.Object({
      x: Type.Number(),
      y: Type.Number(),
      theta: Type.Optional(Type.Number()),
      mapId: Type.String(),
    }),
  ),
});
export type NodeState = Static<typeof NodeState>;

/** An edge still to be driven, or being driven. */
export const EdgeState = Type.Object({
  edgeId: Type.String(),
  sequenceId: Type.Integer(),
  edgeDescription: Type.Optional(Type.String()),
  released: Type.Boolean(),
  trajectory: Type.Optional(Type.Unknown()),
});
export type EdgeState = Static<typeof EdgeState>;

/** Section 6.11, table 2; the official JSON schema of 2.1.0 leaves `PAUSED` out, vehicles do not. */
export const ActionStatusField = Type.Enum([
  "WAITING",
  "INITIALIZING",
  "RUNNING",
  "PAUSED",
  "FINISHED",
  "FAILED",
]);

export const ActionState = Type.Object({
  actionId: Type.String(),
  actionType: Type.Optional(Type.String()),
  actionDescription: Type.Optional(Type.String()),
  actionStatus: ActionStatusField,
  resultDescription: Type.Optional(Type.String()),
});
export type ActionState = Static<typeof ActionState>;

export const Load = Type.Object({
  loadId: Type.Optional(Type.String()),
  loadType: Type.Optional(Type.String()),
  loadPosition: Type.Optional(Type.String()),
  loadDimensions: Type.Optional(
    Type.Object({ length: Type.Number(), width: Type.Number(), height: Type.Optional(Type.Number()) }),
  ),
  weight: Type.Optional(Type.Number({ minimum: 0 })),
});
export type Load = Static<typeof Load>;

export const ErrorReference = Type.Object({ referenceKey: Type.String(), referenceValue: Type.String() });

/** Something wrong with the vehicle, or with what it was told (sections 6.10.5 and 7.1; 6.6.4 for orders refused). */
export const VehicleErrorEntry = Type.Object({
  errorType: Type.String(),
  errorReferences: Type.Optional(Type.Array(ErrorReference)),
  errorDescription: Type.Optional(Type.String()),
  errorHint: Type.Optional(Type.String()),
  errorLevel: Type.Enum(["WARNING", "FATAL"]),
});
export type VehicleErrorEntry = Static<typeof VehicleErrorEntry>;

export const InformationEntry = Type.Object({
  infoType: Type.String(),
  infoReferences: Type.Optional(Type.Array(ErrorReference)),
  infoDescription: Type.Optional(Type.String()),
  infoLevel: Type.Enum(["INFO", "DEBUG"]),
});

export const OperatingMode = Type.Enum(["AUTOMATIC", "SEMIAUTOMATIC", "MANUAL", "SERVICE", "TEACHIN"]);
export type OperatingMode = Static<typeof OperatingMode>;

/** All that a vehicle says of itself, on every event and at least every 30 s (section 6.10); topic `state`. */
export const State = Type.Object({
  ...headerFields,
  maps: Type.Optional(
    Type.Array(
      Type.Object({
        mapId: Type.String(),
        mapVersion: Type.String(),
        mapDescription: Type.Optional(Type.String()),
        mapStatus: Type.Enum(["ENABLED", "DISABLED"]),
      }),
    ),
  ),
  /** The current order or the one finished last; empty when there never was one. */
  orderId: Type.String(),
  orderUpdateId: Type.Integer(),
  zoneSetId: Type.Optional(Type.String()),
  lastNodeId: Type.String(),
  lastNodeSequenceId: Type.Integer(),
  driving: Type.Boolean(),
  paused: Type.Optional(Type.Boolean()),
  newBaseRequest: Type.Optional(Type.Boolean()),
  distanceSinceLastNode: Type.Optional(Type.Number()),
  operatingMode: OperatingMode,
  nodeStates: Type.Array(NodeState),
  edgeStates: Type.Array(EdgeState),
  agvPosition: Type.Optional(AgvPosition),
  velocity: Type.Optional(Velocity),
  loads: Type.Optional(Type.Array(Load)),
  actionStates: Type.Array(ActionState),
  batteryState: Type.Object({
    /** Percent. */
    batteryCharge: Type.Number(),
    batteryVoltage: Type.Optional(Type.Number()),
    batteryHealth: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    charging: Type.Boolean(),
    reach: Type.Optional(Type.Number({ minimum: 0 })),
  }),
  errors: Type.Array(VehicleErrorEntry),
  information: Type.Optional(Type.Array(InformationEntry)),
  safetyState: Type.Object({
    eStop: Type.Enum(["AUTOACK", "MANUAL", "REMOTE", "NONE"]),
    fieldViolation: Type.Boolean(),
  }),
  /** Vendor extension; absent on a vehicle that cannot be handed over. */
  batonControl: Type.Optional(BatonControl),
});
export type State = Static<typeof State>;
