import type { InstantActions, Order } from "@baton/fleet-adapter/vda5050";
import type { Side } from "@baton/maps";
import { drive } from "./driving.ts";
import { feelCrane, workAtNode } from "./loading.ts";
import { endCancellation, obeyInstantActions, obeyOrder, withRefusal } from "./obey.ts";
import { endAction, type Vehicle, type VehicleModel } from "./vehicle.ts";

/** What can happen to a vehicle. */
export type VehicleEvent =
  | { readonly kind: "tick"; readonly nowMs: number }
  | { readonly kind: "order"; readonly side: Side; readonly order: Order }
  | { readonly kind: "instantActions"; readonly side: Side; readonly message: InstantActions }
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
 * it to both sides, send its `factsheet` to one, show the `world` where it is.
 */
export type VehicleEffect =
  | { readonly kind: "persist" }
  | { readonly kind: "report" }
  | { readonly kind: "factsheet"; readonly side: Side }
  | { readonly kind: "world" };

/** Between reports of a vehicle that moves, and of one that stands. */
const REPORT_DRIVING_MS = 400;
const REPORT_STANDING_MS = 1_000;
/** Between sights of a vehicle that moves, and of one that stands. */
const SEEN_DRIVING_MS = 500;
const SEEN_STANDING_MS = 10_000;
/** How long a refusal is told of. */
const REFUSAL_TOLD_MS = 60_000;

/** One step of a vehicle's life. Pure; only `tick` lets time pass. */
export function stepVehicle(
  vehicle: Vehicle,
  event: VehicleEvent,
  model: VehicleModel,
): readonly [Vehicle, readonly VehicleEffect[]] {
  const next = apply(vehicle, event, model);
  const changed = isChanged(vehicle, next);
  const driving = next.speedMps > 0;
  const reportDue = next.atMs - next.reportedAtMs >= (driving ? REPORT_DRIVING_MS : REPORT_STANDING_MS);
  const report = changed || reportDue || asksForState(event);
  const seenDue = next.atMs - next.seenAtMs >= (driving ? SEEN_DRIVING_MS : SEEN_STANDING_MS);
  const seen = seenDue || isSeenChanged(vehicle, next);
  const effects: VehicleEffect[] = [];
  if (changed || (reportDue && driving)) effects.push({ kind: "persist" });
  if (report) effects.push({ kind: "report" });
  if (asksFor(event, "factsheetRequest") && event.kind === "instantActions") {
    effects.push({ kind: "factsheet", side: event.side });
  }
  if (seen) effects.push({ kind: "world" });
  const stamped = {
    ...next,
    reportedAtMs: report ? next.atMs : next.reportedAtMs,
    seenAtMs: seen ? next.atMs : next.seenAtMs,
  };
  return [stamped, effects];
}

function apply(vehicle: Vehicle, event: VehicleEvent, model: VehicleModel): Vehicle {
  switch (event.kind) {
    case "tick":
      return tick(vehicle, model, event.nowMs);
    case "order":
      return obeyOrder(vehicle, model, event.side, event.order);
    case "instantActions":
      return obeyInstantActions(vehicle, model, event.side, event.message);
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

function asksForState(event: VehicleEvent): boolean {
  return asksFor(event, "stateRequest") || event.kind === "order";
}

function asksFor(event: VehicleEvent, actionType: string): boolean {
  return (
    event.kind === "instantActions" &&
    event.message.actions.some((action) => action.actionType === actionType)
  );
}
