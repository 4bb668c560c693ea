import type { Action } from "../model/action.ts";
import type { Action as WireAction } from "../wire/v2_1/action.ts";

/** Actions that 3.0 has renamed; the model goes with 3.0. */
const NAMES_BEFORE_3: ReadonlyMap<string, string> = new Map([["initializePosition", "initPosition"]]);

/** The model's name of an action of 2.x. */
export function nameSince3(actionType: string): string {
  for (const [since, before] of NAMES_BEFORE_3) if (before === actionType) return since;
  return actionType;
}

/**
 * An action as 2.0 and 2.1 have it (2.1 section 6.8). 2.x has no `SINGLE`: what may not run beside other actions is
 * `HARD` there. Its `cancelOrder` has no parameters: it is for whatever order the vehicle has.
 */
export function writeAction({ actionType, actionId, blockingType, actionParameters }: Action): WireAction {
  const hasParameters = actionParameters !== undefined && actionType !== "cancelOrder";
  return {
    actionType: NAMES_BEFORE_3.get(actionType) ?? actionType,
    actionId,
    blockingType: blockingType === "SINGLE" ? "HARD" : blockingType,
    ...(hasParameters ? { actionParameters: [...actionParameters] } : {}),
  };
}
