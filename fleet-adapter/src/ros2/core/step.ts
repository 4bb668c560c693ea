import { afresh, anyReported } from "../../delivery/delivery.ts";
import { judgeFreshness } from "../../delivery/freshness.ts";
import { DIAGNOSTIC_LEVEL, msOf, type Time, type TransformStamped } from "../wire/standard.ts";
import { acceptCancel, deliverCancel, takeCancelAnswer } from "./deliver-cancel.ts";
import { acceptInstruction, deliverInstants, takeInstantAnswer } from "./deliver-instants.ts";
import { acceptDrive, deliverOrder, takeGrantAnswer, takeWorkAnswer } from "./deliver-order.ts";
import { endDoubt, followOrder } from "./follow-order.ts";
import { tellConfirmed, tellTrouble, tellTroubles, tellWorks } from "./tell.ts";
import type { CoreContext, CoreEffect, CoreEvent, Unwell, VehicleCore } from "./vehicle-core.ts";
import { vehicleStateOf } from "./vehicle-state.ts";

/** A vehicle says how it is every second; one that says nothing for so long is not there. */
export const SILENT_AFTER_MS = 5_000;
/** Odometry comes up to fifty times a second; what follows from it, five times is enough for. */
const TELL_EVERY_MS = 200;
/** A pose older than the newest by less than this is a late message; by more, of a vehicle whose clock was set back. */
const OLD_POSE_MS = 10_000;
/** Parts of a vehicle that are remembered as not well. */
const MAX_UNWELL = 64;

/**
 * What becomes of one vehicle by one event, and what is to be done about it. Pure: the same values give the same values,
 * and the time comes in with the event.
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
  const one = [task?.inFlight?.delivery, task?.work?.delivery, cancel?.delivery];
  return isOrderInDoubt || anyReported(one) || instants.some(({ delivery }) => delivery.reported);
}

function take(out: CoreEffect[], context: CoreContext, core: VehicleCore, event: CoreEvent): VehicleCore {
  const { nowMs } = event;
  switch (event.kind) {
    case "drive": {
      const driven = acceptDrive(out, context, core, event.order, nowMs);
      // The vehicle may have been at it before this process was.
      return driven.status === undefined ? driven : followOrder(out, context, driven, driven.status, nowMs);
    }
    case "cancel":
      return acceptCancel(out, context, core, nowMs);
    case "instruct":
      return acceptInstruction(out, context, core, event.instruction, nowMs);
    case "status":
      return takeStatus(out, context, core, event);
    case "odometry": {
      if (!isNewer(core.odometry, event.odometry)) return core;
      const next = { ...core, odometry: event.odometry };
      const isDue = core.odometry === undefined || nowMs - core.toldAtMs >= TELL_EVERY_MS;
      return isDue ? tellState(out, context, next, nowMs) : next;
    }
    case "transforms": {
      const next = { ...core, correction: correctionAfter(context, core, event.transforms) };
      // Found at last: until it is known where it stands, the ground there may be given to another.
      return core.correction === undefined && next.correction !== undefined
        ? tellState(out, context, next, nowMs)
        : next;
    }
    case "battery": {
      const { percentage } = event.battery;
      // To a tenth of a percent.
      const batteryPct =
        percentage === null ? core.batteryPct : Math.min(100, Math.round(percentage * 1_000) / 10);
      return { ...core, batteryPct };
    }
    case "diagnostics":
      return tellTroubles(out, context, { ...core, unwell: unwellAfter(core.unwell, event) }, nowMs);
    case "answer":
      return takeAnswer(out, context, core, event);
    case "goalOver":
      return takeGoalOutcome(out, context, core, event);
    case "link":
      // Nobody could be heard meanwhile: whoever is silent is silent from now on.
      return event.up
        ? sendAfresh({ ...core, linkUp: true, heardAtMs: nowMs }, nowMs)
        : { ...core, linkUp: false };
    case "tick":
      return noticeSilence(out, context, core, nowMs);
  }
}

/** A cancellation first, since orders wait for it; then what is asked for at once; then the order. */
function deliver(out: CoreEffect[], context: CoreContext, core: VehicleCore, nowMs: number): VehicleCore {
  const cancelled = deliverCancel(out, context, core, nowMs);
  const instructed = deliverInstants(out, context, cancelled, nowMs);
  return deliverOrder(out, context, instructed, nowMs);
}

function takeStatus(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  { status, nowMs }: Extract<CoreEvent, { kind: "status" }>,
): VehicleCore {
  const { fresh, known } = judgeFreshness(core.freshness, {
    count: status.sequence,
    atMs: msOf(status.header.stamp),
  });
  if (!fresh) return { ...core, freshness: known };
  const heard = takeConnection(out, context, { ...core, heardAtMs: nowMs }, "online", nowMs);
  const followUp: CoreEffect[] = [];
  let next: VehicleCore = { ...heard, freshness: known, status };
  next = tellWorks(followUp, context, next, status, nowMs);
  next = tellTroubles(followUp, context, next, nowMs);
  next = followOrder(followUp, context, next, status, nowMs);
  next = endDoubt(context, next, status);
  // The state is told first; what follows from it, after.
  next = tellState(out, context, next, nowMs);
  out.push(...followUp);
  return next;
}

function tellState(out: CoreEffect[], context: CoreContext, core: VehicleCore, nowMs: number): VehicleCore {
  const state = vehicleStateOf(context, core);
  if (state === undefined) return core;
  out.push({ kind: "tell", event: { kind: "state", vehicleId: context.vehicleId, state } });
  return { ...core, toldAtMs: nowMs };
}

/** Of all that is on tf only where the frame of its odometry lies in the map counts. */
function correctionAfter(
  { chart }: CoreContext,
  { correction, odometry }: VehicleCore,
  transforms: readonly TransformStamped[],
): TransformStamped | undefined {
  return transforms.reduce(
    (known, one) =>
      one.header.frame_id === chart.mapId &&
      // What places a vehicle may be known before its odometry is.
      one.child_frame_id === (odometry?.header.frame_id ?? one.child_frame_id) &&
      isNewer(known, one)
        ? one
        : known,
    correction,
  );
}

interface Stamped {
  readonly header: { readonly stamp: Time };
}

function isNewer(known: Stamped | undefined, said: Stamped): boolean {
  if (known === undefined) return true;
  const laterMs = msOf(said.header.stamp) - msOf(known.header.stamp);
  return laterMs >= 0 || laterMs < -OLD_POSE_MS;
}

function unwellAfter(
  before: ReadonlyMap<string, Unwell>,
  { diagnostics }: Extract<CoreEvent, { kind: "diagnostics" }>,
): ReadonlyMap<string, Unwell> {
  const unwell = new Map(before);
  for (const { name, level, message } of diagnostics.status) {
    if (level === DIAGNOSTIC_LEVEL.ok) unwell.delete(name);
    else if (unwell.has(name) || unwell.size < MAX_UNWELL) unwell.set(name, { level, message });
  }
  return unwell;
}

function takeAnswer(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  { to, answer, nowMs }: Extract<CoreEvent, { kind: "answer" }>,
): VehicleCore {
  let next = core;
  if (answer.kind === "status") {
    const { status, odometry } = answer;
    if (isNewer(core.odometry, odometry)) next = { ...next, odometry };
    next = takeStatus(out, context, next, { kind: "status", status, nowMs });
  }
  switch (to.about) {
    case "grant":
      return takeGrantAnswer(out, context, next, to, answer, nowMs);
    case "cancel":
      return takeCancelAnswer(out, context, next, to.orderId, answer, nowMs);
    case "work":
      return takeWorkAnswer(out, context, next, to.workId, answer, nowMs);
    case "instant":
      return takeInstantAnswer(out, context, next, to.actionId, answer, nowMs);
  }
}

/**
 * Only the end of the newest path is news: the ones before it end because it took their place. Nor is that of an order that is given
 * up: an action server of ROS cannot cancel a goal by itself, and aborts it.
 */
function takeGoalOutcome(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  { orderId, updateId, outcome, nowMs }: Extract<CoreEvent, { kind: "goalOver" }>,
): VehicleCore {
  const { task } = core;
  if (outcome.kind !== "aborted" || task === undefined || task.ended !== undefined) return core;
  if (core.cancel !== undefined) return core;
  if (task.drive.orderId !== orderId || updateId !== task.nextUpdateId - 1) return core;
  tellTrouble(out, context, "vehicle-error", `the goal of ${orderId} was aborted: ${outcome.detail}`, nowMs);
  return core;
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
  return connection === "online" ? sendAfresh(next, nowMs) : next;
}

function noticeSilence(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  nowMs: number,
): VehicleCore {
  const { heardAtMs, linkUp, connection } = core;
  if (!linkUp || connection !== "online" || heardAtMs === undefined) return core;
  if (nowMs - heardAtMs < SILENT_AFTER_MS) return core;
  // It may have started again meanwhile, and count its statuses from the beginning.
  return takeConnection(out, context, { ...core, freshness: undefined }, "broken", nowMs);
}

/** What is under way goes out again at once: it may have been lost with the connection. */
function sendAfresh(core: VehicleCore, nowMs: number): VehicleCore {
  const { task, cancel } = core;
  const again = <T extends { readonly delivery: Parameters<typeof afresh>[0] }>(one: T): T => ({
    ...one,
    delivery: afresh(one.delivery, nowMs),
  });
  return {
    ...core,
    task:
      task === undefined
        ? undefined
        : {
            ...task,
            inFlight: task.inFlight === undefined ? undefined : again(task.inFlight),
            work: task.work === undefined ? undefined : again(task.work),
          },
    cancel: cancel === undefined ? undefined : again(cancel),
    instants: core.instants.map(again),
  };
}
