import type { ActionStatus, DriveAction, Instruction } from "../../port.ts";
import type { Action, ActionState } from "../model/action.ts";
import { transferControlAction } from "../wire/baton-control.ts";

/** An action of a node (VDA 5050 2.1 section 6.8.1). All of them need the vehicle to stand and to do nothing else: HARD. */
export function nodeAction(action: DriveAction): Action {
  const base = { actionType: action.kind, actionId: action.actionId, blockingType: "HARD" } as const;
  if (action.kind === "startCharging") return base;
  return {
    ...base,
    actionParameters: [
      { key: "stationName", value: action.stationId },
      { key: "loadType", value: "container" },
      { key: "loadId", value: action.loadId },
    ],
  };
}

const INSTANT_ACTION_TYPES = {
  pause: "startPause",
  resume: "stopPause",
  stopCharging: "stopCharging",
  stateRequest: "stateRequest",
  factsheetRequest: "factsheetRequest",
} as const;

/** An instruction as an instant action (section 6.9). */
export function instantAction(instruction: Instruction): Action {
  if (instruction.kind === "transferControl") return transferControlAction(instruction.actionId, instruction);
  return {
    actionType: INSTANT_ACTION_TYPES[instruction.kind],
    actionId: instruction.actionId,
    blockingType: "NONE",
  };
}

/** Ends an order (section 6.6.3). */
export function cancelAction(actionId: string): Action {
  return { actionType: "cancelOrder", actionId, blockingType: "HARD" };
}

/** What table 2 of section 6.11 says, in the words of the port. A paused action is under way. */
export function statusOf(action: ActionState): ActionStatus {
  switch (action.actionStatus) {
    case "WAITING":
      return "waiting";
    case "INITIALIZING":
    case "RUNNING":
    case "PAUSED":
    case "RETRIABLE":
      return "running";
    case "FINISHED":
      return "finished";
    case "FAILED":
      return "failed";
  }
}
