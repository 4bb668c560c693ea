import type { ActionId, VehicleId } from "@baton/fleet-adapter";
import type { BlockId, EdgeId, NodeId, VehicleClassId, ZoneId } from "@baton/maps";
import Type, { type TUnsafe } from "typebox";
import type { ClosureId, LegId } from "../../port.ts";

/**
 * What crosses between the side's process and a zone's, in the words of `port.ts`: the schemas say the same as the
 * types there, and the compiler holds them to it where they are used. Fields that a newer port adds pass through.
 */
function id<T extends string>(): TUnsafe<T> {
  return Type.Unsafe<T>(Type.String({ minLength: 1 }));
}

const vehicleId = id<VehicleId>();
const legId = id<LegId>();
const nodeId = id<NodeId>();
const edgeId = id<EdgeId>();

const DriveAction = Type.Union([
  Type.Object({
    actionId: id<ActionId>(),
    kind: Type.Literal("pick"),
    loadId: Type.String(),
    stationId: Type.String(),
  }),
  Type.Object({
    actionId: id<ActionId>(),
    kind: Type.Literal("drop"),
    loadId: Type.String(),
    stationId: Type.String(),
  }),
  Type.Object({ actionId: id<ActionId>(), kind: Type.Literal("startCharging") }),
]);
const CommandedBy = Type.Union([Type.Literal("us"), Type.Literal("partner")]);

const LegRequest = Type.Object({
  legId,
  vehicleId,
  via: Type.Array(Type.Object({ nodeId, expectedDwellMs: Type.Number() })),
  toNodeId: nodeId,
  firstGrantThroughNodeId: Type.Optional(nodeId),
  actionsAtEnd: Type.Array(DriveAction),
  priority: Type.Number(),
  commandedBy: CommandedBy,
  partnerStretch: Type.Optional(Type.Object({ throughNodeId: nodeId })),
});

const Closure = Type.Object({
  closureId: id<ClosureId>(),
  edgeIds: Type.Array(edgeId),
  reason: Type.String(),
});

export const Command = Type.Union([
  Type.Object({
    kind: Type.Literal("admit"),
    admission: Type.Object({
      vehicleId,
      vehicleClassId: id<VehicleClassId>(),
      nodeId,
      approaching: Type.Optional(Type.Boolean()),
    }),
  }),
  Type.Object({ kind: Type.Literal("requestLeg"), request: LegRequest }),
  Type.Object({ kind: Type.Literal("proceed"), vehicleId, legId, nodeId }),
  Type.Object({ kind: Type.Literal("abandonLeg"), vehicleId, legId }),
  Type.Object({ kind: Type.Literal("dismiss"), vehicleId }),
  Type.Object({ kind: Type.Literal("close"), closure: Closure }),
  Type.Object({ kind: Type.Literal("open"), closureId: id<ClosureId>() }),
  Type.Object({ kind: Type.Literal("fail"), vehicleId, reason: Type.String() }),
  Type.Object({ kind: Type.Literal("recover"), vehicleId }),
  Type.Object({ kind: Type.Literal("prioritise"), vehicleId, legId, priority: Type.Number() }),
]);

export const Observation = Type.Object({
  vehicleId,
  pose: Type.Object({ xM: Type.Number(), yM: Type.Number(), headingRad: Type.Number() }),
  speedMps: Type.Number(),
  driving: Type.Boolean(),
  atMs: Type.Number(),
});

export const CommittedLeg = Type.Object({
  vehicleId,
  legId,
  revision: Type.Integer({ minimum: 0 }),
  commandedBy: CommandedBy,
  actionsAtEnd: Type.Array(DriveAction),
  startNodeId: nodeId,
  edgeIds: Type.Array(edgeId),
  leadsToEnd: Type.Boolean(),
  grantedEdges: Type.Integer({ minimum: 0 }),
  completed: Type.Boolean(),
});

export const ReservationEvent = Type.Union([
  Type.Object({ kind: Type.Literal("admitted"), vehicleId }),
  Type.Object({
    kind: Type.Literal("admissionRefused"),
    vehicleId,
    reason: Type.Enum(["unknown-node", "ground-held", "not-its-ground"]),
    heldBy: Type.Optional(vehicleId),
  }),
  Type.Object({ kind: Type.Literal("legPlanned"), vehicleId, legId, etaAtMs: Type.Number() }),
  Type.Object({
    kind: Type.Literal("legWaiting"),
    vehicleId,
    legId,
    reason: Type.Union([
      Type.Literal("endpoint-taken"),
      Type.Literal("no-way"),
      Type.Literal("not-admitted"),
      Type.Literal("ground-closed"),
    ]),
  }),
  Type.Object({
    kind: Type.Literal("legRefused"),
    vehicleId,
    legId,
    reason: Type.Enum(["unknown-node", "unreachable", "busy", "order-lost", "not-turned"]),
  }),
  Type.Object({ kind: Type.Literal("legAbandoned"), vehicleId, legId, ok: Type.Boolean() }),
  Type.Object({ kind: Type.Literal("granted"), vehicleId, legId, throughNodeId: nodeId }),
  Type.Object({
    kind: Type.Literal("reached"),
    vehicleId,
    legId,
    nodeId,
    edgeId: Type.Union([edgeId, Type.Undefined()]),
  }),
  Type.Object({ kind: Type.Literal("waitingAt"), vehicleId, legId, nodeId }),
  Type.Object({ kind: Type.Literal("legCompleted"), vehicleId, legId, nodeId }),
  Type.Object({ kind: Type.Literal("clearOfGround"), vehicleId }),
  Type.Object({
    kind: Type.Literal("trouble"),
    code: Type.Enum([
      "off-path",
      "trapped",
      "ledger-unreachable",
      "ledger-back",
      "zone-down",
      "zone-up",
      "leadership-lost",
      "ledger-refused",
      "halted",
    ]),
    vehicleId: Type.Union([vehicleId, Type.Undefined()]),
    zoneId: Type.Optional(id<ZoneId>()),
    detail: Type.String(),
  }),
]);

const Maybe = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Undefined()]);

export const Holding = Type.Object({
  legId: Maybe(legId),
  grantedEdgeIds: Type.Array(edgeId),
  plannedEdgeIds: Type.Array(edgeId),
  waitingFor: Maybe(
    Type.Object({
      blockId: Type.String(),
      heldBy: vehicleId,
      how: Type.Union([Type.Literal("held"), Type.Literal("claimed-before")]),
      projectedFreeAtMs: Maybe(Type.Number()),
    }),
  ),
});

export const Explanation = Type.Object({
  vehicleId,
  legId: Maybe(legId),
  chain: Type.Array(
    Type.Object({
      vehicleId,
      blockId: id<BlockId>(),
      heldBy: vehicleId,
      how: Type.Union([
        Type.Literal("held"),
        Type.Literal("claimed-before"),
        Type.Literal("endpoint-taken"),
        Type.Literal("queued-before"),
      ]),
      projectedFreeTick: Maybe(Type.Number()),
      projectedFreeAtMs: Maybe(Type.Number()),
    }),
  ),
  head: Type.Object({
    vehicleId,
    because: Type.Union([
      Type.Literal("drives"),
      Type.Literal("at-rest"),
      Type.Literal("waits-for-proceed"),
      Type.Literal("waits-for-a-plan"),
      Type.Literal("has-failed"),
      Type.Literal("is-not-located"),
      Type.Literal("ground-closed"),
    ]),
  }),
});

export const OutOfUse = Type.Object({
  closures: Type.Array(Closure),
  failed: Type.Array(Type.Object({ vehicleId, reason: Type.String() })),
});

export const Metrics = Type.Object({
  ticks: Type.Number(),
  overruns: Type.Number(),
  vehicles: Type.Number(),
  pendingLegs: Type.Number(),
  epoch: Type.Number(),
  leading: Type.Boolean(),
  ledgerReachable: Type.Boolean(),
  coreMsMean: Type.Number(),
  coreMsP99: Type.Number(),
  coreMsMax: Type.Number(),
  commitMsMean: Type.Number(),
  commitMsP99: Type.Number(),
  commitMsMax: Type.Number(),
  tickMsP99: Type.Number(),
  planned: Type.Number(),
  jumps: Type.Number(),
  replans: Type.Number(),
});
