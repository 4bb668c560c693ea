import { actionIdOf } from "../../names.ts";
import type { FleetEvent, FleetOrderId } from "../../port.ts";
import type { ActionState } from "../model/action.ts";
import type { Report, ReportedError } from "../model/report.ts";
import { statusOf } from "./actions.ts";
import { errorKindOf } from "./error-kinds.ts";
import type { CoreContext } from "./order-messages.ts";
import { isTerminal } from "./progress.ts";
import { type CoreEffect, MAX_STATUSES, type ToldStatus, type VehicleCore } from "./vehicle-core.ts";

type TroubleCode = Extract<FleetEvent, { kind: "trouble" }>["code"];

export function tellTrouble(
  out: CoreEffect[],
  context: CoreContext,
  code: TroubleCode,
  detail: string,
  atMs: number,
  named: Pick<Extract<FleetEvent, { kind: "trouble" }>, "errorKind" | "translations"> = {},
): void {
  const { vehicleId } = context;
  out.push({ kind: "tell", event: { kind: "trouble", vehicleId, code, detail, ...named, atMs } });
}

export function tellConfirmed(out: CoreEffect[], { vehicleId }: CoreContext, atMs: number): void {
  out.push({ kind: "tell", event: { kind: "confirmed", vehicleId, atMs } });
}

export function tellOrderEnded(
  out: CoreEffect[],
  context: CoreContext,
  orderId: FleetOrderId,
  how: "finished" | "cancelled",
): void {
  out.push({ kind: "tell", event: { kind: "orderEnded", vehicleId: context.vehicleId, orderId, how } });
}

export function tellAction(
  out: CoreEffect[],
  context: CoreContext,
  actionId: string,
  told: ToldStatus,
  atMs: number,
): void {
  const { vehicleId } = context;
  out.push({
    kind: "tell",
    event: { kind: "actionChanged", vehicleId, actionId: actionIdOf(actionId), ...told, atMs },
  });
}

/** Tells of every action whose status is another than the one told last (VDA 5050 2.1 section 6.11). */
export function tellActions(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  state: Report,
  nowMs: number,
): VehicleCore {
  let statuses: Map<string, ToldStatus> | undefined;
  const take = (action: ActionState): void => {
    const status = statusOf(action);
    const before = (statuses ?? core.statuses).get(action.actionId);
    // What has ended stays ended: a later word to the contrary is a repetition of an old one.
    if (before?.status === status || before?.status === "finished" || before?.status === "failed") return;
    const told = {
      status,
      detail: isTerminal(action) ? endDetail(action.actionId, action.resultDescription, state) : "",
    };
    statuses ??= new Map(core.statuses);
    statuses.delete(action.actionId);
    statuses.set(action.actionId, told);
    tellAction(out, context, action.actionId, told, nowMs);
  };
  for (const action of state.actionStates) take(action);
  for (const action of state.instantActionStates) take(action);
  return statuses === undefined ? core : { ...core, statuses: bounded(statuses) };
}

/** Whether an action is known to be over, even if the vehicle lists it no more. */
export function hasEnded(core: VehicleCore, actionId: string): boolean {
  const status = core.statuses.get(actionId)?.status;
  return status === "finished" || status === "failed";
}

export function withStatus(core: VehicleCore, actionId: string, told: ToldStatus): VehicleCore {
  return { ...core, statuses: bounded(new Map(core.statuses).set(actionId, told)) };
}

function bounded(statuses: Map<string, ToldStatus>): ReadonlyMap<string, ToldStatus> {
  for (const actionId of statuses.keys()) {
    if (statuses.size <= MAX_STATUSES) break;
    statuses.delete(actionId);
  }
  return statuses;
}

/** The result or, for want of one, the error that refers to the action (section 7.1). */
export function endDetail(actionId: string, result: string | undefined, state: Report): string {
  if (result !== undefined && result !== "") return result;
  const error = state.errors.find((entry) => referenceOf(entry, "actionId") === actionId);
  return error === undefined ? "" : describeError(error);
}

/** Errors by which a vehicle refuses an order: section 6.6.4, and the names that vehicles use besides. */
const ORDER_ERRORS: ReadonlySet<string> = new Set([
  "validationError",
  "orderError",
  "orderUpdateError",
  "noRouteError",
  "noOrderError",
  "notInControl",
  // 3.0 section 6.6.5.4
  "UNSUPPORTED_PARAMETER",
  "VALIDATION_FAILURE",
  "INVALID_ORDER",
  "INVALID_ORDER_ACTION",
  "OUTDATED_ORDER_UPDATE",
  "SAME_ORDER_UPDATE_ID",
  "ORDER_UPDATE_FOLLOWING_CANCEL",
  "INSUFFICIENT_MEMORY",
  "NO_ROUTE_TO_TARGET",
  "OTHER_ORDER_ACTIVE",
  "START_NODE_OUT_OF_RANGE",
  "MOBILE_ROBOT_NOT_AVAILABLE",
  "UNKNOWN_MAP_ID",
]);

/**
 * Tells of errors that were not there in the state before: refused orders (section 6.6.4), and errors that
 * need a person (2.1: FATAL, section 6.10.5; 3.0: URGENT, CRITICAL and FATAL, section 6.6.5.1). A `noOrderToCancel` is an answer to a cancellation, not a trouble (6.6.3.2).
 */
export function tellErrors(
  out: CoreEffect[],
  context: CoreContext,
  core: VehicleCore,
  state: Report,
  nowMs: number,
): VehicleCore {
  if (state.errors.length === 0 && core.told.size === 0) return core;
  const told = new Set<string>();
  for (const error of state.errors) {
    const about = [error.errorType, referenceOf(error, "orderId"), referenceOf(error, "orderUpdateId")];
    const key = `${about.join("|")}|${error.errorDescription ?? ""}`;
    const refusal = isOrderRefusal(error);
    if (!refusal && error.errorLevel === "WARNING") continue;
    if (!core.told.has(key)) {
      const code = refusal ? "order-refused" : "vehicle-error";
      tellTrouble(out, context, code, describeError(error), nowMs, namedOf(error));
    }
    told.add(key);
  }
  return { ...core, told };
}

function namedOf(error: ReportedError): Parameters<typeof tellTrouble>[5] {
  const errorKind = errorKindOf(error.errorType);
  const { translations, hintTranslations } = error;
  const languages = Object.keys({ ...translations, ...hintTranslations });
  const inLanguage = (language: string): string => {
    const errorDescription = translations?.[language] ?? error.errorDescription;
    const errorHint = hintTranslations?.[language] ?? error.errorHint;
    return describeError({
      ...error,
      ...(errorDescription === undefined ? {} : { errorDescription }),
      ...(errorHint === undefined ? {} : { errorHint }),
    });
  };
  return {
    ...(errorKind === undefined ? {} : { errorKind }),
    ...(languages.length === 0
      ? {}
      : { translations: Object.fromEntries(languages.map((language) => [language, inLanguage(language)])) }),
  };
}

function isOrderRefusal(error: ReportedError): boolean {
  if (error.errorType === "noOrderToCancel" || error.errorType === "NO_ORDER_TO_CANCEL") return false;
  return ORDER_ERRORS.has(error.errorType) || referenceOf(error, "topic") === "order";
}

function referenceOf(error: ReportedError, key: string): string | undefined {
  return error.errorReferences?.find((reference) => reference.referenceKey === key)?.referenceValue;
}

function describeError(error: ReportedError): string {
  const references = (error.errorReferences ?? []).map((one) => `${one.referenceKey}=${one.referenceValue}`);
  const parts = [error.errorType, error.errorDescription, error.errorHint].filter(
    (part) => part !== undefined && part !== "",
  );
  const text = parts.join(": ");
  return references.length === 0 ? text : `${text} (${references.join(", ")})`;
}
