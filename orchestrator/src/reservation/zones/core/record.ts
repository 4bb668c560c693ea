import type { ActionId, VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, NodeId, VehicleClassId, ZoneId } from "@baton/maps";
import Type, { type Static, type TUnsafe } from "typebox";
import type { LegId, LegRequest } from "../../port.ts";

function id<T extends string>(): TUnsafe<T> {
  return Type.Unsafe<T>(Type.String({ minLength: 1 }));
}

/** A zone that the vehicle is leaving, and the place from which it went over the border. */
const Behind = Type.Object({
  zoneId: id<ZoneId>(),
  placeNodeId: id<NodeId>(),
  /** Number of the zone leg that ended there. */
  hop: Type.Integer({ minimum: 0 }),
  /** Nothing of it is under the vehicle any more; the zone was told, and has not confirmed yet. */
  dismissed: Type.Boolean(),
});
export type Behind = Static<typeof Behind>;

const Action = Type.Union([
  Type.Object({
    actionId: id<ActionId>(),
    kind: Type.Union([Type.Literal("pick"), Type.Literal("drop")]),
    loadId: Type.String(),
    stationId: Type.String(),
  }),
  Type.Object({ actionId: id<ActionId>(), kind: Type.Literal("startCharging") }),
]);

const Request = Type.Object({
  legId: id<LegId>(),
  vehicleId: id<VehicleId>(),
  via: Type.Array(Type.Object({ nodeId: id<NodeId>(), expectedDwellMs: Type.Number() })),
  toNodeId: id<NodeId>(),
  firstGrantThroughNodeId: Type.Optional(id<NodeId>()),
  actionsAtEnd: Type.Array(Action),
  priority: Type.Number(),
  commandedBy: Type.Union([Type.Literal("us"), Type.Literal("partner")]),
  partnerStretch: Type.Optional(Type.Object({ throughNodeId: id<NodeId>() })),
});

const Journey = Type.Object({
  request: Request,
  startNodeId: id<NodeId>(),
  /** How many borders it has gone over or has begun to; the zone leg in work is the one of this number. */
  hop: Type.Integer({ minimum: 0 }),
  /** Where the zone leg in work ends: at a place on a border, or (`undefined`) where the journey does. */
  placeNodeId: Type.Optional(id<NodeId>()),
  /** The zone leg in work was asked for; without that it waits for a place on a border to be free. */
  isAsked: Type.Boolean(),
  /** Vias that belong to zone legs before the one in work, and to it. */
  viasBefore: Type.Integer({ minimum: 0 }),
  viasHere: Type.Integer({ minimum: 0 }),
  proceeded: Type.Array(id<NodeId>()),
  /** Edges of the zone legs before the one in work, a list a leg: all granted. */
  edgesBefore: Type.Array(Type.Array(id<EdgeId>())),
  /** What the revisions of the zone legs before add up to, so that the whole leg's never shrinks. */
  revisionBefore: Type.Integer({ minimum: 0 }),
  completed: Type.Boolean(),
});
export type Journey = Omit<Static<typeof Journey>, "request"> & { readonly request: LegRequest };

/**
 * What is kept of a vehicle beyond its zones' ledgers: in which zones it is, and how far its leg across them has come.
 * Ground is not in it: that is the ledgers' alone.
 */
export const VehicleRecord = Type.Object({
  vehicleId: id<VehicleId>(),
  vehicleClassId: id<VehicleClassId>(),
  /** The zone in which it is, or into which it is going over a border. */
  zoneId: id<ZoneId>(),
  /** Where it was admitted to that zone. */
  nodeId: id<NodeId>(),
  isAdmitted: Type.Boolean(),
  /** Zones that it has not left altogether, first to last. */
  behind: Type.Array(Behind),
  failed: Type.Optional(Type.String()),
  /** Dismissed by whoever admitted it; goes when all zones have confirmed. */
  isGone: Type.Boolean(),
  journey: Type.Optional(Journey),
});
export type VehicleRecord = Omit<Static<typeof VehicleRecord>, "journey"> & {
  readonly journey?: Journey | undefined;
};

/** The name of a zone's part of a leg. The first has the leg's own. */
export function zoneLegId(journey: Journey, hop: number): LegId {
  return (hop === 0 ? journey.request.legId : `${journey.request.legId}#${hop}`) as LegId;
}

/** The parts of a leg that zones have: those that are being left, and the one in work. */
export function zoneLegsUnderWay(record: VehicleRecord, journey: Journey) {
  const behind = record.behind.filter((zone) => !zone.dismissed);
  return [...behind, ...(journey.isAsked ? [{ zoneId: record.zoneId, hop: journey.hop }] : [])];
}
