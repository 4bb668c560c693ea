import type { EdgeId } from "@baton/maps";
import type { Chart } from "../../chart/chart.ts";
import type { DriveOrder } from "../../port.ts";
import type { Action } from "../model/action.ts";
import type { OrderField, VehicleSheet } from "../model/factsheet.ts";
import { nodeAction } from "./actions.ts";

/**
 * What a vehicle's factsheet says about what it may be told. Fleet control sends only optional fields that the vehicle
 * lists (VDA 5050 2.1 section 6.6.4.2, 3.0 section 7.1.1) and keeps within its limits (2.1 section 7.8, 3.0 section 7.10).
 * A vehicle without a factsheet is told everything.
 */
export type Sheet = VehicleSheet | undefined;

export function takes(sheet: Sheet, field: OrderField): boolean {
  return sheet?.orderFields === undefined || sheet.orderFields.has(field);
}

/** The action with those of its parameters that the vehicle lists; all, where its factsheet lists none at all. */
export function fittedAction(action: Action, sheet: Sheet): Action {
  const known = sheet?.actions.get(action.actionType)?.parameters;
  const { actionParameters, ...bare } = action;
  if (known === undefined || actionParameters === undefined) return action;
  const kept = actionParameters.filter(({ key }) => known.some((one) => one.key === key));
  return kept.length === 0 ? bare : { ...bare, actionParameters: kept };
}

/**
 * An action of a node that waits for a person when it fails, instead of failing the order: for vehicles that list both of the
 * answers to that, `retry` and `skipRetry` (3.0 section 6.6.9). Any other one would wait for ever.
 */
export function patientAction(action: Action, sheet: Sheet): Action {
  const isAsked = (actionType: string): boolean =>
    sheet?.actions.get(actionType)?.scopes.includes("INSTANT") === true;
  if (!takes(sheet, "retriable") || !isAsked("retry") || !isAsked("skipRetry")) return action;
  return { ...action, retriable: true };
}

/** Why a vehicle cannot be told an order; undefined when it can. */
export function flawForVehicle(order: DriveOrder, sheet: Sheet, chart: Chart): string | undefined {
  if (sheet === undefined) return undefined;
  const { limits } = sheet;
  if (limits.maxOrderNodes !== undefined && limits.maxOrderNodes < 2) {
    return `the vehicle takes ${limits.maxOrderNodes} nodes an order, a way has 2`;
  }
  for (const node of order.nodes) {
    if (limits.maxNodeActions !== undefined && node.actions.length > limits.maxNodeActions) {
      return `${node.actions.length} actions at ${node.nodeId}, the vehicle takes ${limits.maxNodeActions}`;
    }
    for (const action of node.actions) {
      const flaw = flawOfAction(nodeAction(action), sheet);
      if (flaw !== undefined) return `${action.kind} at ${node.nodeId}: ${flaw}`;
    }
  }
  return (
    flawOfIds(order, sheet) ??
    flawOfTrajectories(
      order.edges.map(({ edgeId }) => edgeId),
      sheet,
      chart,
    )
  );
}

/** Why a vehicle cannot do an action at a node as Baton asks for it. */
export function flawOfAction(action: Action, sheet: VehicleSheet): string | undefined {
  const ability = sheet.actions.get(action.actionType);
  if (ability === undefined) return `the factsheet does not list ${action.actionType}`;
  if (!ability.scopes.includes("NODE")) return `the factsheet does not list ${action.actionType} for nodes`;
  if (ability.blockingTypes !== undefined && !ability.blockingTypes.includes(action.blockingType)) {
    return `the factsheet does not list ${action.actionType} with blocking type ${action.blockingType}`;
  }
  const given = action.actionParameters ?? [];
  const missing = ability.parameters?.find(
    ({ key, isOptional }) => !isOptional && !given.some((one) => one.key === key),
  );
  if (missing !== undefined) return `it wants the parameter ${missing.key}, which Baton does not know`;
  const { maxActionParameters, maxLoadIdLength, maxEnumLength } = sheet.limits;
  const sent = fittedAction(action, sheet).actionParameters ?? [];
  const words = [action.actionType, ...sent.map(({ key }) => key)];
  const tooLong = maxEnumLength === undefined ? undefined : words.find((word) => word.length > maxEnumLength);
  if (tooLong !== undefined) {
    return `the word ${tooLong} has ${tooLong.length} characters, the vehicle takes ${maxEnumLength}`;
  }
  if (maxActionParameters !== undefined && sent.length > maxActionParameters) {
    return `${sent.length} parameters, the vehicle takes ${maxActionParameters}`;
  }
  const loadId = sent.find(({ key }) => key === "loadId")?.value;
  if (typeof loadId === "string" && maxLoadIdLength !== undefined && loadId.length > maxLoadIdLength) {
    return `the load id ${loadId} has ${loadId.length} characters, the vehicle takes ${maxLoadIdLength}`;
  }
  return undefined;
}

function flawOfIds({ nodes, edges, orderId }: DriveOrder, { limits }: VehicleSheet): string | undefined {
  const { maxIdLength, idNumericalOnly } = limits;
  if (maxIdLength === undefined && !idNumericalOnly) return undefined;
  const ids: readonly string[] = [
    ...nodes.map(({ nodeId }) => nodeId),
    ...edges.map(({ edgeId }) => edgeId),
    orderId,
  ];
  const tooLong = maxIdLength === undefined ? undefined : ids.find((id) => id.length > maxIdLength);
  if (tooLong !== undefined) {
    return `the id ${tooLong} has ${tooLong.length} characters, the vehicle takes ${maxIdLength}`;
  }
  const wordy = idNumericalOnly ? ids.find((id) => !/^[0-9]+$/.test(id)) : undefined;
  return wordy === undefined ? undefined : `the vehicle takes numbers only as ids, not ${wordy}`;
}

/** The first of these edges whose trajectory has more points than the vehicle takes, in words; undefined when none has. */
export function flawOfTrajectories(
  edgeIds: Iterable<EdgeId>,
  sheet: VehicleSheet,
  chart: Pick<Chart, "trajectory">,
): string | undefined {
  const { maxKnots = Number.POSITIVE_INFINITY, maxControlPoints = Number.POSITIVE_INFINITY } = sheet.limits;
  const isUnlimited = maxKnots === Number.POSITIVE_INFINITY && maxControlPoints === maxKnots;
  if (isUnlimited || !takes(sheet, "trajectory")) return undefined;
  for (const edgeId of edgeIds) {
    const { knotVector = [], controlPoints = [] } = chart.trajectory(edgeId) ?? {};
    const isTooFine = knotVector.length > maxKnots || controlPoints.length > maxControlPoints;
    if (isTooFine) return `the trajectory of ${edgeId} has more points than the vehicle takes`;
  }
  return undefined;
}

/**
 * The beginning of an order that a vehicle has room for: `nodesHeld` of its base are ahead of it already, and
 * `fromIndex` is where the message begins. What is left over follows as it drives.
 */
export function withinRoom(
  order: DriveOrder,
  fromIndex: number,
  nodesHeld: number,
  sheet: Sheet,
): { readonly order: DriveOrder; readonly isWhole: boolean } {
  const { maxOrderNodes, maxOrderEdges } = sheet?.limits ?? {};
  const room = Math.min(
    maxOrderNodes ?? Number.POSITIVE_INFINITY,
    maxOrderEdges === undefined ? Number.POSITIVE_INFINITY : maxOrderEdges + 1,
  );
  const count = fromIndex + Math.max(1, room - nodesHeld);
  if (count >= order.nodes.length) return { order, isWhole: true };
  return { order: beginningOf(order, count), isWhole: false };
}

function beginningOf(order: DriveOrder, count: number): DriveOrder {
  return { ...order, nodes: order.nodes.slice(0, count), edges: order.edges.slice(0, count - 1) };
}

/**
 * The longest beginning of an order, of `atLeast` nodes or more, whose message the vehicle takes; undefined when not even the
 * shortest is short enough. The longer an order, the longer its message.
 */
export function longestThatFits(
  order: DriveOrder,
  atLeast: number,
  fits: (part: DriveOrder) => boolean,
): DriveOrder | undefined {
  if (fits(order)) return order;
  let fitting = Math.min(atLeast, order.nodes.length);
  if (!fits(beginningOf(order, fitting))) return undefined;
  let tooLong = order.nodes.length;
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2);
    if (fits(beginningOf(order, middle))) fitting = middle;
    else tooLong = middle;
  }
  return beginningOf(order, fitting);
}
