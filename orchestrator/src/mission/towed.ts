import { byVisit, hasItAboard, isOver, type MissionContext } from "./context.ts";
import type { MissionEffect } from "./effects.ts";
import type { Judgement } from "./steps/step-logic.ts";
import { DONE, held, WAIT } from "./steps/step-logic.ts";

/*
 * A visitor that fails on the host's ground for good. It never reports that it has left, so that the host keeps that ground for it. Its
 * home's people have it towed away, and two of them say so: their word stands for the vehicle's own report, and the visit ends towards the
 * host as it does when it has driven home. What was still aboard goes back with it: the host's people refuse it, and the record says so.
 */

/** Home: it has entered the host's ground, and nobody has said yet that it is off it. */
export function canBeTowed(context: MissionContext): boolean {
  const { bound, step, handoff, visit, towed } = context;
  if (bound !== "outbound" || isOver(context) || step !== "cross" || byVisit(context) === undefined)
    return false;
  return (
    towed === undefined && handoff?.switched === true && visit?.isOver === false && visit.entered.length > 0
  );
}

/** Home: what has not been received by the host, and is still aboard, has gone with the vehicle. */
const isAboard = (context: MissionContext): boolean =>
  hasItAboard(context) && context.handoff?.concluded !== true;

/** Home: the ledger here gives it up, with its way; it is admitted anew where it stands, on our ground and where one may stand. */
export function afterTow({ missionId, vehicle, towed }: MissionContext): readonly MissionEffect[] {
  if (towed === undefined || vehicle === undefined) return [];
  const { vehicleId } = vehicle;
  return [{ effectId: `towed:${missionId}`, kind: "dismissVehicle", vehicleId }];
}

/** Home: done, or given back, once the host has been told. Undefined: it was not towed. */
export function judgeTowed(context: MissionContext): Judgement | undefined {
  const { towed, visit } = context;
  if (towed === undefined) return undefined;
  if (visit?.isOver !== true) return WAIT;
  const reason = `towed off the partner's ground with its vehicle, by ${towed.accounts.join(" and ")}`;
  return isAboard(context) ? { kind: "return", reason } : DONE;
}

/** Host: the partner has said that the visit is over, and its container was not taken. */
export const hasVisitorGone = (context: MissionContext): boolean =>
  context.bound === "inbound" &&
  byVisit(context) !== undefined &&
  context.visit?.isOver === true &&
  (context.step === "cross" || context.step === "guard-entry");

/** Host: a person has to say what becomes of the hand-off. */
export const visitorGone = (): Judgement =>
  held("visitor-gone", "the partner has taken its vehicle off our ground, and the container with it");

/** Host: the partner has countersigned that what it took away again was refused. */
export const isRefusedVisit = (context: MissionContext): boolean =>
  hasVisitorGone(context) && context.refusal !== undefined && context.handoff?.concluded === true;
