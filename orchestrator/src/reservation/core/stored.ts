import type { ActionId, VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, NodeId, VehicleClassId } from "@baton/maps";
import Type, { type Static, type TUnsafe } from "typebox";
import type { LegId } from "../port.ts";

/**
 * What the ledger keeps of a zone besides its grants, by names that outlive a process: enough for a new leader to go
 * on. What stays as it is while a leg is driven (`StoredItinerary`) is written once a plan, what changes with each
 * grant (`StoredVehicle`) is small.
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

/** A leg as it was asked for and planned. */
export const StoredItinerary = Type.Object({
  /** The `version` of the vehicle's record with which this plan came. */
  version: Type.Integer({ minimum: 1 }),
  legId: id<LegId>(),
  /** The leg under whose name the vehicle has its order, when it was sent here on its way. */
  orderedAs: Type.Optional(id<LegId>()),
  via: Type.Array(Type.Object({ nodeId: id<NodeId>(), expectedDwellMs: Type.Number() })),
  toNodeId: id<NodeId>(),
  firstGrantThroughNodeId: Type.Optional(id<NodeId>()),
  actionsAtEnd: Type.Array(Action),
  commandedBy: Type.Union([Type.Literal("us"), Type.Literal("partner")]),
  partnerStretch: Type.Optional(Type.Object({ throughNodeId: id<NodeId>() })),
  startNodeId: id<NodeId>(),
  /** The edges of each run. */
  runs: Type.Array(Type.Array(id<EdgeId>(), { minItems: 1 })),
  /** Planned entry tick of each run, for whoever reads the tick stream; -1 when it could not be told. */
  entryTicks: Type.Array(Type.Number()),
  stops: Type.Array(
    Type.Object({ nodeId: id<NodeId>(), beforeRun: Type.Integer(), dwellTicks: Type.Integer() }),
  ),
});
export type StoredItinerary = Static<typeof StoredItinerary>;

/** How far a leg is granted and driven. */
export const StoredProgress = Type.Object({
  /** The `version` of the itinerary that this is about. */
  itinerary: Type.Integer({ minimum: 1 }),
  priority: Type.Number(),
  /** Whether somebody said `proceed`, a stop. */
  proceeded: Type.Array(Type.Boolean()),
  grantedRuns: Type.Integer({ minimum: 0 }),
  progressM: Type.Number({ minimum: 0 }),
  reachedMoves: Type.Integer({ minimum: 0 }),
  completed: Type.Boolean(),
  revision: Type.Integer({ minimum: 0 }),
  /** How often others went before it that were planned later, when that was so: it may be so a bounded number of times. */
  timesJumped: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type StoredProgress = Static<typeof StoredProgress>;

export const StoredVehicle = Type.Object({
  /** Grows with each record of the vehicle. */
  version: Type.Integer({ minimum: 1 }),
  vehicleClassId: id<VehicleClassId>(),
  nodeId: id<NodeId>(),
  /** The partner drives it to where it was admitted. */
  approaching: Type.Optional(Type.Literal(true)),
  /** Why it will not drive on by itself. */
  failed: Type.Optional(Type.String()),
  leg: Type.Optional(StoredProgress),
  /** The leg of the order that it has driven to its end, when that was not known to be the leg's: after lost ticks only. */
  spentLegId: Type.Optional(id<LegId>()),
});
export type StoredVehicle = Static<typeof StoredVehicle>;

export const StoredClosure = Type.Object({ edgeIds: Type.Array(id<EdgeId>()), reason: Type.String() });
export type StoredClosure = Static<typeof StoredClosure>;

/**
 * The order of claims on one block, first to last, a line each: the run with which the claim begins, a space, the
 * vehicle. Empty when nobody claims the block. Claims are a cache of plans, yet their order is kept: it is what makes
 * the joint plan one that ends.
 */
export type StoredOrder = string;

/** One claim of a `StoredOrder`. */
export function orderLine(first: number, vehicleId: VehicleId): string {
  return `${first} ${vehicleId}`;
}

/** The new record of one thing; `undefined` when there is none any more. */
export interface Recorded<Id extends string, Record> {
  readonly id: Id;
  readonly stored: Record | undefined;
}
