import { isDue, isOverdue, markReported, sentAt, unsent } from "../../delivery/delivery.ts";
import type { DriveOrder } from "../../port.ts";
import type { OrderBody } from "../model/order.ts";
import type { Report } from "../model/report.ts";
import { overrunNode } from "./base-watch.ts";
import { awaitsInstants } from "./deliver-instants.ts";
import { flawForVehicle } from "./fit.ts";
import { mayOrder } from "./modes.ts";
import { type CoreContext, flawOfDriveOrder, isHeld, lastReleased } from "./order-messages.ts";
import { planFirst, planUpdate } from "./plan-order.ts";
import { decisionPoint, hasNoWayLeft, isFinished, takesNewOrder } from "./progress.ts";
import { hasEnded, tellAction, tellOrderEnded, tellTrouble } from "./tell.ts";
import {
  type CoreEffect,
  type Fit,
  newTask,
  type OrderTask,
  type SentOrder,
  type VehicleCore,
} from "./vehicle-core.ts";

/** Updates for one revision before it is a case for a person: the vehicle takes them and does not hold them. */
const MAX_UPDATES_OF_REVISION = 5;

/** Takes a statement of the way in: a later revision of the order under way, or the order to come after it. */
export function acceptDrive(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  order: DriveOrder,
  nowMs: number,
): VehicleCore {
  const flaw = flawOfDriveOrder(order, context.chart);
  if (flaw !== undefined) {
    tellTrouble(out, context, "order-refused", `${order.orderId} revision ${order.revision}: ${flaw}`, nowMs);
    return core;
  }
  const { task, queued } = core;
  if (task !== undefined && task.drive.orderId === order.orderId) {
    if (order.revision <= task.drive.revision) return core;
    if (task.ended === "cancelled") {
      tellOrderEnded(out, context, order.orderId, "cancelled");
      return { ...core, task: { ...task, drive: order } };
    }
    // An order that has ended goes on where it stopped (section 6.6.2, figure 8, question 8).
    return { ...core, task: { ...task, drive: order, updatesOfRevision: 0, ended: undefined } };
  }
  if (queued !== undefined && queued.orderId === order.orderId && order.revision <= queued.revision)
    return core;
  if (queued !== undefined && queued.orderId !== order.orderId) {
    tellOrderEnded(out, context, queued.orderId, "cancelled");
  }
  // A cancellation under way is for what was asked before it, not for this.
  const isFree = core.cancel === undefined && (task === undefined || task.ended !== undefined);
  if (isFree) return beginTask(out, context, { ...core, queued: undefined }, order, nowMs);
  return { ...core, queued: order };
}

function beginTask(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  order: DriveOrder,
  nowMs: number,
): VehicleCore {
  // Whoever asks again after a restart is told again of what has been done.
  for (const { actionId } of order.nodes.flatMap((node) => node.actions)) {
    const told = core.statuses.get(actionId);
    if (told !== undefined) tellAction(out, context, actionId, told, nowMs);
  }
  return { ...core, task: newTask(order) };
}

/** Takes from the newest state what has become of the order. Called for each state, before anything is sent. */
export function followOrder(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  state: Report,
  nowMs: number,
): VehicleCore {
  const { task } = core;
  if (task === undefined || task.ended !== undefined) return core;
  const end = (how: "finished" | "cancelled", why?: string): VehicleCore => {
    const isLost = why !== undefined;
    if (isLost) tellTrouble(out, context, "not-reflected", `${task.drive.orderId}: ${why}`, nowMs);
    tellOrderEnded(out, context, task.drive.orderId, how);
    const isOrderInDoubt = isLost || core.isOrderInDoubt;
    return { ...core, task: { ...task, inFlight: undefined, ended: how }, isOrderInDoubt };
  };
  const isOurs = (state.control?.authority ?? context.side) === context.side;
  const isHere = state.orderId === task.drive.orderId;
  if (!isOurs && task.known && core.cancel === undefined && (!isHere || hasNoWayLeft(state))) {
    // It answers to the other side, and has driven our order to its end or let go of it. What it says of its place from
    // there on is in the other side's order.
    return end(task.reflected?.nodes.every((node) => node.released) === true ? "finished" : "cancelled");
  }
  if (!isHere) {
    if (!task.known || core.cancel !== undefined) return core;
    return end("cancelled", "the vehicle no longer knows the order");
  }
  const current = reflect(task, state);
  if (core.cancel === undefined) {
    if (isFinished(current.drive, state, (actionId) => hasEnded(core, actionId))) return end("finished");
    if (gaveUp(current, state)) return end("cancelled", "the vehicle gave it up before the end of its base");
  }
  return { ...core, task: current };
}

/** The doubt is over once the vehicle holds an order as it was told, or answers to the other side. */
export function endDoubt(context: CoreContext, core: VehicleCore, state: Report): VehicleCore {
  if (!core.isOrderInDoubt) return core;
  const { task } = core;
  const isOurs = (state.control?.authority ?? context.side) === context.side;
  const isAtIt = task?.ended === undefined && task?.drive.orderId === state.orderId;
  const holds = isAtIt && task?.reflected !== undefined && isHeld(task.reflected, state);
  return holds || !isOurs ? { ...core, isOrderInDoubt: false } : core;
}

function reflect(task: OrderTask, state: Report): OrderTask {
  const nextUpdateId = Math.max(task.nextUpdateId, state.orderUpdateId + 1);
  const { inFlight } = task;
  const taken = inFlight !== undefined && state.orderUpdateId >= inFlight.body.orderUpdateId;
  const reflected = taken ? inFlight.body : task.reflected;
  const held = reflected !== undefined && isHeld(reflected, state);
  return {
    ...task,
    known: true,
    nextUpdateId,
    inFlight: taken ? undefined : inFlight,
    reflected,
    reflectedRevision: taken ? inFlight.revision : task.reflectedRevision,
    wasHeld: held || (!taken && task.wasHeld),
  };
}

/** A vehicle that was taken in hand clears its orders (section 6.10.6, MANUAL): nothing left of a base that it held and has not driven. */
function gaveUp(task: OrderTask, state: Report): boolean {
  const end = task.reflected === undefined ? undefined : lastReleased(task.reflected);
  if (end === undefined || !task.wasHeld || !hasNoWayLeft(state)) return false;
  return state.orderUpdateId === task.reflected?.orderUpdateId && state.lastNodeSequenceId < end.sequenceId;
}

/** Sends what the vehicle has to be told next, if it may be told. */
export function deliverOrder(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  nowMs: number,
): VehicleCore {
  const { seen } = core;
  if (seen === undefined || core.cancel !== undefined || !mayCommand(context, core, seen)) return core;
  if (overrunNode(context, core, seen) !== undefined) return core;
  let next = core;
  if (next.queued !== undefined && (next.task === undefined || next.task.ended !== undefined)) {
    next = beginTask(out, context, { ...next, queued: undefined }, next.queued, nowMs);
  }
  const { task } = next;
  if (task === undefined || task.ended !== undefined) return next;
  if (task.inFlight !== undefined) return repeat(out, context, next, task, task.inFlight, seen, nowMs);
  if (seen.orderId === task.drive.orderId) return update(out, context, next, task, seen, nowMs);
  // No new order before the vehicle is done with the old one (section 6.6.2, figure 8, question 3).
  if (!takesNewOrder(seen) || awaitsInstants(next) || isTooSoon(next, nowMs)) return next;
  if (task.updatesOfRevision > MAX_UPDATES_OF_REVISION) return next;
  const fitted = fittedTask(next, task);
  const flaw = flawForVehicle(task.drive, fitted.fit.sheet, context.chart);
  if (flaw !== undefined) return refuseRevision(out, context, next, task, flaw, nowMs);
  const plan = planFirst(task.drive, seen, context, fitted.fit.sheet);
  if (plan.kind === "contradiction") return refuseRevision(out, context, next, task, plan.detail, nowMs);
  return send(out, next, fitted, plan, false, nowMs);
}

/**
 * The task with what its vehicle is told by: the factsheet as it was when the order was first sent, since what was said
 * once has to be said again unchanged (section 6.6.2).
 */
function fittedTask(core: VehicleCore, task: OrderTask): OrderTask & { readonly fit: Fit } {
  return { ...task, fit: task.fit ?? { sheet: core.sheet } };
}

/** Tells once that this revision cannot be told to the vehicle; the next one is tried again. */
function refuseRevision(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  task: OrderTask,
  why: string,
  nowMs: number,
): VehicleCore {
  tellTrouble(out, context, "order-refused", `${task.drive.orderId}: ${why}`, nowMs);
  return { ...core, task: { ...task, updatesOfRevision: MAX_UPDATES_OF_REVISION + 1 } };
}

/** Whether the vehicle wants more time between two order messages (2.1 section 7.8, `minOrderInterval`). */
function isTooSoon({ orderSentAtMs, sheet }: VehicleCore, nowMs: number): boolean {
  if (orderSentAtMs === undefined || sheet === undefined) return false;
  return nowMs - orderSentAtMs < sheet.limits.minOrderIntervalMs;
}

/** Whether this side may tell the vehicle anything now: it holds the vehicle, and the vehicle listens (section 6.10.6). */
function mayCommand(context: CoreContext, core: VehicleCore, seen: Report): boolean {
  return core.linkUp && core.connection === "online" && mayOrder(context.side, seen);
}

function update(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  task: OrderTask,
  seen: Report,
  nowMs: number,
): VehicleCore {
  if (task.updatesOfRevision > MAX_UPDATES_OF_REVISION || task.reflectedRevision === task.drive.revision) {
    return settle(out, context, core, task, seen, nowMs);
  }
  const fitted = fittedTask(core, task);
  const { sheet } = fitted.fit;
  const plan = planUpdate(task.drive, seen, task.reflected, context, sheet);
  if (plan.kind === "nothing") {
    return plan.isWhole ? { ...core, task: { ...fitted, reflectedRevision: task.drive.revision } } : core;
  }
  const flaw = plan.kind === "contradiction" ? plan.detail : flawForVehicle(task.drive, sheet, context.chart);
  if (plan.kind === "contradiction" || flaw !== undefined) {
    return refuseRevision(out, context, core, task, flaw ?? "", nowMs);
  }
  return isTooSoon(core, nowMs) ? core : send(out, core, fitted, plan, true, nowMs);
}

/**
 * The vehicle has taken the newest revision. Should it not hold what was sent, as when a message of this
 * adapter's former life reached it first under the same update id, the difference is made good.
 */
function settle(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  task: OrderTask,
  seen: Report,
  nowMs: number,
): VehicleCore {
  if (task.reflected === undefined || isHeld(task.reflected, seen)) return core;
  if (task.updatesOfRevision > MAX_UPDATES_OF_REVISION) return core;
  if (task.updatesOfRevision === MAX_UPDATES_OF_REVISION) {
    const detail = `${task.drive.orderId}: the vehicle takes updates but does not hold what they say`;
    tellTrouble(out, context, "not-reflected", detail, nowMs);
    const given = { ...task, updatesOfRevision: MAX_UPDATES_OF_REVISION + 1 };
    return { ...core, task: given, isOrderInDoubt: true };
  }
  return update(out, context, core, { ...task, reflected: undefined, reflectedRevision: -1 }, seen, nowMs);
}

function repeat(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  task: OrderTask,
  inFlight: SentOrder,
  seen: Report,
  nowMs: number,
): VehicleCore {
  if (!isDue(inFlight.delivery, nowMs) || isTooSoon(core, nowMs)) return core;
  const begins = inFlight.body.nodes[0]?.sequenceId;
  if (inFlight.isUpdate && seen.orderId === task.drive.orderId && begins !== decisionPoint(seen).sequenceId) {
    // It begins where the vehicle's base does not end any more: no vehicle would take it.
    return update(
      out,
      context,
      core,
      { ...task, inFlight: undefined, reflected: undefined, reflectedRevision: -1 },
      seen,
      nowMs,
    );
  }
  out.push({ kind: "publishOrder", body: inFlight.body });
  let delivery = sentAt(inFlight.delivery, nowMs);
  if (isOverdue(delivery)) {
    const detail = `${task.drive.orderId} update ${inFlight.body.orderUpdateId} does not show in the vehicle's state`;
    tellTrouble(out, context, "not-reflected", detail, nowMs);
    delivery = markReported(delivery);
  }
  return { ...core, orderSentAtMs: nowMs, task: { ...task, inFlight: { ...inFlight, delivery } } };
}

function send(
  out: CoreEffect[],
  core: VehicleCore,
  task: OrderTask,
  { body: planned, isWhole }: { readonly body: OrderBody; readonly isWhole: boolean },
  isUpdate: boolean,
  nowMs: number,
): VehicleCore {
  const body = { ...planned, orderUpdateId: Math.max(planned.orderUpdateId, task.nextUpdateId) };
  out.push({ kind: "publishOrder", body });
  return {
    ...core,
    orderSentAtMs: nowMs,
    task: {
      ...task,
      inFlight: {
        body,
        // Of an order that the vehicle has no room for, a part is not the revision.
        revision: isWhole ? task.drive.revision : task.reflectedRevision,
        isUpdate,
        delivery: sentAt(unsent(nowMs), nowMs),
      },
      nextUpdateId: body.orderUpdateId + 1,
      updatesOfRevision: isWhole ? task.updatesOfRevision + 1 : task.updatesOfRevision,
    },
  };
}
