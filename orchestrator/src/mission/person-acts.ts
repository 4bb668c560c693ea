import type { MissionActName } from "../contract/index.ts";
import type { DeviceResult } from "../gate/port.ts";
import { byVisit, cargoOf, hasItAboard, isOver, type MissionContext } from "./context.ts";
import type { MissionEffect } from "./effects.ts";
import type { HandRead, Happening, MissionEvent } from "./events.ts";
import { canBeRecalled, canBeWithdrawn, canReturn, isRecalledByWitness } from "./having-back.ts";
import { absorbPassAgain, absorbReseal, canBeResealed, canPassAgain } from "./once-more.ts";
import type { Procedure } from "./procedure.ts";
import { inspectionDue } from "./steps/lane-steps.ts";
import { canBeTowed, hasVisitorGone } from "./towed.ts";

/** What a device did not say, or not so that it can be used: a person may say it in its place. */
const UNSAID: ReadonlySet<string> = new Set(["device-silent", "device-failed"]);

/**
 * A container on its way to the decision may be sent to be inspected whatever that will be: it goes to a dock from its bay, where the
 * side has docks. Afterwards it is called back.
 */
export function canBeDiverted(context: MissionContext, procedure: Procedure): boolean {
  if (isOver(context) || inspectionDue(context) || !hasItAboard(context)) return false;
  if (context.bound === "inbound" && context.handoff?.switched !== true) return false;
  const at = (step: MissionContext["step"]): number =>
    procedure.steps.findIndex((rule) => rule.step === step);
  return at("inspection") > at(context.step);
}

/** What can be read by hand: where it is held for want of a reading, or because of what was read. */
export function readableByHand({
  status,
  held,
}: MissionContext): "read-truck" | "reread-truck" | "read-vehicle" | "reread-vehicle" | undefined {
  if (status !== "held" || held === undefined) return undefined;
  const isAgainst = READ_WRONG.has(held.code);
  if (!isAgainst && !UNSAID.has(held.code)) return undefined;
  if (held.step === "admit-truck") return isAgainst ? "reread-truck" : "read-truck";
  if (held.step !== "identify" && (held.step !== "guard-entry" || held.part !== "identify")) return undefined;
  return isAgainst ? "reread-vehicle" : "read-vehicle";
}

/** What was read is not what was expected; a seal that was read as broken is looked at by whoever may override. */
const READ_WRONG: ReadonlySet<string> = new Set(["container-mismatch", "truck-mismatch", "vehicle-mismatch"]);

const AGENCY_OF_STEP = {
  decision: "paper-customs",
  quarantine: "paper-quarantine",
  "guard-exit": "paper-border-guard",
  "guard-entry": "paper-border-guard",
} as const satisfies Partial<Record<MissionContext["step"], MissionActName>>;

/** Whose yes can be had on paper: of an agency that was asked and has not answered. One that has said no has answered. */
export function onPaper({
  status,
  held,
}: MissionContext): (typeof AGENCY_OF_STEP)[keyof typeof AGENCY_OF_STEP] | undefined {
  if (status !== "held" || held === undefined || !UNSAID.has(held.code)) return undefined;
  switch (held.step) {
    case "decision":
    case "quarantine":
    case "guard-exit":
      return AGENCY_OF_STEP[held.step];
    case "guard-entry":
      return held.part === "guard" ? AGENCY_OF_STEP[held.step] : undefined;
    default:
      return undefined;
  }
}

/**
 * Outbound: it is sent back with a code wherever it may be given back or called back, and from the gate before it has a vehicle.
 * Inbound: until the witness has switched; afterwards it is ours, and goes back by a hand-off of its own.
 */
export function canBeRefused(context: MissionContext): boolean {
  const { bound, status, step, handoff, refusal, vehicle } = context;
  if (isOver(context) || refusal !== undefined) return false;
  // A visitor is on our ground already, by grants of ours: what it has taken away again is refused.
  if (bound === "inbound" && byVisit(context) !== undefined)
    return hasVisitorGone(context) && handoff?.switched === true && !handoff.concluded;
  if (bound === "inbound")
    return step === "accept" && handoff !== undefined && handoff.phase !== "over" && !handoff.switched;
  if (status === "held") return canReturn(context);
  // At the line, once the partner may say `go`, it is called back first: the witness says whether that comes in time.
  return vehicle === undefined || (canBeRecalled(context) && !isRecalledByWitness(context));
}

/** What a person can do about it now. */
export function possibleActs(context: MissionContext, procedure: Procedure): readonly MissionActName[] {
  const acts: MissionActName[] = [];
  if (canBeDiverted(context, procedure)) acts.push("divert");
  if (canPassAgain(context, "weigh", procedure)) acts.push("reweigh");
  if (canPassAgain(context, "scan", procedure)) acts.push("rescan");
  if (canBeResealed(context)) acts.push("reseal");
  const read = readableByHand(context);
  if (read !== undefined) acts.push(read);
  const paper = onPaper(context);
  if (paper !== undefined) acts.push(paper);
  if (canBeRefused(context)) acts.push("refuse");
  if (canBeRecalled(context)) acts.push("recall");
  if (canBeWithdrawn(context)) acts.push("withdraw");
  if (canBeTowed(context)) acts.push("towed");
  return acts;
}

type PersonEvent = "divert" | "pass-again" | "reseal" | "read" | "paper" | "refuse" | "withdraw" | "towed";
/** What a person says, before it has its instant. */
export type PersonsWord = Extract<Happening, { type: PersonEvent }>;

/** Takes in what a person says; the very same context where that is not possible (any more). */
export function absorbPerson(
  context: MissionContext,
  event: Extract<MissionEvent, { type: PersonEvent }>,
  procedure: Procedure,
): MissionContext {
  const { atMs } = event;
  switch (event.type) {
    case "divert":
      return canBeDiverted(context, procedure)
        ? { ...context, diverted: { account: event.account, atMs } }
        : context;
    case "pass-again":
      return absorbPassAgain(context, event, procedure);
    case "reseal":
      return absorbReseal(context, event);
    case "read": {
      if (readableByHand(context) === undefined || context.held === undefined) return context;
      const { account, read } = event;
      const reading = { account, atMs, result: resultOf(context, account, read) };
      return { ...context, readings: { ...context.readings, [context.held.step]: reading } };
    }
    case "paper": {
      if (onPaper(context) === undefined || context.held === undefined) return context;
      const paper = { documentNo: event.documentNo, accounts: [...event.accounts], atMs };
      return { ...context, papers: { ...context.papers, [context.held.step]: paper } };
    }
    case "refuse":
      return canBeRefused(context)
        ? { ...context, refusal: { code: event.code, account: event.account, atMs } }
        : context;
    case "withdraw": {
      const { account, reason } = event;
      return canBeWithdrawn(context) ? { ...context, withdrawal: { account, reason, atMs } } : context;
    }
    case "towed":
      return canBeTowed(context) ? { ...context, towed: { accounts: [...event.accounts], atMs } } : context;
  }
}

/** As the reader would have said it. Spaces, dots and dashes of a plate mean nothing; a vehicle has its number painted on it. */
function resultOf(context: MissionContext, by: string, read: HandRead): DeviceResult {
  const { vehicle } = context;
  const { containerNo } = read;
  const pictureReference = `read by ${by}`;
  if ("truckPlate" in read) {
    const consignment = cargoOf(context);
    const isIt = plain(read.truckPlate) === plain(consignment.truckPlate);
    const truckPlate = isIt ? consignment.truckPlate : read.truckPlate;
    return { kind: "admit-truck", truckPlate, containerNo, pictureReference };
  }
  const names = vehicle === undefined ? [] : [vehicle.vehicleId, vehicle.serialNumber];
  const isIt = names.some((name) => plain(name) === plain(read.vehicle));
  const vehicleId = isIt && vehicle !== undefined ? vehicle.vehicleId : read.vehicle;
  return { kind: "identify", containerNo, vehicleId, sealIntact: read.sealIntact, pictureReference };
}

const plain = (text: string): string => text.toUpperCase().replaceAll(/[^\p{L}\p{N}]/gu, "");

/** What people's words ask of the partner, whatever state the mission is in until it is over. */
export function wordToPartner(context: MissionContext): readonly MissionEffect[] {
  const { handoff, refusal, withdrawal, bound } = context;
  if (handoff === undefined || handoff.phase === "over") return [];
  const { handoffId } = handoff;
  if (refusal !== undefined && hasVisitorGone(context)) {
    const result = { kind: "refused", code: refusal.code } as const;
    return [{ effectId: `receive:${handoffId}`, kind: "receiveHandoff", handoffId, result }];
  }
  if (handoff.switched) return [];
  if (bound === "outbound" && withdrawal !== undefined) {
    const reason = `by ${withdrawal.account}: ${withdrawal.reason}`.slice(0, MAX_REASON);
    return [{ effectId: `withdraw:${handoffId}`, kind: "withdrawHandoff", handoffId, reason }];
  }
  if (bound === "inbound" && refusal !== undefined) {
    const reason = `refused: ${refusal.code}, by ${refusal.account}`.slice(0, MAX_REASON);
    return [{ effectId: `revoke:${handoffId}`, kind: "revokeHandoff", handoffId, reason }];
  }
  return [];
}

const MAX_REASON = 200;

/** A person wanted it back, and the witness has said that it is ours: nothing is offered again. */
export const isWithdrawn = ({ withdrawal, handoff }: MissionContext): boolean =>
  withdrawal !== undefined && handoff?.phase === "over" && !handoff.switched;
