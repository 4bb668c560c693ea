import { type Progress, progressOf } from "./progress.ts";
import {
  type ActionRecord,
  endAction,
  recordOf,
  type Vehicle,
  type VehicleModel,
  type Work,
  withAction,
} from "./vehicle.ts";

/** Actions that this vehicle does at nodes, standing. */
export const NODE_ACTIONS: readonly string[] = ["pick", "drop", "startCharging", "stopCharging"];

/** Begins, carries on and ends the actions of the node at which the vehicle stands, one after the other. */
export function workAtNode(vehicle: Vehicle, model: VehicleModel, nowMs: number): Vehicle {
  if (vehicle.speedMps > 0) return vehicle;
  const progress = progressOf(vehicle);
  if (progress === undefined) return vehicle;
  if (vehicle.work !== undefined) return carryOn(vehicle, vehicle.work, progress, model, nowMs);
  if (!progress.atNode || progress.actionNode !== progress.node || vehicle.cancelling !== undefined)
    return vehicle;
  const waiting = progress.order.nodes[progress.node]?.actions
    .map((action) => recordOf(vehicle, progress.order.side, action.actionId))
    .find((record) => record?.status === "WAITING");
  return waiting === undefined ? vehicle : begin(vehicle, waiting, model, nowMs);
}

function begin(vehicle: Vehicle, record: ActionRecord, model: VehicleModel, nowMs: number): Vehicle {
  const { actionId, actionType } = record.action;
  const run = (work: Omit<Work, "actionId">, change: Partial<Vehicle> = {}): Vehicle =>
    withAction({ ...vehicle, ...change, work: { actionId, ...work } }, { ...record, status: "RUNNING" });
  const end = (status: "FINISHED" | "FAILED", result?: string, change: Partial<Vehicle> = {}): Vehicle =>
    withAction({ ...vehicle, ...change }, { ...record, status, result });
  switch (actionType) {
    case "pick":
      return vehicle.loadIds.length > 0
        ? end("FAILED", `carries ${vehicle.loadIds.join(", ")} already`)
        : run({ phase: "landing", untilMs: undefined });
    case "drop":
      return vehicle.deck === undefined
        ? end("FAILED", "carries nothing")
        : run({ phase: "unlocking", untilMs: nowMs + model.twistLockMs }, { locks: "moving" });
    case "startCharging":
      return end("FINISHED", undefined, { charging: true });
    case "stopCharging":
      return end("FINISHED", undefined, { charging: false });
    default:
      return end("FAILED", `${actionType} is not supported`);
  }
}

function carryOn(
  vehicle: Vehicle,
  work: Work,
  progress: Progress,
  model: VehicleModel,
  nowMs: number,
): Vehicle {
  const done = work.untilMs !== undefined && nowMs >= work.untilMs;
  const finish = (change: Partial<Vehicle>): Vehicle =>
    endAction({ ...vehicle, ...change, work: undefined }, progress.order.side, work.actionId, "FINISHED");
  switch (work.phase) {
    case "landing":
      if (vehicle.deck === undefined) return vehicle;
      return {
        ...vehicle,
        locks: "moving",
        work: { ...work, phase: "locking", untilMs: nowMs + model.twistLockMs },
      };
    case "locking":
      if (!done) return vehicle;
      return finish({ locks: "closed", loadIds: vehicle.deck === undefined ? [] : [vehicle.deck] });
    case "unlocking":
      if (!done) return vehicle;
      return { ...vehicle, locks: "open", work: { ...work, phase: "lifting", untilMs: undefined } };
    case "lifting":
      return vehicle.deck === undefined ? finish({ loadIds: [] }) : vehicle;
    default:
      return work.phase satisfies never;
  }
}

/** What the deck feels of a crane. A lift felt already, or one that cannot be, changes nothing. */
export function feelCrane(
  vehicle: Vehicle,
  lift: { readonly liftId: string; readonly containerNo: string; readonly phase: "lowered" | "lifted" },
): Vehicle {
  if (lift.liftId === vehicle.lastLiftId) return vehicle;
  if (lift.phase === "lowered") {
    if (vehicle.deck !== undefined || vehicle.speedMps > 0) return vehicle;
    return { ...vehicle, deck: lift.containerNo, lastLiftId: lift.liftId };
  }
  if (vehicle.deck !== lift.containerNo || vehicle.locks !== "open") return vehicle;
  return { ...vehicle, deck: undefined, lastLiftId: lift.liftId };
}
