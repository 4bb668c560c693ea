import { isDue, isOverdue, markReported, sentAt, unsent } from "../../delivery/delivery.ts";
import type { Instruction } from "../../port.ts";
import type { Report } from "../model/report.ts";
import { instantAction } from "./actions.ts";
import { fittedAction, type Sheet } from "./fit.ts";
import { mayInstruct } from "./modes.ts";
import type { CoreContext } from "./order-messages.ts";
import { shownAction } from "./progress.ts";
import { tellAction, tellTrouble, withStatus } from "./tell.ts";
import type { CoreEffect, InstantTask, VehicleCore } from "./vehicle-core.ts";

/** Takes an instruction in. One that is under way is not asked for again, one that has ended is told again. */
export function acceptInstruction(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  instruction: Instruction,
  nowMs: number,
): VehicleCore {
  const told = core.statuses.get(instruction.actionId);
  if (told !== undefined) {
    tellAction(out, context, instruction.actionId, told, nowMs);
    return core;
  }
  if (core.instants.some((task) => task.instruction.actionId === instruction.actionId)) return core;
  const task = { instruction, action: instantAction(instruction, context.chart), delivery: unsent(nowMs) };
  const kept = dropOvertaken(out, context, core, instruction, nowMs);
  return { ...kept, instants: [...kept.instants, task] };
}

/**
 * A pause that the vehicle has not shown yet must not be repeated after a later resume, nor the reverse: the
 * repetition would undo what was asked for last.
 */
function dropOvertaken(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  by: Instruction,
  nowMs: number,
): VehicleCore {
  const opposite = by.kind === "pause" ? "resume" : by.kind === "resume" ? "pause" : undefined;
  let next = core;
  for (const task of core.instants) {
    if (task.instruction.kind === opposite)
      next = give(out, context, next, task, "failed", `overtaken by ${by.kind}`, nowMs);
  }
  return next;
}

/** Sends what is due, and lets go of what the vehicle's state shows (VDA 5050 2.1 section 6.9). */
export function deliverInstants(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  nowMs: number,
): VehicleCore {
  const { seen } = core;
  if (core.instants.length === 0) return core;
  let next: VehicleCore = { ...core, instants: core.instants.filter((task) => !isShown(task, seen)) };
  for (const task of next.instants) {
    const verdict = transferVerdict(task.instruction, seen);
    if (verdict !== undefined) {
      next = give(out, context, next, task, verdict.status, verdict.detail, nowMs);
      continue;
    }
    const flaw = flawOfInstruction(task, core.sheet);
    if (flaw !== undefined) {
      next = give(out, context, next, task, "failed", flaw, nowMs);
    } else if (
      next.linkUp &&
      isDue(task.delivery, nowMs) &&
      isHeard(core, task) &&
      mayInstruct(context.side, seen, task.instruction.kind)
    ) {
      out.push({ kind: "publishInstantActions", actions: [fittedAction(task.action, core.sheet)] });
      let delivery = sentAt(task.delivery, nowMs);
      if (isOverdue(delivery)) {
        const detail = `${task.action.actionType} ${task.action.actionId} does not show in the vehicle's state`;
        tellTrouble(out, context, "not-reflected", detail, nowMs);
        delivery = markReported(delivery);
      }
      next = { ...next, instants: next.instants.map((one) => (one === task ? { ...task, delivery } : one)) };
    }
  }
  return next;
}

/** One that sleeps hears only that it is to wake up (3.0 section 6.2.3.1): the rest is said when it has. */
const isHeard = ({ connection }: VehicleCore, { instruction }: InstantTask): boolean =>
  connection !== "asleep" || instruction.kind === "wake";

/**
 * Instant actions that a vehicle must show before it gets a new order: that order removes the states of ended
 * actions (section 6.10.6), and what was not seen would be asked for again.
 */
export function awaitsInstants(core: VehicleCore): boolean {
  return core.instants.some(({ instruction, delivery }) => delivery.sends > 0 && !isRequest(instruction));
}

/** What every vehicle takes (3.0 section 6.2.3; 2.1 section 6.8.1), and Baton's own action, to which the register answers. */
const NEEDS_NO_LISTING: ReadonlySet<Instruction["kind"]> = new Set([
  "pause",
  "resume",
  "stateRequest",
  "factsheetRequest",
  "transferControl",
]);

/** Why a vehicle is not asked for something: its factsheet does not list it (2.1 section 7.8, 3.0 section 7.10). */
function flawOfInstruction({ instruction, action }: InstantTask, sheet: Sheet): string | undefined {
  if (sheet === undefined || NEEDS_NO_LISTING.has(instruction.kind)) return undefined;
  const isListed = sheet.actions.get(action.actionType)?.scopes.includes("INSTANT") === true;
  return isListed ? undefined : `the factsheet does not list ${action.actionType} as an instant action`;
}

/** Lets go of requests that a message of the vehicle has answered. */
export function answerRequests(core: VehicleCore, kind: "stateRequest" | "factsheetRequest"): VehicleCore {
  const open = core.instants.filter((task) => task.instruction.kind !== kind || task.delivery.sends === 0);
  return open.length === core.instants.length ? core : { ...core, instants: open };
}

function isRequest(instruction: Instruction): boolean {
  return instruction.kind === "stateRequest" || instruction.kind === "factsheetRequest";
}

function isShown(task: InstantTask, seen: Report | undefined): boolean {
  return seen !== undefined && shownAction(seen, task.action.actionId) !== undefined;
}

/**
 * The control register is the witness of a transfer, more than the action's state: once its epoch has passed
 * the expected one, the compare-and-set has been done, or can no longer be.
 */
function transferVerdict(
  instruction: Instruction,
  seen: Report | undefined,
): { readonly status: "finished" | "failed"; readonly detail: string } | undefined {
  const register = seen?.control;
  if (instruction.kind !== "transferControl" || register === undefined) return undefined;
  if (register.epoch <= instruction.expectedEpoch) return undefined;
  const done =
    register.epoch === instruction.expectedEpoch + 1 &&
    register.authority === instruction.to &&
    register.handoffId === instruction.handoffId;
  return done
    ? { status: "finished", detail: "" }
    : {
        status: "failed",
        detail: `the register is at epoch ${register.epoch}, held by ${register.authority}`,
      };
}

/** Ends an instruction from here. */
function give(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  task: InstantTask,
  status: "finished" | "failed",
  detail: string,
  nowMs: number,
): VehicleCore {
  tellAction(out, context, task.action.actionId, { status, detail }, nowMs);
  const instants = core.instants.filter((one) => one !== task);
  return withStatus({ ...core, instants }, task.action.actionId, { status, detail });
}
