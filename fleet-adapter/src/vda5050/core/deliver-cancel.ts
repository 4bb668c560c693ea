import { isDue, isOverdue, markReported, sentAt, unsent } from "../../delivery/delivery.ts";
import { orderIdOf } from "../../names.ts";
import type { FleetOrderId } from "../../port.ts";
import type { Report } from "../model/report.ts";
import { cancelAction } from "./actions.ts";
import { fittedAction } from "./fit.ts";
import { mayCancel } from "./modes.ts";
import type { CoreContext } from "./order-messages.ts";
import { hasNoWayLeft, isFinished, shownAction, takesNewOrder } from "./progress.ts";
import { hasEnded, tellOrderEnded, tellTrouble } from "./tell.ts";
import type { CancelTask, CoreEffect, OrderTask, VehicleCore } from "./vehicle-core.ts";

/** How long to leave a vehicle alone that would not cancel. */
const RETRY_MS = 8_000;

/**
 * Takes a cancellation in. What waits behind the order is given up with it; nothing is known of the vehicle's
 * own order before its first state.
 */
export function acceptCancel(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  actionId: string,
  nowMs: number,
): VehicleCore {
  if (core.queued !== undefined) tellOrderEnded(out, context, core.queued.orderId, "cancelled");
  const cancel = core.cancel ?? { actionId, delivery: unsent(nowMs), orderId: undefined, isRepeat: false };
  return { ...core, queued: undefined, cancel };
}

/** Drives a cancellation to its end: `cancelOrder` FINISHED, or nothing left to cancel (VDA 5050 2.1 section 6.6.3). */
export function deliverCancel(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  nowMs: number,
): VehicleCore {
  const { cancel, seen } = core;
  if (cancel === undefined) {
    const repeated = repeatCancel(core, nowMs);
    return repeated.cancel === undefined ? repeated : deliverCancel(out, context, repeated, nowMs);
  }
  if (seen === undefined) return core;
  if (cancel.orderId === undefined) return beginCancel(out, context, core, cancel, seen, nowMs);
  if (seen.control !== undefined && seen.control.authority !== context.side) {
    // Whoever holds the vehicle now got it without an order: ours is over.
    return endCancel(out, context, core, cancel, cancel.orderId, seen);
  }
  const shown = shownAction(seen, cancel.actionId);
  if (shown === undefined && mayCancel(seen)) return sendCancel(out, context, core, cancel, nowMs);
  if (shown === undefined) {
    // MANUAL, SERVICE and the like: nothing may be asked of it, and it has cleared its orders itself.
    return takesNewOrder(seen) ? endCancel(out, context, core, cancel, cancel.orderId, seen) : core;
  }
  if (shown.actionStatus === "FINISHED") return endCancel(out, context, core, cancel, cancel.orderId, seen);
  if (shown.actionStatus !== "FAILED") return core;
  // 6.6.3.2: FAILED is also the answer of a vehicle that has no order.
  if (seen.orderId !== cancel.orderId || hasNoWayLeft(seen)) {
    return endCancel(out, context, core, cancel, cancel.orderId, seen);
  }
  tellTrouble(out, context, "order-refused", `the vehicle does not cancel ${cancel.orderId}`, nowMs);
  const again = { ...unsent(nowMs + RETRY_MS), reported: true };
  return { ...core, cancel: { ...cancel, actionId: `${cancel.actionId}+`, delivery: again } };
}

function beginCancel(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  cancel: CancelTask,
  seen: Report,
  nowMs: number,
): VehicleCore {
  const { task } = core;
  const live = task !== undefined && task.ended === undefined ? task : undefined;
  const orderId = live?.drive.orderId ?? orderIdOf(seen.orderId);
  const vehicleIsBusy = !takesNewOrder(seen);
  if (live !== undefined && vehicleIsBusy && seen.orderId !== orderId && live.inFlight === undefined) {
    // Ours was still waiting for another order, which goes too.
    tellOrderEnded(out, context, orderId, "cancelled");
    const waiting = { ...live, ended: "cancelled" as const };
    const other = { ...cancel, orderId: orderIdOf(seen.orderId) };
    return deliverCancel(out, context, { ...core, task: waiting, cancel: other }, nowMs);
  }
  // Even an order not sent yet is cancelled on the vehicle: a former life of this adapter may have sent it.
  if (live !== undefined || vehicleIsBusy) {
    return deliverCancel(out, context, { ...core, cancel: { ...cancel, orderId } }, nowMs);
  }
  if (orderId === "") return { ...core, cancel: undefined };
  return endCancel(out, context, core, cancel, orderId, seen);
}

function sendCancel(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  cancel: CancelTask,
  nowMs: number,
): VehicleCore {
  if (!core.linkUp || !isDue(cancel.delivery, nowMs)) return core;
  out.push({
    kind: "publishInstantActions",
    actions: [fittedAction(cancelAction(cancel.actionId, cancel.orderId ?? ""), core.sheet)],
  });
  let delivery = sentAt(cancel.delivery, nowMs);
  if (isOverdue(delivery)) {
    tellTrouble(
      out,
      context,
      "not-reflected",
      `cancelOrder ${cancel.actionId} does not show in the vehicle's state`,
      nowMs,
    );
    delivery = markReported(delivery);
  }
  return { ...core, cancel: { ...cancel, delivery } };
}

function endCancel(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  cancel: CancelTask,
  orderId: FleetOrderId,
  seen: Report,
): VehicleCore {
  const { task } = core;
  const ours = task !== undefined && task.drive.orderId === orderId ? task : undefined;
  const finished = ours !== undefined && isFinished(ours.drive, seen, (actionId) => hasEnded(core, actionId));
  const how = finished || ours?.ended === "finished" ? "finished" : "cancelled";
  tellOrderEnded(out, context, orderId, how);
  const ended: OrderTask | undefined =
    ours === undefined
      ? task
      : {
          ...ours,
          inFlight: undefined,
          ended: how,
          cancelledBy: cancel.isRepeat ? undefined : cancel.actionId,
        };
  return { ...core, cancel: undefined, task: ended };
}

/**
 * An order that was still on its way when its cancellation ended turns up on the vehicle after all: it is
 * cancelled once more. A vehicle that goes on showing it then has a trouble of another kind.
 */
function repeatCancel(core: VehicleCore, nowMs: number): VehicleCore {
  const { task, seen } = core;
  if (task?.ended !== "cancelled" || task.cancelledBy === undefined || seen === undefined) return core;
  if (seen.orderId !== task.drive.orderId || hasNoWayLeft(seen)) return core;
  const { orderId } = task.drive;
  const cancel = { actionId: `${task.cancelledBy}+late`, delivery: unsent(nowMs), orderId, isRepeat: true };
  return { ...core, cancel };
}
