import { Action, OrderEdge, OrderNode, VehicleErrorEntry } from "@baton/fleet-adapter/vda5050";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { layOut } from "./route.ts";
import { type ActiveOrder, NEVER_REPORTED, type Vehicle } from "./vehicle.ts";
import { NO_ZONE_WORK } from "./zones/zone-work.ts";

const SideField = Type.Enum(["vn", "cn"]);
const OrderName = Type.Object({ orderId: Type.String(), orderUpdateId: Type.Integer() });

const ZoneMemory = Type.Object({
  sets: Type.Array(
    Type.Object({
      side: SideField,
      zoneSetId: Type.String(),
      mapId: Type.String(),
      enabled: Type.Boolean(),
      zones: Type.Array(
        Type.Object({
          zoneId: Type.String(),
          outline: Type.Array(Type.Object({ xM: Type.Number(), yM: Type.Number() })),
          onLoss: Type.Enum(["STOP", "CONTINUE", "EVACUATE"]),
        }),
      ),
    }),
  ),
  requests: Type.Array(
    Type.Object({
      side: SideField,
      requestId: Type.String(),
      zoneSetId: Type.String(),
      zoneId: Type.String(),
      status: Type.Enum(["REQUESTED", "QUEUED", "GRANTED", "REVOKED", "EXPIRED", "REJECTED"]),
      untilMs: Type.Optional(Type.Number()),
    }),
  ),
  made: Type.Integer(),
});

/** What a vehicle keeps over a restart of its computer: all but its speed, since it is found standing. */
const VehicleMemory = Type.Object({
  memoryVersion: Type.Literal(1),
  register: Type.Object({
    authority: SideField,
    epoch: Type.Integer({ minimum: 0 }),
    handoffId: Type.Optional(Type.String()),
  }),
  pausedBy: Type.Array(SideField),
  pose: Type.Object({ xM: Type.Number(), yM: Type.Number(), headingRad: Type.Number() }),
  lastNode: Type.Optional(
    Type.Object({ side: SideField, nodeId: Type.String(), sequenceId: Type.Integer() }),
  ),
  order: Type.Optional(
    Type.Object({
      side: SideField,
      orderId: Type.String(),
      orderUpdateId: Type.Integer(),
      nodes: Type.Array(OrderNode),
      edges: Type.Array(OrderEdge),
      cancelled: Type.Boolean(),
      letGo: Type.Optional(Type.Literal(true)),
      lead: Type.Optional(
        Type.Object({ side: SideField, nodes: Type.Array(OrderNode), edges: Type.Array(OrderEdge) }),
      ),
    }),
  ),
  alongM: Type.Number(),
  actions: Type.Array(
    Type.Object({
      side: SideField,
      action: Action,
      ofOrder: Type.Boolean(),
      status: Type.Enum(["WAITING", "RUNNING", "FINISHED", "FAILED"]),
      result: Type.Optional(Type.String()),
    }),
  ),
  work: Type.Optional(
    Type.Object({
      actionId: Type.String(),
      phase: Type.Enum(["landing", "locking", "unlocking", "lifting"]),
      untilMs: Type.Optional(Type.Number()),
    }),
  ),
  cancelling: Type.Optional(
    Type.Object({ side: SideField, actionId: Type.String(), stopNode: Type.Integer() }),
  ),
  lastOrders: Type.Object({ vn: Type.Optional(OrderName), cn: Type.Optional(OrderName) }),
  deck: Type.Optional(Type.String()),
  locks: Type.Enum(["open", "moving", "closed"]),
  loadIds: Type.Array(Type.String()),
  lastLiftId: Type.Optional(Type.String()),
  batteryPct: Type.Number(),
  charging: Type.Boolean(),
  refusals: Type.Array(Type.Object({ side: SideField, atMs: Type.Number(), error: VehicleErrorEntry })),
  zoneWork: Type.Optional(ZoneMemory),
  asleep: Type.Optional(Type.Boolean()),
});

const memoryCheck = Compile(VehicleMemory);

/** An order's text is long and is kept with every report of a vehicle that drives, but seldom changes. */
const orderTexts = new WeakMap<ActiveOrder, string>();

/** The text to keep. */
export function remember(vehicle: Vehicle): string {
  const { atMs: _at, speedMps: _speed, reportedAtMs: _reported, seenAtMs: _seen, order, ...rest } = vehicle;
  const text = JSON.stringify({ memoryVersion: 1, ...rest });
  return order === undefined ? text : `${text.slice(0, -1)},"order":${textOf(order)}}`;
}

function textOf(order: ActiveOrder): string {
  const known = orderTexts.get(order);
  if (known !== undefined) return known;
  const { route: _route, ...plain } = order;
  const text = JSON.stringify(plain);
  orderTexts.set(order, text);
  return text;
}

/** The vehicle that was kept, standing where it was; undefined when the text is none of ours. */
export function recall(text: string, nowMs: number): Vehicle | undefined {
  const memory = parse(text);
  if (!memoryCheck.Check(memory)) return undefined;
  const { memoryVersion: _version, order, actions, work, register, lastOrders, ...rest } = memory;
  return {
    ...rest,
    register: {
      authority: register.authority,
      epoch: register.epoch,
      ...(register.handoffId === undefined ? {} : { handoffId: register.handoffId }),
    },
    lastNode: rest.lastNode,
    order:
      order === undefined ? undefined : { ...order, route: layOut(order.nodes, order.edges, order.lead) },
    actions: actions.map((record) => ({ ...record, result: record.result })),
    work: work === undefined ? undefined : { ...work, untilMs: work.untilMs },
    cancelling: rest.cancelling,
    lastOrders: {
      ...(lastOrders.vn === undefined ? {} : { vn: lastOrders.vn }),
      ...(lastOrders.cn === undefined ? {} : { cn: lastOrders.cn }),
    },
    deck: rest.deck,
    lastLiftId: rest.lastLiftId,
    zoneWork: rest.zoneWork ?? NO_ZONE_WORK,
    asleep: rest.asleep ?? false,
    atMs: nowMs,
    speedMps: 0,
    reportedAtMs: NEVER_REPORTED,
    seenAtMs: Number.NEGATIVE_INFINITY,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
