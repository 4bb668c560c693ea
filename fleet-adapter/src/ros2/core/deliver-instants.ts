import { isDue, isOverdue, markReported, sentAt, unsent } from "../../delivery/delivery.ts";
import type { Instruction } from "../../port.ts";
import type { ServiceName } from "../interfaces.ts";
import type { GetStatusRequest, StopRequest, TransferControlRequest, WorkRequest } from "../wire/services.ts";
import { timeOf } from "../wire/standard.ts";
import { type VehicleStatus, WORK_KIND } from "../wire/vehicle-status.ts";
import { tellAction, tellAndKeep, tellTrouble } from "./tell.ts";
import type {
  Answer,
  AskableInstruction,
  CoreContext,
  CoreEffect,
  InstantTask,
  ToldStatus,
  VehicleCore,
} from "./vehicle-core.ts";

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
  if (!isAskable(instruction)) {
    const detail = `vehicles of this fleet have no ${instruction.kind}`;
    return tellAndKeep(out, context, core, instruction.actionId, { status: "failed", detail }, nowMs);
  }
  const kept = dropOvertaken(out, context, core, instruction, nowMs);
  const task = { instruction, askedAtMs: nowMs, delivery: unsent(nowMs), isAccepted: false };
  return { ...kept, instants: [...kept.instants, task] };
}

const ASKABLE = [
  "pause",
  "resume",
  "stopCharging",
  "transferControl",
  "stateRequest",
  "factsheetRequest",
] as const satisfies readonly Instruction["kind"][];

function isAskable(instruction: Instruction): instruction is AskableInstruction {
  return ASKABLE.some((kind) => kind === instruction.kind);
}

/** A stop that the vehicle has not shown yet must not be repeated after it was to be lifted, nor the reverse. */
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
    if (task.instruction.kind !== opposite) continue;
    next = end(out, context, next, task, { status: "failed", detail: `overtaken by ${by.kind}` }, nowMs);
  }
  return next;
}

/** Sends what is due, and lets go of what the vehicle's status shows. */
export function deliverInstants(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  nowMs: number,
): VehicleCore {
  const { status } = core;
  const isShown = ({ instruction }: InstantTask): boolean =>
    status?.works.some((work) => work.work_id === instruction.actionId) ?? false;
  const open = core.instants.filter((task) => !isShown(task));
  let next = open.length === core.instants.length ? core : { ...core, instants: open };
  for (const task of open) {
    const verdict = status === undefined ? undefined : verdictOf(context, task, status);
    if (verdict?.status === "finished" || verdict?.status === "failed") {
      next = end(out, context, next, task, verdict, nowMs);
      continue;
    }
    if (verdict !== undefined) {
      next = tellAndKeep(out, context, next, task.instruction.actionId, verdict, nowMs);
      continue;
    }
    if (!next.linkUp || !isDue(task.delivery, nowMs)) continue;
    const { service, request } = callOf(context, task, status);
    out.push({
      kind: "call",
      service,
      request,
      to: { about: "instant", actionId: task.instruction.actionId },
    });
    let delivery = sentAt(task.delivery, nowMs);
    if (isOverdue(delivery)) {
      const detail = `${task.instruction.kind} ${task.instruction.actionId} does not show in the vehicle's status`;
      tellTrouble(out, context, "not-reflected", detail, nowMs);
      delivery = markReported(delivery);
    }
    next = { ...next, instants: next.instants.map((one) => (one === task ? { ...task, delivery } : one)) };
  }
  return next;
}

/** What the status says of it: the vehicle's latches and its register are the witnesses, not its answers. */
function verdictOf({ side }: CoreContext, task: InstantTask, status: VehicleStatus): ToldStatus | undefined {
  const { instruction, isAccepted } = task;
  const isStopped = status.paused_by.includes(side);
  switch (instruction.kind) {
    case "pause":
      if (!isStopped) return undefined;
      return { status: status.driving ? "running" : "finished", detail: "" };
    case "resume":
      // Only once it was taken: an older stop may still be on its way, and the vehicle then knows that it is older.
      return isAccepted && !isStopped ? { status: "finished", detail: "" } : undefined;
    case "transferControl": {
      if (status.epoch <= instruction.expectedEpoch) return undefined;
      const isDone =
        status.epoch === instruction.expectedEpoch + 1 &&
        status.authority === instruction.to &&
        status.handoff_id === instruction.handoffId;
      return isDone
        ? { status: "finished", detail: "" }
        : {
            status: "failed",
            detail: `the register is at epoch ${status.epoch}, held by ${status.authority}`,
          };
    }
    default:
      return undefined;
  }
}

function callOf(
  { side }: CoreContext,
  { instruction, askedAtMs }: InstantTask,
  status: VehicleStatus | undefined,
): { readonly service: ServiceName; readonly request: object } {
  const epoch = status?.epoch ?? 0;
  switch (instruction.kind) {
    case "pause":
    case "resume": {
      const stop = instruction.kind === "pause";
      return { service: "stop", request: { side, stop, stamp: timeOf(askedAtMs) } satisfies StopRequest };
    }
    case "stopCharging": {
      const work = { work_id: instruction.actionId, kind: WORK_KIND.stopCharging };
      const request = { side, epoch, ...work, load_id: "", station_id: "" } satisfies WorkRequest;
      return { service: "work", request };
    }
    case "transferControl": {
      const request = {
        from_side: instruction.from,
        expected_epoch: instruction.expectedEpoch,
        to_side: instruction.to,
        handoff_id: instruction.handoffId,
        base_ends_at_node_id: instruction.baseEndsAtNodeId ?? "",
      } satisfies TransferControlRequest;
      return { service: "transferControl", request };
    }
    case "stateRequest":
    case "factsheetRequest":
      return { service: "getStatus", request: { side } satisfies GetStatusRequest };
  }
}

/** What the vehicle answered; a status in an answer has been taken in before. */
export function takeInstantAnswer(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  actionId: string,
  answer: Answer,
  nowMs: number,
): VehicleCore {
  const task = core.instants.find(({ instruction }) => instruction.actionId === actionId);
  if (task === undefined) return core;
  if (answer.kind === "status") {
    return end(out, context, core, task, { status: "finished", detail: "" }, nowMs);
  }
  if (answer.kind !== "verdict") return core;
  if (!answer.accepted) {
    return end(out, context, core, task, { status: "failed", detail: answer.reason }, nowMs);
  }
  const accepted = { ...task, isAccepted: true };
  return { ...core, instants: core.instants.map((one) => (one === task ? accepted : one)) };
}

function end(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  task: InstantTask,
  told: ToldStatus,
  nowMs: number,
): VehicleCore {
  const instants = core.instants.filter((one) => one.instruction.actionId !== task.instruction.actionId);
  return tellAndKeep(out, context, { ...core, instants }, task.instruction.actionId, told, nowMs);
}
