import type { Chart } from "../../chart/chart.ts";
import type { ActionStatus, DriveAction, Instruction } from "../../port.ts";
import type { Action, ActionParameter, ActionState } from "../model/action.ts";
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
  startCharging: "startCharging",
  stopCharging: "stopCharging",
  logReport: "logReport",
  initialisePosition: "initializePosition",
  retry: "retry",
  skipRetry: "skipRetry",
  hibernate: "startHibernation",
  wake: "stopHibernation",
  stateRequest: "stateRequest",
  factsheetRequest: "factsheetRequest",
} as const;

/** An instruction as an instant action, named as in 3.0 (2.1 section 6.8.1; 3.0 section 6.2.3.1). */
export function instantAction(instruction: Instruction, chart: Chart): Action {
  if (instruction.kind === "transferControl") return transferControlAction(instruction.actionId, instruction);
  const actionParameters = parametersOf(instruction, chart);
  return {
    actionType: INSTANT_ACTION_TYPES[instruction.kind],
    actionId: instruction.actionId,
    blockingType: "NONE",
    ...(actionParameters.length === 0 ? {} : { actionParameters }),
  };
}

function parametersOf(instruction: Instruction, chart: Chart): ActionParameter[] {
  switch (instruction.kind) {
    case "logReport":
      return [{ key: "reason", value: instruction.reason }];
    case "initialisePosition": {
      const { xM, yM, headingRad } = chart.toMap(instruction.pose);
      return [
        { key: "x", value: xM },
        { key: "y", value: yM },
        { key: "theta", value: headingRad },
        { key: "mapId", value: chart.mapId },
        { key: "lastNodeId", value: instruction.lastNodeId },
      ];
    }
    case "retry":
    case "skipRetry":
      return [{ key: "actionId", value: instruction.failedActionId }];
    default:
      return [];
  }
}

/** Ends an order (2.1 section 6.6.3), and no other one (3.0 section 6.1.3; a version that cannot say which leaves it out). */
export function cancelAction(actionId: string, orderId: string): Action {
  const actionParameters = [{ key: "orderId", value: orderId }];
  return { actionType: "cancelOrder", actionId, blockingType: "HARD", actionParameters };
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
