import Type, { type Static } from "typebox";
import { BatonControl } from "../baton-control.ts";
import { headerFields } from "../header.ts";
import { ActionState } from "./action.ts";
import { Trajectory } from "./trajectory.ts";

export const NodeState = Type.Object({
  nodeId: Type.String(),
  sequenceId: Type.Integer(),
  nodeDescriptor: Type.Optional(Type.String()),
  released: Type.Boolean(),
});

export const EdgeState = Type.Object({
  edgeId: Type.String(),
  sequenceId: Type.Integer(),
  edgeDescriptor: Type.Optional(Type.String()),
  released: Type.Boolean(),
});

const MobileRobotPosition = Type.Object({
  x: Type.Number(),
  y: Type.Number(),
  theta: Type.Number(),
  mapId: Type.String(),
  localized: Type.Boolean(),
  localizationScore: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  deviationRange: Type.Optional(Type.Number({ minimum: 0 })),
});

/** `QUEUED` stands in the prose of section 6.9 only. */
const RequestStatus = Type.Enum(["REQUESTED", "QUEUED", "GRANTED", "REVOKED", "EXPIRED"]);

export const ZoneRequest = Type.Object({
  requestId: Type.String(),
  requestType: Type.Enum(["ACCESS", "REPLANNING"]),
  zoneId: Type.String(),
  zoneSetId: Type.String(),
  requestStatus: RequestStatus,
  trajectory: Type.Optional(Trajectory),
});
export type ZoneRequest = Static<typeof ZoneRequest>;

export const EdgeRequest = Type.Object({
  requestId: Type.String(),
  requestType: Type.Literal("CORRIDOR"),
  edgeId: Type.String(),
  sequenceId: Type.Integer(),
  requestStatus: RequestStatus,
});
export type EdgeRequest = Static<typeof EdgeRequest>;

const Translations = Type.Array(
  Type.Object({ translationKey: Type.String(), translationValue: Type.String() }),
);

/** Sections 6.6.5 and 7.8. */
export const VehicleErrorEntry = Type.Object({
  errorType: Type.String(),
  errorReferences: Type.Optional(
    Type.Array(Type.Object({ referenceKey: Type.String(), referenceValue: Type.String() })),
  ),
  errorDescription: Type.Optional(Type.String()),
  errorDescriptionTranslations: Type.Optional(Translations),
  errorHint: Type.Optional(Type.String()),
  errorHintTranslations: Type.Optional(Translations),
  errorLevel: Type.Enum(["WARNING", "URGENT", "CRITICAL", "FATAL"]),
});
export type VehicleErrorEntry = Static<typeof VehicleErrorEntry>;

/** All that a vehicle says of itself (VDA 5050 3.0 sections 6.6 and 7.8); topic `state`. */
export const State = Type.Object({
  ...headerFields,
  maps: Type.Optional(
    Type.Array(
      Type.Object({
        mapId: Type.String(),
        mapVersion: Type.String(),
        mapDescriptor: Type.Optional(Type.String()),
        mapStatus: Type.Enum(["ENABLED", "DISABLED"]),
      }),
    ),
  ),
  zoneSets: Type.Optional(
    Type.Array(
      Type.Object({
        zoneSetId: Type.String(),
        mapId: Type.String(),
        zoneSetStatus: Type.Enum(["ENABLED", "DISABLED"]),
      }),
    ),
  ),
  orderId: Type.String(),
  orderUpdateId: Type.Integer(),
  lastNodeId: Type.String(),
  lastNodeSequenceId: Type.Integer(),
  nodeStates: Type.Array(NodeState),
  edgeStates: Type.Array(EdgeState),
  plannedPath: Type.Optional(
    Type.Object({ trajectory: Trajectory, traversedNodes: Type.Optional(Type.Array(Type.String())) }),
  ),
  /** Where it will be soon, by its own sight (section 6.8). */
  intermediatePath: Type.Optional(
    Type.Object({
      polyline: Type.Array(
        Type.Object({
          x: Type.Number(),
          y: Type.Number(),
          theta: Type.Optional(Type.Number()),
          eta: Type.String({ format: "date-time" }),
        }),
      ),
    }),
  ),
  mobileRobotPosition: Type.Optional(MobileRobotPosition),
  velocity: Type.Optional(
    Type.Object({
      vx: Type.Optional(Type.Number()),
      vy: Type.Optional(Type.Number()),
      omega: Type.Optional(Type.Number()),
    }),
  ),
  loads: Type.Optional(
    Type.Array(
      Type.Object({
        loadId: Type.Optional(Type.String()),
        loadType: Type.Optional(Type.String()),
        loadPosition: Type.Optional(Type.String()),
        weight: Type.Optional(Type.Number({ minimum: 0 })),
      }),
    ),
  ),
  driving: Type.Boolean(),
  paused: Type.Optional(Type.Boolean()),
  newBaseRequest: Type.Optional(Type.Boolean()),
  zoneRequests: Type.Optional(Type.Array(ZoneRequest)),
  edgeRequests: Type.Optional(Type.Array(EdgeRequest)),
  distanceSinceLastNode: Type.Optional(Type.Number()),
  actionStates: Type.Array(ActionState),
  instantActionStates: Type.Array(ActionState),
  zoneActionStates: Type.Optional(Type.Array(ActionState)),
  powerSupply: Type.Object({
    /** Percent. */
    stateOfCharge: Type.Number({ minimum: 0, maximum: 100 }),
    batteryVoltage: Type.Optional(Type.Number()),
    batteryCurrent: Type.Optional(Type.Number()),
    batteryHealth: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    charging: Type.Boolean(),
    range: Type.Optional(Type.Number({ minimum: 0 })),
  }),
  operatingMode: Type.Enum([
    "STARTUP",
    "AUTOMATIC",
    "SEMIAUTOMATIC",
    "INTERVENED",
    "MANUAL",
    "SERVICE",
    "TEACH_IN",
  ]),
  errors: Type.Array(VehicleErrorEntry),
  safetyState: Type.Object({
    activeEmergencyStop: Type.Enum(["MANUAL", "REMOTE", "NONE"]),
    fieldViolation: Type.Boolean(),
  }),
  /** Vendor extension; absent on a vehicle that cannot be handed over. */
  batonControl: Type.Optional(BatonControl),
});
export type State = Static<typeof State>;
