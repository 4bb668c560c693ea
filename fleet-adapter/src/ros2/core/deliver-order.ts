import { isDue, isOverdue, markReported, sentAt, unsent } from "../../delivery/delivery.ts";
import type { DriveAction, DriveOrder } from "../../port.ts";
import type { WorkRequest } from "../wire/services.ts";
import { MODE, type VehicleStatus, WORK_KIND } from "../wire/vehicle-status.ts";
import { flawOfGround } from "./fenced-way.ts";
import { reachedIndex, takesNewOrder } from "./held.ts";
import { firstWay, flawOfDriveOrder, grantMessages, planGrant, type Way } from "./plan-grant.ts";
import { hasEnded, tellAction, tellOrderEnded, tellTrouble } from "./tell.ts";
import {
  type Answer,
  type CoreContext,
  type CoreEffect,
  newTask,
  type OrderTask,
  type SentGrant,
  type VehicleCore,
} from "./vehicle-core.ts";

/** How long to leave a vehicle alone that has refused something. */
export const RETRY_MS = 8_000;

/** Takes a statement of the way in: a later revision of the order under way, or the order to come after it. */
export function acceptDrive(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  order: DriveOrder,
  nowMs: number,
): VehicleCore {
  const flaw = flawOfDriveOrder(order, context);
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
    // An order that has ended goes on where it stopped.
    return { ...core, task: { ...task, drive: order, contradiction: undefined, ended: undefined } };
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

/** Sends what the vehicle has to be told next, if it may be told. */
export function deliverOrder(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  nowMs: number,
): VehicleCore {
  const { status } = core;
  if (status === undefined || core.cancel !== undefined || !mayCommand(context, core, status)) return core;
  let next = core;
  if (next.queued !== undefined && (next.task === undefined || next.task.ended !== undefined)) {
    next = beginTask(out, context, { ...next, queued: undefined }, next.queued, nowMs);
  }
  const { task } = next;
  if (task === undefined || task.ended !== undefined) return next;
  const due = task.inFlight === undefined ? task : giveUpWaiting(out, context, task, task.inFlight, nowMs);
  if (due === undefined) return next;
  // It may say only now that it plans its own way.
  const beyond = flawOfGround(task.drive, context);
  if (beyond !== undefined) return contradicted(out, context, next, due, beyond, nowMs);
  const ended = (actionId: string): boolean => hasEnded(next, actionId);
  if (status.order_id !== task.drive.orderId) {
    // No new order before the vehicle is done with the old one, nor while it is being handed over.
    const isLeaving = next.instants.some(({ instruction }) => instruction.kind === "transferControl");
    return takesNewOrder(status) && !isLeaving
      ? send(out, context, next, due, firstWay(task.drive, ended), status, nowMs)
      : next;
  }
  const plan = planGrant(task.drive, status, ended);
  switch (plan.kind) {
    case "send":
      if (plan.isRevival && nowMs - due.sentAtMs < RETRY_MS) return next;
      return send(out, context, next, due, plan.way, status, nowMs);
    case "nothing": {
      const held = { ...due, reflectedRevision: task.drive.revision, inFlight: undefined };
      return doWork(out, context, { ...next, task: held }, held, status, nowMs);
    }
    case "contradiction":
      return contradicted(out, context, next, due, plan.detail, nowMs);
  }
}

/** The order cannot be told as it stands; a person is told so once. */
function contradicted(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  task: OrderTask,
  detail: string,
  nowMs: number,
): VehicleCore {
  if (task.contradiction === undefined) {
    tellTrouble(out, context, "order-refused", `${task.drive.orderId}: ${detail}`, nowMs);
  }
  return { ...core, task: { ...task, inFlight: undefined, contradiction: detail } };
}

/** Whether this side may tell the vehicle anything now: it holds the vehicle, and the vehicle listens. */
function mayCommand(context: CoreContext, core: VehicleCore, status: VehicleStatus): boolean {
  const listens = status.mode <= MODE.semiautomatic;
  return core.linkUp && core.connection === "online" && status.authority === context.side && listens;
}

/** A grant on its way is waited for until it is due again; then it is planned anew from what the vehicle shows. */
function giveUpWaiting(
  out: CoreEffect[],
  context: CoreContext,
  task: OrderTask,
  inFlight: SentGrant,
  nowMs: number,
): OrderTask | undefined {
  if (!isDue(inFlight.delivery, nowMs)) return undefined;
  if (!isOverdue(inFlight.delivery)) return task;
  const detail = `${task.drive.orderId} update ${inFlight.request.update_id} does not show in the vehicle's status`;
  tellTrouble(out, context, "not-reflected", detail, nowMs);
  return { ...task, inFlight: { ...inFlight, delivery: markReported(inFlight.delivery) } };
}

function send(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  task: OrderTask,
  way: Way,
  status: VehicleStatus,
  nowMs: number,
): VehicleCore {
  const { orderId, revision } = task.drive;
  const shown = status.order_id === orderId ? status.update_id + 1 : 0;
  // Each sending has an update id of its own: what of it gets lost on its way can then never be taken for another.
  const updateId = Math.max(shown, task.nextUpdateId);
  const messages = grantMessages(context, way, { epoch: status.epoch, orderId, updateId }, nowMs);
  if (messages === undefined) return core;
  const to = { about: "grant", orderId, updateId } as const;
  out.push({ kind: "call", service: "grant", request: messages.request, to });
  const before = task.inFlight;
  const delivery = sentAt(before?.delivery ?? unsent(nowMs), nowMs);
  const inFlight = { ...messages, revision, delivery, refusal: before?.refusal };
  return { ...core, task: { ...task, inFlight, nextUpdateId: updateId + 1, sentAtMs: nowMs } };
}

/** The vehicle's answer to the names of a path: the path follows, or a person is told why it does not want it. */
export function takeGrantAnswer(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  to: { readonly orderId: string; readonly updateId: number },
  answer: Answer,
  nowMs: number,
): VehicleCore {
  const { task } = core;
  const inFlight = task?.inFlight;
  // An answer to what is no longer meant.
  if (task === undefined || inFlight === undefined || core.cancel !== undefined) return core;
  if (task.drive.orderId !== to.orderId || inFlight.request.update_id !== to.updateId) return core;
  // The call was lost, or its answer: it is repeated when it is due.
  if (answer.kind !== "verdict") return core;
  if (answer.accepted) {
    out.push({ kind: "sendGoal", ...inFlight.goal, orderId: to.orderId, updateId: to.updateId });
    return core;
  }
  if (inFlight.refusal !== answer.reason) {
    tellTrouble(out, context, "order-refused", `${to.orderId}: ${answer.reason}`, nowMs);
  }
  const delivery = { ...inFlight.delivery, dueMs: nowMs + RETRY_MS, reported: true };
  return { ...core, task: { ...task, inFlight: { ...inFlight, refusal: answer.reason, delivery } } };
}

/** Asks for the next piece of work of the node at which the vehicle stands, one after the other. */
function doWork(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  task: OrderTask,
  status: VehicleStatus,
  nowMs: number,
): VehicleCore {
  if (status.driving || status.ahead.length > 0) return core;
  const index = reachedIndex(task.drive, status);
  const action =
    index === undefined
      ? undefined
      : task.drive.nodes[index]?.actions.find(({ actionId }) => !hasEnded(core, actionId));
  if (action === undefined || status.works.some((work) => work.work_id === action.actionId)) return core;
  const before = task.work?.workId === action.actionId ? task.work : undefined;
  if (before !== undefined && !isDue(before.delivery, nowMs)) return core;
  const request = workRequest(context, status, action);
  out.push({
    kind: "call",
    service: "work",
    request,
    to: { about: "work", workId: action.actionId },
  });
  let delivery = sentAt(before?.delivery ?? unsent(nowMs), nowMs);
  if (isOverdue(delivery)) {
    const detail = `${action.kind} ${action.actionId} does not show in the vehicle's status`;
    tellTrouble(out, context, "not-reflected", detail, nowMs);
    delivery = markReported(delivery);
  }
  return {
    ...core,
    task: { ...task, work: { workId: action.actionId, delivery, refusal: before?.refusal } },
  };
}

export function takeWorkAnswer(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  workId: string,
  answer: Answer,
  nowMs: number,
): VehicleCore {
  const { task } = core;
  const work = task?.work;
  if (task === undefined || work?.workId !== workId) return core;
  if (answer.kind !== "verdict" || answer.accepted) return core;
  if (work.refusal !== answer.reason) {
    tellTrouble(out, context, "order-refused", `${workId}: ${answer.reason}`, nowMs);
  }
  const delivery = { ...work.delivery, dueMs: nowMs + RETRY_MS, reported: true };
  return { ...core, task: { ...task, work: { ...work, delivery, refusal: answer.reason } } };
}

function workRequest({ side }: CoreContext, { epoch }: VehicleStatus, action: DriveAction): WorkRequest {
  const { actionId, kind } = action;
  const what = { load_id: "", station_id: "" };
  if (action.kind !== "startCharging") {
    what.load_id = action.loadId;
    what.station_id = action.stationId;
  }
  return { side, epoch, work_id: actionId, kind: WORK_KIND[kind], ...what };
}
