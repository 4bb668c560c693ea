import type { InstantActions, Order } from "@baton/fleet-adapter/vda5050";
import type { Responses, ZoneSetMessage } from "@baton/fleet-adapter/vda5050/v3_0";
import { SIDES, type Side } from "@baton/maps";
import { drive } from "./driving.ts";
import { isReportDue, isSightDue, isTaken, REFUSAL_TOLD_MS } from "./due.ts";
import { feelCrane, workAtNode } from "./loading.ts";
import { endCancellation, obeyInstantActions, obeyOrder, withRefusal } from "./obey.ts";
import { EAGER_PACE, type Pace } from "./pace.ts";
import { endAction, type Vehicle, type VehicleModel } from "./vehicle.ts";
import { heedZones } from "./zones/heed-zones.ts";
import { takeResponses, takeZoneSet } from "./zones/take-zone-messages.ts";

/** What can happen to a vehicle. */
export type VehicleEvent =
  | { readonly kind: "tick"; readonly nowMs: number }
  | { readonly kind: "order"; readonly side: Side; readonly order: Order }
  | { readonly kind: "instantActions"; readonly side: Side; readonly message: InstantActions }
  /** Of VDA 5050 3.0. */
  | { readonly kind: "zoneSet"; readonly side: Side; readonly message: ZoneSetMessage }
  | { readonly kind: "responses"; readonly side: Side; readonly message: Responses }
  /** A message that is no message of the protocol. */
  | { readonly kind: "nonsense"; readonly side: Side; readonly topic: string; readonly reason: string }
  | {
      readonly kind: "crane";
      readonly liftId: string;
      readonly containerNo: string;
      readonly phase: "lowered" | "lifted";
    };

/**
 * What the vehicle's surroundings are to do, in this order: `persist` its state before anyone is told of it, `report`
 * it to some sides (after its last state it sleeps, before its first one it has woken up), send its `factsheet` to one, show
 * the `world` where it is.
 */
export type VehicleEffect =
  | { readonly kind: "persist" }
  | { readonly kind: "report"; readonly sides: readonly Side[] }
  | { readonly kind: "factsheet"; readonly side: Side }
  /** It has fallen asleep or woken up, which both sides are told of. */
  | { readonly kind: "connection" }
  | { readonly kind: "world" };

/** What reaches a vehicle that sleeps. */
const HEARD_ASLEEP: ReadonlySet<VehicleEvent["kind"]> = new Set(["tick", "instantActions", "crane"]);

/** One step of a vehicle's life. Pure; only `tick` lets time pass. */
export function stepVehicle(
  vehicle: Vehicle,
  event: VehicleEvent,
  model: VehicleModel,
): readonly [Vehicle, readonly VehicleEffect[]] {
  const next = heedZones(apply(vehicle, event, model), model);
  const pace = model.pace ?? EAGER_PACE;
  const changed = isChanged(vehicle, next);
  const sides = SIDES.filter(
    (side) =>
      !(vehicle.asleep && next.asleep) &&
      (isReportDue(next, side, pace) ||
        (changed && concerns(vehicle, next, side, pace)) ||
        (asksForState(event) && (event.side === side || isTaken(next, side, pace)))),
  );
  const seen = isSightDue(next, pace) || isSeenChanged(vehicle, next);
  const effects: VehicleEffect[] = [];
  if (changed || (sides.length > 0 && next.speedMps > 0)) effects.push({ kind: "persist" });
  if (vehicle.asleep && !next.asleep) effects.push({ kind: "connection" });
  if (sides.length > 0) effects.push({ kind: "report", sides });
  if (!vehicle.asleep && next.asleep) effects.push({ kind: "connection" });
  if (!next.asleep && asksFor(event, "factsheetRequest") && event.kind === "instantActions") {
    effects.push({ kind: "factsheet", side: event.side });
  }
  if (seen) effects.push({ kind: "world" });
  if (sides.length === 0 && !seen) return [next, effects];
  return [
    { ...next, reportedAtMs: toldAt(next, sides), seenAtMs: seen ? next.atMs : next.seenAtMs },
    effects,
  ];
}

function toldAt({ atMs, reportedAtMs }: Vehicle, sides: readonly Side[]): Vehicle["reportedAtMs"] {
  if (sides.length === 0) return reportedAtMs;
  return {
    vn: sides.includes("vn") ? atMs : reportedAtMs.vn,
    cn: sides.includes("cn") ? atMs : reportedAtMs.cn,
  };
}

/** Whether a change is one that a side has to know of at once: how far it is on its way is its holder's business. */
function concerns(before: Vehicle, after: Vehicle, side: Side, pace: Pace): boolean {
  if (isTaken(before, side, pace) || isTaken(after, side, pace)) return true;
  return (
    before.register !== after.register ||
    before.pausedBy !== after.pausedBy ||
    before.refusals !== after.refusals ||
    before.zoneWork !== after.zoneWork ||
    before.asleep !== after.asleep ||
    before.loadIds !== after.loadIds ||
    (before.actions !== after.actions &&
      after.actions.some((record) => record.side === side && !before.actions.includes(record)))
  );
}

function apply(vehicle: Vehicle, event: VehicleEvent, model: VehicleModel): Vehicle {
  if (vehicle.asleep && !HEARD_ASLEEP.has(event.kind)) return vehicle;
  switch (event.kind) {
    case "tick":
      return tick(vehicle, model, event.nowMs);
    case "order":
      return obeyOrder(vehicle, model, event.side, event.order);
    case "instantActions":
      return obeyInstantActions(vehicle, model, event.side, event.message);
    case "zoneSet":
      return takeZoneSet(vehicle, event.side, event.message) ?? refuseZoneSet(vehicle, event);
    case "responses":
      return takeResponses(vehicle, event.side, event.message);
    case "nonsense":
      return refuseNonsense(vehicle, event);
    case "crane":
      return feelCrane(vehicle, event);
    default:
      return event satisfies never;
  }
}

function refuseNonsense(vehicle: Vehicle, event: VehicleEvent & { kind: "nonsense" }): Vehicle {
  return withRefusal(vehicle, event.side, {
    errorType: "validationError",
    errorLevel: "WARNING",
    errorDescription: event.reason,
    errorReferences: [{ referenceKey: "topic", referenceValue: event.topic }],
  });
}

function refuseZoneSet(vehicle: Vehicle, { side, message }: VehicleEvent & { kind: "zoneSet" }): Vehicle {
  return withRefusal(vehicle, side, {
    errorType: "duplicateZoneSet",
    errorLevel: "WARNING",
    errorDescription: `there is a zone set ${message.zoneSet.zoneSetId} already`,
    errorReferences: [{ referenceKey: "zoneSetId", referenceValue: message.zoneSet.zoneSetId }],
  });
}

function tick(vehicle: Vehicle, model: VehicleModel, nowMs: number): Vehicle {
  const dtMs = Math.max(0, nowMs - vehicle.atMs);
  const moved = drive({ ...vehicle, atMs: Math.max(nowMs, vehicle.atMs) }, model, dtMs);
  const worked = workAtNode(endCancellation(moved), model, moved.atMs);
  return forgetRefusals(endPauseRequests(worked));
}

/** A `startPause` is finished when the vehicle stands. */
function endPauseRequests(vehicle: Vehicle): Vehicle {
  if (vehicle.speedMps > 0) return vehicle;
  return vehicle.actions
    .filter((record) => record.action.actionType === "startPause" && record.status === "RUNNING")
    .reduce((next, record) => endAction(next, record.side, record.action.actionId, "FINISHED"), vehicle);
}

function forgetRefusals(vehicle: Vehicle): Vehicle {
  if (vehicle.refusals.every((refusal) => vehicle.atMs - refusal.atMs < REFUSAL_TOLD_MS)) return vehicle;
  return {
    ...vehicle,
    refusals: vehicle.refusals.filter((refusal) => vehicle.atMs - refusal.atMs < REFUSAL_TOLD_MS),
  };
}

/** Changes that are told at once. Every one of these fields is replaced, never written to. */
function isChanged(before: Vehicle, after: Vehicle): boolean {
  return (
    before.register !== after.register ||
    before.pausedBy !== after.pausedBy ||
    before.lastNode !== after.lastNode ||
    before.order !== after.order ||
    before.actions !== after.actions ||
    before.work !== after.work ||
    before.cancelling !== after.cancelling ||
    before.refusals !== after.refusals ||
    before.zoneWork !== after.zoneWork ||
    before.asleep !== after.asleep ||
    before.charging !== after.charging ||
    before.speedMps > 0 !== after.speedMps > 0 ||
    isSeenChanged(before, after)
  );
}

function isSeenChanged(before: Vehicle, after: Vehicle): boolean {
  return (
    before.locks !== after.locks ||
    before.loadIds !== after.loadIds ||
    before.deck !== after.deck ||
    before.speedMps > 0 !== after.speedMps > 0
  );
}

function asksForState(event: VehicleEvent): event is Extract<VehicleEvent, { readonly side: Side }> {
  return asksFor(event, "stateRequest") || event.kind === "order";
}

function asksFor(event: VehicleEvent, actionType: string): boolean {
  return (
    event.kind === "instantActions" &&
    event.message.actions.some((action) => action.actionType === actionType)
  );
}
