import { afresh, anyReported } from "../../delivery/delivery.ts";
import { judgeFreshness } from "../../delivery/freshness.ts";
import { watchBase } from "./base-watch.ts";
import { acceptCancel, deliverCancel } from "./deliver-cancel.ts";
import { acceptInstruction, answerRequests, deliverInstants } from "./deliver-instants.ts";
import { acceptDrive, deliverOrder, endDoubt, followOrder } from "./deliver-order.ts";
import type { CoreContext } from "./order-messages.ts";
import { tellActions, tellConfirmed, tellErrors } from "./tell.ts";
import type { CoreEffect, CoreEvent, VehicleCore } from "./vehicle-core.ts";
import { vehicleStateOf } from "./vehicle-state.ts";

/**
 * What becomes of one vehicle by one event, and what is to be done about it. Pure: the same values give the
 * same values, and the time comes in with the event.
 */
export function step(
  context: CoreContext,
  core: VehicleCore,
  event: CoreEvent,
): readonly [VehicleCore, readonly CoreEffect[]] {
  const out: CoreEffect[] = [];
  const changed = take(out, context, core, event);
  const next = deliver(out, context, changed, event.nowMs);
  if (isDoubted(core) && !isDoubted(next)) tellConfirmed(out, context, event.nowMs);
  return [next, out];
}

/** Whether a person was told of something that the vehicle does not show. */
function isDoubted({ task, cancel, instants, isOrderInDoubt }: VehicleCore): boolean {
  const one = [task?.inFlight?.delivery, cancel?.delivery];
  return isOrderInDoubt || anyReported(one) || instants.some(({ delivery }) => delivery.reported);
}

function take(out: CoreEffect[], context: CoreContext, core: VehicleCore, event: CoreEvent): VehicleCore {
  switch (event.kind) {
    case "drive": {
      const driven = acceptDrive(out, context, core, event.order, event.nowMs);
      // The vehicle may have been at it before this process was.
      return driven.seen === undefined ? driven : followOrder(out, context, driven, driven.seen, event.nowMs);
    }
    case "cancel":
      return acceptCancel(out, context, core, event.actionId, event.nowMs);
    case "instruct":
      return acceptInstruction(out, context, core, event.instruction, event.nowMs);
    case "state":
      return takeState(out, context, core, event);
    case "connection":
      return takeConnection(out, context, core, event.connection, event.nowMs);
    case "factsheet":
      return answerRequests({ ...core, sheet: event.sheet }, "factsheetRequest");
    case "link":
      return event.up ? sendAfresh({ ...core, linkUp: true }, event.nowMs) : { ...core, linkUp: false };
    case "tick":
      return core;
  }
}

/** A cancellation first, since orders wait for it; then what is asked for at once; then the order. */
function deliver(out: CoreEffect[], context: CoreContext, core: VehicleCore, nowMs: number): VehicleCore {
  const cancelled = deliverCancel(out, context, core, nowMs);
  const instructed = deliverInstants(out, context, cancelled, nowMs);
  return deliverOrder(out, context, instructed, nowMs);
}

function takeState(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  { state, nowMs }: Extract<CoreEvent, { kind: "state" }>,
): VehicleCore {
  const { fresh, known } = judgeFreshness(core.freshness, { count: state.headerId, atMs: state.atMs });
  if (!fresh) return { ...core, freshness: known };
  // Not every vehicle says ONLINE again after its connection broke; one that reports is there.
  const heard = takeConnection(out, context, core, "online", nowMs);
  const followUp: CoreEffect[] = [];
  let next = answerRequests({ ...heard, freshness: known, seen: state }, "stateRequest");
  next = tellActions(followUp, context, next, state, nowMs);
  next = tellErrors(followUp, context, next, state, nowMs);
  next = followOrder(followUp, context, next, state, nowMs);
  next = endDoubt(context, next, state);
  next = watchBase(followUp, context, next, state, nowMs);
  const { task } = next;
  const revision = task !== undefined && task.drive.orderId === state.orderId ? task.reflectedRevision : -1;
  // The state is told first; what follows from it, after.
  out.push({
    kind: "tell",
    event: { kind: "state", vehicleId: context.vehicleId, state: vehicleStateOf(context, state, revision) },
  });
  out.push(...followUp);
  return next;
}

function takeConnection(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  connection: VehicleCore["connection"],
  nowMs: number,
): VehicleCore {
  if (core.connection === connection) return core;
  const { vehicleId } = context;
  out.push({ kind: "tell", event: { kind: "connection", vehicleId, connection, atMs: nowMs } });
  const next = { ...core, connection };
  // A vehicle that comes back may have started again and count its messages from 0 (section 6.4).
  return connection === "online" ? sendAfresh({ ...next, freshness: undefined }, nowMs) : next;
}

/** What is under way goes out again at once: it may have been lost with the connection. */
function sendAfresh(core: VehicleCore, nowMs: number): VehicleCore {
  const { task, cancel } = core;
  const inFlight = task?.inFlight;
  return {
    ...core,
    task:
      task === undefined || inFlight === undefined
        ? task
        : { ...task, inFlight: { ...inFlight, delivery: afresh(inFlight.delivery, nowMs) } },
    cancel: cancel === undefined ? undefined : { ...cancel, delivery: afresh(cancel.delivery, nowMs) },
    instants: core.instants.map((one) => ({ ...one, delivery: afresh(one.delivery, nowMs) })),
  };
}
