import type { VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, NodeId, VehicleClassId, ZoneId } from "@baton/maps";
import Type, { type Static, type TUnsafe } from "typebox";
import {
  Command,
  CommittedLeg,
  Explanation,
  Holding,
  Metrics,
  Observation,
  OutOfUse,
  ReservationEvent,
} from "./schemas.ts";

function id<T extends string>(): TUnsafe<T> {
  return Type.Unsafe<T>(Type.String({ minLength: 1 }));
}

/** All that a zone's process needs to know to begin: it reads the site itself. */
export const ZoneConfig = Type.Object({
  siteDirectory: Type.String({ minLength: 1 }),
  side: Type.Union([Type.Literal("vn"), Type.Literal("cn")]),
  vehicleClassId: id<VehicleClassId>(),
  borders: Type.Object({
    zones: Type.Array(Type.Object({ zoneId: id<ZoneId>(), nodeId: id<NodeId>() })),
    borders: Type.Array(
      Type.Object({ placeNodeId: id<NodeId>(), edgeIds: Type.Optional(Type.Array(id<EdgeId>())) }),
    ),
  }),
  zoneId: id<ZoneId>(),
  redisUrl: Type.String({ minLength: 1 }),
  waitReplicas: Type.Optional(Type.Integer({ minimum: 0 })),
  answerWithinMs: Type.Optional(Type.Integer({ minimum: 1 })),
  keepTicks: Type.Optional(Type.Integer({ minimum: 0 })),
  tickMs: Type.Integer({ minimum: 50, maximum: 1000 }),
  /** The same for all processes of one world. */
  clock: Type.Object({ speed: Type.Number(), originMs: Type.Number(), shownMs: Type.Number() }),
});
export type ZoneConfig = Static<typeof ZoneConfig>;

/** From the side's process to a zone's. */
export const ToZone = Type.Union([
  Type.Object({ kind: Type.Literal("begin"), config: ZoneConfig }),
  Type.Object({ kind: Type.Literal("ask"), command: Command }),
  Type.Object({ kind: Type.Literal("observe"), observations: Type.Array(Observation) }),
  Type.Object({ kind: Type.Literal("stop") }),
]);
export type ToZone = Static<typeof ToZone>;

/** What is known of a vehicle in a zone, as it now is; `undefined` for one that the zone does not know any more. */
const VehicleView = Type.Object({
  vehicleId: id<VehicleId>(),
  holding: Type.Union([Holding, Type.Undefined()]),
  explanation: Type.Union([Explanation, Type.Undefined()]),
  leg: Type.Union([CommittedLeg, Type.Undefined()]),
});
export type VehicleView = Static<typeof VehicleView>;

/** From a zone's process to the side's. */
export const FromZone = Type.Union([
  Type.Object({ kind: Type.Literal("up") }),
  Type.Object({ kind: Type.Literal("down"), detail: Type.String() }),
  /** A tick that is true in the ledger: what it changed, of each vehicle the whole. */
  Type.Object({
    kind: Type.Literal("tick"),
    vehicles: Type.Array(VehicleView),
    outOfUse: Type.Optional(OutOfUse),
    events: Type.Array(ReservationEvent),
  }),
  /** How it does, every now and then. */
  Type.Object({ kind: Type.Literal("metrics"), metrics: Metrics }),
  /** What a listener of the zone is told outside of a tick: the ledger is away, leadership is lost. */
  Type.Object({ kind: Type.Literal("event"), event: ReservationEvent }),
]);
export type FromZone = Static<typeof FromZone>;

/** As it is sent: nobody changes it any more. */
export type Immutable<T> = T extends string | number | boolean | undefined
  ? T
  : { readonly [K in keyof T]: Immutable<T[K]> };
