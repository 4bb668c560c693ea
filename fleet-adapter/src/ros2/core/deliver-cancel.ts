import { isDue, isOverdue, markReported, sentAt, unsent } from "../../delivery/delivery.ts";
import { orderIdOf } from "../../names.ts";
import type { FleetOrderId } from "../../port.ts";
import type { CancelOrderRequest } from "../wire/services.ts";
import type { VehicleStatus } from "../wire/vehicle-status.ts";
import { RETRY_MS } from "./deliver-order.ts";
import { isFinished, takesNewOrder } from "./held.ts";
import { hasEnded, tellOrderEnded, tellTrouble } from "./tell.ts";
import type { Answer, CancelTask, CoreContext, CoreEffect, VehicleCore } from "./vehicle-core.ts";

/**
 * Takes a cancellation in. What waits behind the order is given up with it; nothing is known of the vehicle's own order
 * before its first status.
 */
export function acceptCancel(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  nowMs: number,
): VehicleCore {
  if (core.queued !== undefined) tellOrderEnded(out, context, core.queued.orderId, "cancelled");
  const cancel = core.cancel ?? newCancel(nowMs, undefined);
  return { ...core, queued: undefined, cancel };
}

/**
 * Drives a cancellation to its end: the vehicle's status says that the order is cancelled or done or, when the order is not
 * there, the vehicle has taken the cancellation and will refuse the order should it come after all. Nothing less will do: once
 * this is told, the ground of the order is free for others.
 */
export function deliverCancel(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  nowMs: number,
): VehicleCore {
  const { cancel, status } = core;
  if (status === undefined) return core;
  if (cancel === undefined) {
    const late = cancelOfLateOrder(core, status, nowMs);
    return late === undefined ? core : deliverCancel(out, context, { ...core, cancel: late }, nowMs);
  }
  const orderId = cancel.orderId ?? orderToCancel(core, status);
  if (orderId === undefined) return { ...core, cancel: undefined };
  const isHere = status.order_id === orderId;
  const isOver = isHere ? status.cancelled || takesNewOrder(status) : cancel.isAccepted;
  // Who is held by the other side takes nothing from here: ours is over.
  if (isOver || status.authority !== context.side) return endCancel(out, context, core, orderId, status);
  const open = { ...cancel, orderId };
  if (!core.linkUp || !isDue(open.delivery, nowMs)) return { ...core, cancel: open };
  const request: CancelOrderRequest = { side: context.side, epoch: status.epoch, order_id: orderId };
  out.push({ kind: "call", service: "cancelOrder", request, to: { about: "cancel", orderId } });
  let delivery = sentAt(open.delivery, nowMs);
  if (isOverdue(delivery)) {
    const detail = `the cancellation of ${orderId} does not show in the vehicle's status`;
    tellTrouble(out, context, "not-reflected", detail, nowMs);
    delivery = markReported(delivery);
  }
  return { ...core, cancel: { ...open, delivery } };
}

function orderToCancel({ task }: VehicleCore, status: VehicleStatus): FleetOrderId | undefined {
  if (task !== undefined && task.ended === undefined) {
    // Ours was still waiting for another order to end: that one goes first, and ours was never told.
    const isOther = status.order_id !== "" && status.order_id !== task.drive.orderId && !task.known;
    if (!isOther || takesNewOrder(status)) return task.drive.orderId;
  }
  if (status.order_id === "" || takesNewOrder(status)) return task?.drive.orderId;
  return orderIdOf(status.order_id);
}

/** An order that was still on its way when its cancellation ended turns up on the vehicle after all. */
function cancelOfLateOrder(
  { task }: VehicleCore,
  status: VehicleStatus,
  nowMs: number,
): CancelTask | undefined {
  if (task?.ended !== "cancelled" || status.order_id !== task.drive.orderId) return undefined;
  if (status.cancelled || takesNewOrder(status)) return undefined;
  return newCancel(nowMs, task.drive.orderId);
}

function endCancel(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  orderId: FleetOrderId,
  status: VehicleStatus,
): VehicleCore {
  const { task } = core;
  const open = task !== undefined && task.ended === undefined ? task : undefined;
  const isFinishedNow =
    task?.drive.orderId === orderId &&
    (task.ended === "finished" || isFinished(task.drive, status, (actionId) => hasEnded(core, actionId)));
  const how = isFinishedNow ? "finished" : "cancelled";
  tellOrderEnded(out, context, orderId, how);
  if (task === undefined) return { ...core, cancel: undefined };
  // Another order of this side that waited for it goes with it.
  if (open !== undefined && open.drive.orderId !== orderId) {
    tellOrderEnded(out, context, open.drive.orderId, "cancelled");
    const ended = { ...open, inFlight: undefined, work: undefined, ended: "cancelled" as const };
    return { ...core, cancel: undefined, task: ended };
  }
  if (task.drive.orderId !== orderId) return { ...core, cancel: undefined };
  return { ...core, cancel: undefined, task: { ...task, inFlight: undefined, work: undefined, ended: how } };
}

export function takeCancelAnswer(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  orderId: string,
  answer: Answer,
  nowMs: number,
): VehicleCore {
  const { cancel } = core;
  if (cancel === undefined || cancel.orderId !== orderId) return core;
  if (answer.kind !== "verdict") return core;
  if (answer.accepted) return { ...core, cancel: { ...cancel, isAccepted: true } };
  if (cancel.refusal !== answer.reason) {
    const detail = `the vehicle does not cancel ${orderId}: ${answer.reason}`;
    tellTrouble(out, context, "order-refused", detail, nowMs);
  }
  const delivery = { ...cancel.delivery, dueMs: nowMs + RETRY_MS, reported: true };
  return { ...core, cancel: { ...cancel, delivery, refusal: answer.reason } };
}

function newCancel(nowMs: number, orderId: FleetOrderId | undefined): CancelTask {
  return { delivery: unsent(nowMs), orderId, isAccepted: false, refusal: undefined };
}
