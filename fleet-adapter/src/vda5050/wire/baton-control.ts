import Type, { type Static } from "typebox";
import type { Action, ActionParameter } from "../model/action.ts";

/**
 * Vendor extensions of VDA 5050 that Baton's hand-off needs: the control register in every state, and the
 * instant action that changes it. The official state schema is open for further fields.
 */

const SideField = Type.Enum(["vn", "cn"]);

/** The vehicle's control register and pause latches, as `batonControl` at the top level of every `state`. */
export const BatonControl = Type.Object({
  /** Who may command the vehicle. */
  authority: SideField,
  /** Grows by one with every change, survives the vehicle's restart. */
  epoch: Type.Integer({ minimum: 0 }),
  /** The hand-off that made the last change. */
  handoffId: Type.Optional(Type.String()),
  /** Sides whose `startPause` is in force; motion needs none. */
  pausedBy: Type.Array(SideField),
});
export type BatonControl = Static<typeof BatonControl>;

/**
 * What a vehicle declares of Baton's extensions, as `batonFeatures` at the top level of its `factsheet`. All else that
 * a vehicle needs for a hand-off it must have; this one it may.
 */
export const BatonFeatures = Type.Object({
  /**
   * `transferControl` is taken while an order is being driven that has no horizon and nothing left to do: the vehicle lets go
   * of the order, drives on to the end of its base, and takes an order of the new holder that begins at that very
   * node. Without such an order it stops there.
   */
  rollingHandoff: Type.Boolean(),
});

/** The custom instant action that changes the register by compare-and-set. */
export const TRANSFER_CONTROL = "transferControl";

export interface TransferControl {
  readonly from: "vn" | "cn";
  readonly expectedEpoch: number;
  readonly to: "vn" | "cn";
  readonly handoffId: string;
  /** Of a vehicle that is to roll on: only if the way that it has been released ends at this node. */
  readonly baseEndsAtNodeId?: string;
}

/** A `transferControl` action, blocking type NONE: it changes who commands, not what the vehicle does. */
export function transferControlAction(actionId: string, transfer: TransferControl): Action {
  return {
    actionType: TRANSFER_CONTROL,
    actionId,
    blockingType: "NONE",
    actionParameters: [
      { key: "from", value: transfer.from },
      { key: "expectedEpoch", value: transfer.expectedEpoch },
      { key: "to", value: transfer.to },
      { key: "handoffId", value: transfer.handoffId },
      ...(transfer.baseEndsAtNodeId === undefined
        ? []
        : [{ key: "baseEndsAtNodeId", value: transfer.baseEndsAtNodeId }]),
    ],
  };
}

/** What a `transferControl` action asks for; undefined when a parameter is missing or makes no sense. */
export function readTransferControl(
  action: Pick<Action, "actionType" | "actionParameters">,
): TransferControl | undefined {
  const from = sideOf(parameterOf(action, "from"));
  const to = sideOf(parameterOf(action, "to"));
  const expectedEpoch = parameterOf(action, "expectedEpoch");
  const handoffId = parameterOf(action, "handoffId");
  if (action.actionType !== TRANSFER_CONTROL || from === undefined || to === undefined) return undefined;
  if (typeof expectedEpoch !== "number" || !Number.isSafeInteger(expectedEpoch) || expectedEpoch < 0) {
    return undefined;
  }
  if (typeof handoffId !== "string" || handoffId === "") return undefined;
  const baseEndsAtNodeId = parameterOf(action, "baseEndsAtNodeId");
  if (baseEndsAtNodeId === undefined) return { from, expectedEpoch, to, handoffId };
  if (typeof baseEndsAtNodeId !== "string" || baseEndsAtNodeId === "") return undefined;
  return { from, expectedEpoch, to, handoffId, baseEndsAtNodeId };
}

function sideOf(value: unknown): "vn" | "cn" | undefined {
  return value === "vn" || value === "cn" ? value : undefined;
}

/** The value of an action's parameter, undefined when it has none of that name. */
function parameterOf(
  action: Pick<Action, "actionParameters">,
  key: string,
): ActionParameter["value"] | undefined {
  return action.actionParameters?.find((parameter) => parameter.key === key)?.value;
}
