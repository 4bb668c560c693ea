import { actionIdOf } from "../../names.ts";
import type { Report } from "../model/report.ts";
import { acceptInstruction } from "./deliver-instants.ts";
import { type CoreContext, lastReleased } from "./order-messages.ts";
import { tellTrouble } from "./tell.ts";
import type { CoreEffect, VehicleCore } from "./vehicle-core.ts";

/**
 * The node beyond which a vehicle has gone without leave: the last one that was released to it. Undefined for a vehicle
 * that is where it may be, or of which it cannot be told: what a former life of this adapter released, or the other
 * side, is not known here.
 */
export function overrunNode(context: CoreContext, core: VehicleCore, state: Report): string | undefined {
  const { task } = core;
  if (task?.reflected === undefined || !task.known || state.orderId !== task.drive.orderId) return undefined;
  if ((state.control?.authority ?? context.side) !== context.side) return undefined;
  const end = lastReleased(task.reflected);
  // An update is on its way to the vehicle before its state shows it.
  const next = task.inFlight === undefined ? undefined : lastReleased(task.inFlight.body);
  const farthest = Math.max(end?.sequenceId ?? 0, next?.sequenceId ?? 0);
  // One that has just taken an order may name it with the place of its last node in the order before.
  const isAtStart = state.nodeStates.some(({ released, sequenceId }) => released && sequenceId <= farthest);
  return state.lastNodeSequenceId > farthest && !isAtStart ? end?.nodeId : undefined;
}

/**
 * Stops a vehicle that has gone past the last node that was released to it, and tells of it, once a place. It drives on
 * ground that nobody granted it: a vehicle "shall not traverse" what is not released (VDA 5050 2.1 section 6.6.1, 3.0
 * section 6.1.1), and real ones have. It is told nothing more of that order; a person cancels it.
 */
export function watchBase(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  state: Report,
  nowMs: number,
): VehicleCore {
  const passed = overrunNode(context, core, state);
  if (passed === undefined) return core;
  const actionId = actionIdOf(`${state.orderId}:beyond-base:${state.lastNodeSequenceId}`);
  if (core.statuses.has(actionId) || core.instants.some(({ action }) => action.actionId === actionId))
    return core;
  const detail = `${state.orderId}: at ${state.lastNodeId}, past ${passed}, the last node released to it; it is told to stop`;
  tellTrouble(out, context, "beyond-base", detail, nowMs);
  return acceptInstruction(out, context, core, { kind: "pause", actionId }, nowMs);
}
