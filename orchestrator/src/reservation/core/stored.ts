import type { ActionId, VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, NodeId, VehicleClassId } from "@baton/maps";
import Type, { type Static, type TUnsafe } from "typebox";
import type { LegId } from "../port.ts";

/**
 * What the ledger keeps of a vehicle, by names that outlive a process: enough for a new leader to go on.
 * Planned times are kept for whoever reads the tick stream; the order of claims is stored by block.
 */
function id<T extends string>(): TUnsafe<T> {
  return Type.Unsafe<T>(Type.String({ minLength: 1 }));
}

const Action = Type.Union([
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

export const StoredLeg = Type.Object({
  legId: id<LegId>(),
  via: Type.Array(Type.Object({ nodeId: id<NodeId>(), expectedDwellMs: Type.Number() })),
  toNodeId: id<NodeId>(),
  firstGrantThroughNodeId: Type.Optional(id<NodeId>()),
  actionsAtEnd: Type.Array(Action),
  priority: Type.Number(),
  commandedBy: Type.Union([Type.Literal("us"), Type.Literal("partner")]),
  startNodeId: id<NodeId>(),
  /** The edges of each run. */
  runs: Type.Array(Type.Array(id<EdgeId>(), { minItems: 1 })),
  /** Planned entry tick of each run, as projected when this was stored; -1 when it could not be told. */
  entryTicks: Type.Array(Type.Number()),
  stops: Type.Array(
    Type.Object({
      nodeId: id<NodeId>(),
      beforeRun: Type.Integer(),
      dwellTicks: Type.Integer(),
      proceeded: Type.Boolean(),
    }),
  ),
  grantedRuns: Type.Integer({ minimum: 0 }),
  progressM: Type.Number({ minimum: 0 }),
  reachedMoves: Type.Integer({ minimum: 0 }),
  completed: Type.Boolean(),
  revision: Type.Integer({ minimum: 0 }),
});
export type StoredLeg = Static<typeof StoredLeg>;

export const StoredVehicle = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  vehicleClassId: id<VehicleClassId>(),
  nodeId: id<NodeId>(),
  leg: Type.Optional(StoredLeg),
});
export type StoredVehicle = Static<typeof StoredVehicle>;

/** The order of claims on one block, first to last: vehicle, and the run with which its claim begins. */
export const StoredOrder = Type.Array(
  Type.Object({ vehicleId: id<VehicleId>(), first: Type.Integer({ minimum: -1 }) }),
);
export type StoredOrder = Static<typeof StoredOrder>;
