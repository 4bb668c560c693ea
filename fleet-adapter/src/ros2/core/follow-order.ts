import type { VehicleStatus } from "../wire/vehicle-status.ts";
import { hasNoWayLeft, isFinished } from "./held.ts";
import { hasEnded, tellOrderEnded, tellTrouble } from "./tell.ts";
import type { CoreContext, CoreEffect, OrderTask, VehicleCore } from "./vehicle-core.ts";

/** Takes from the newest status what has become of the order. Called for each status, before anything is sent. */
export function followOrder(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  status: VehicleStatus,
  nowMs: number,
): VehicleCore {
  const { task } = core;
  if (task === undefined || task.ended !== undefined) return core;
  const { orderId } = task.drive;
  const end = (how: "finished" | "cancelled", why?: string): VehicleCore => {
    const isLost = why !== undefined;
    if (isLost) tellTrouble(out, context, "not-reflected", `${orderId}: ${why}`, nowMs);
    tellOrderEnded(out, context, orderId, how);
    const isOrderInDoubt = isLost || core.isOrderInDoubt;
    return { ...core, task: { ...task, inFlight: undefined, work: undefined, ended: how }, isOrderInDoubt };
  };
  const isHere = status.order_id === orderId;
  if (status.authority !== context.side && task.known && core.cancel === undefined) {
    // It answers to the other side, which it could not while it had an order of ours to drive.
    if (!isHere || hasNoWayLeft(status)) {
      return end(task.drive.nodes.every((node) => node.released) ? "finished" : "cancelled");
    }
  }
  if (!isHere) {
    if (!task.known || core.cancel !== undefined) return core;
    return end("cancelled", "the vehicle no longer knows the order");
  }
  const current = reflect(task, status);
  if (core.cancel === undefined) {
    if (status.cancelled) return end("cancelled", "the vehicle gave it up before its end");
    if (isFinished(task.drive, status, (actionId) => hasEnded(core, actionId))) return end("finished");
  }
  return { ...core, task: current };
}

/** The doubt is over once the vehicle shows an order that it was told, or answers to the other side. */
export function endDoubt(context: CoreContext, core: VehicleCore, status: VehicleStatus): VehicleCore {
  if (!core.isOrderInDoubt) return core;
  const { task } = core;
  const isAtIt = task?.ended === undefined && task?.drive.orderId === status.order_id && !status.cancelled;
  const isOurs = status.authority === context.side;
  return (isAtIt && task?.known === true) || !isOurs ? { ...core, isOrderInDoubt: false } : core;
}

function reflect(task: OrderTask, status: VehicleStatus): OrderTask {
  const { inFlight, work } = task;
  const isTaken = inFlight !== undefined && status.update_id >= inFlight.request.update_id;
  const isWorkShown = work !== undefined && status.works.some((one) => one.work_id === work.workId);
  return {
    ...task,
    known: true,
    nextUpdateId: Math.max(task.nextUpdateId, status.update_id + 1),
    inFlight: isTaken ? undefined : inFlight,
    reflectedRevision: isTaken ? inFlight.revision : task.reflectedRevision,
    work: isWorkShown ? undefined : work,
  };
}
