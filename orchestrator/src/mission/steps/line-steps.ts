import type { NodeId } from "@baton/maps";
import { mayCross } from "../../gate/conditions.ts";
import type { DeviceTask } from "../../gate/port.ts";
import type { DeclineCode } from "../../handoff/port.ts";
import {
  byCrane,
  byVehicle,
  byVisit,
  cargoName,
  cargoOf,
  isEmptyRun,
  lineOf,
  type MissionContext,
} from "../context.ts";
import type { MissionEffect } from "../effects.ts";
import { attemptOf, handoffIdFrom, legOf } from "../ids.ts";
import { manifestOf } from "../manifest-of.ts";
import type { Procedure } from "../procedure.ts";
import type { HandoffState } from "../records.ts";
import { hasVisitorGone, visitorGone } from "../towed.ts";
import { acceptAtPad, fromPad, isRidOfIt, letGo, standsOnPad, wayOfPad } from "./crane-steps.ts";
import { afterInspection, examineIdentity, lanePassable } from "./lane-steps.ts";
import {
  agency,
  askDevice,
  type DeviceWork,
  DONE,
  held,
  type Judgement,
  judgeLeg,
  judgeWork,
  type LegWish,
  laneReached,
  legRefused,
  proceed,
  requestLeg,
  resultOf,
  type StepLogic,
  WAIT,
} from "./step-logic.ts";
import { admitVisitor, arrival, isAtPad, thereAndBack, wayThereAndBack } from "./visit-steps.ts";

/** How long the vehicle is expected to take from its bay to the hold line; the partner plans with it. */
const EXPECTED_TO_HOLD_MS = 120_000;
/** From its place in the yard to its bay, through the lane. */
const EXPECTED_TO_BAY_MS = 300_000;

/**
 * The offer, made anew under a new id after each one that came to nothing, wherever on the way to the line the
 * vehicle is: a vehicle that waits for its partner is no failure.
 */
function offerAsNeeded(context: MissionContext, procedure: Procedure): readonly MissionEffect[] {
  const { handoff, vehicle } = context;
  const line = lineOf(context);
  if (isRefusedByPartner(context) || isNotWanted(context) || context.withdrawal !== undefined) return [];
  const due =
    handoff === undefined || (handoff.phase === "over" && context.nowMs >= (handoff.againAtMs ?? 0));
  if (!due || vehicle === undefined) return [];
  const crane = byCrane(context);
  // One container under the crane: dispatch says whose turn it is.
  if (crane !== undefined && context.places.pad === undefined) return [];
  // A visitor comes back anyway.
  const isWantedBack = byVehicle(context) !== undefined && vehicle.home === context.side;
  const handoffId = handoffIdFrom(context.spareId);
  const isInYard = isEmptyRun(context) && legOf(context, "identify")?.state !== "completed";
  const etaMs = context.nowMs + EXPECTED_TO_HOLD_MS + (isInYard ? EXPECTED_TO_BAY_MS : 0);
  const { returnWithinMs } = procedure;
  return [
    {
      effectId: `offer:${handoffId}`,
      kind: "offerHandoff",
      offer: {
        handoffId,
        ...(line.mode === undefined ? {} : { mode: line.mode }),
        handoffPointId: line.handoffPointId,
        direction: context.direction,
        vehicleId: vehicle.vehicleId,
        vehicleHome: vehicle.home,
        manifest: manifestOf(context),
        etaMs,
        expiresAtMs: context.nowMs + procedure.offerExpiresMs,
        // A guest that goes home need not come back, and who stays here does not go.
        returnLoadWanted: isWantedBack,
        ...(returnWithinMs === undefined || !isWantedBack ? {} : { returnByMs: etaMs + returnWithinMs }),
      },
    },
  ];
}

/** The partner's people will not have it: nothing is offered again before a person here has said what becomes of it. */
export const isRefusedByPartner = ({ handoff }: MissionContext): boolean =>
  handoff?.phase === "over" && handoff.overReason === REFUSED;
const REFUSED: DeclineCode = "refused";

function refusedByPartner(context: MissionContext): Judgement | undefined {
  if (isNotWanted(context)) {
    const reason = `the partner has not taken it: ${context.handoff?.overReason ?? "unknown"}`;
    return { kind: "return", reason };
  }
  return isRefusedByPartner(context)
    ? held("partner-refused", `the partner does not take ${cargoName(context)}`)
    : undefined;
}

/**
 * A vehicle with nothing aboard stays when the partner says no before it has set out, and comes back when the partner has no use for it
 * any more: it is not to stand in the way of containers.
 */
const isNotWanted = (context: MissionContext): boolean =>
  isEmptyRun(context) &&
  context.handoff?.phase === "over" &&
  (context.step === "offer" || context.handoff.overReason === NOT_WANTED);
const NOT_WANTED: DeclineCode = "not-wanted";

/** What no check of a container has seen does not cross under the name of an empty vehicle. */
const notEmpty = (context: MissionContext): Judgement | undefined =>
  isEmptyRun(context) && (context.vehicle?.loadIds.length ?? 0) > 0
    ? held("not-empty", `${cargoName(context)} reports ${context.vehicle?.loadIds.join(", ")} aboard`)
    : undefined;

const isAccepted = (handoff: HandoffState | undefined): handoff is HandoffState =>
  handoff !== undefined && handoff.phase !== "offered" && handoff.phase !== "over";

const doneBy = ({ handoffId }: HandoffState): Judgement => ({
  kind: "done",
  evidence: { code: "handoff", reference: handoffId },
});

export const offer: StepLogic = {
  desired: (context, _rule, procedure) => offerAsNeeded(context, procedure),
  judge: (context) =>
    refusedByPartner(context) ?? (isAccepted(context.handoff) ? doneBy(context.handoff) : WAIT),
};

export const exitWork: DeviceWork = {
  step: "guard-exit",
  onPaper: () => ({}),
  device: (context) => agency(context, "border-guard"),
  task: guardCheck,
  ready: (context) => stoodAtOrDone(context, "guard-exit", context.places.exitGate?.nodeId),
  examine: (_context, result) => examineGuard(resultOf(result, "guard-check")),
};

/** Of a vehicle, with what it carries, if anything. */
function guardCheck({ consignment }: MissionContext): DeviceTask {
  return {
    kind: "guard-check",
    ...(consignment === undefined ? {} : { containerNo: consignment.containerNo }),
  };
}

function examineGuard({ allowed, account }: { allowed: boolean; account: string }) {
  return allowed
    ? ({ kind: "fits", evidence: { code: "let-through", account }, account } as const)
    : ({ kind: "refused", code: "guard-refused", detail: `by ${account}` } as const);
}

function stoodAtOrDone(
  context: MissionContext,
  legStep: "guard-exit" | "accept",
  nodeId: NodeId | undefined,
): boolean {
  const leg = legOf(context, legStep);
  return (
    leg !== undefined && (leg.state === "completed" || (nodeId !== undefined && leg.stoodAt.includes(nodeId)))
  );
}

/**
 * From the bay to the hold line, or to the pad under the crane, standing at the exit gate; the line is entered only while the partner's
 * accept stands.
 */
export const guardExit: StepLogic = {
  desired: (context, rule, procedure) => {
    const gate = context.places.exitGate;
    const via =
      gate?.nodeId === undefined ? [] : [{ nodeId: gate.nodeId, expectedDwellMs: rule.expectedMs ?? 0 }];
    const mayGo =
      isAccepted(context.handoff) && judgeWork(context, exitWork, rule, procedure).kind === "done";
    return [
      ...offerAsNeeded(context, procedure),
      ...requestLeg(context, "guard-exit", {
        fromNodeId: afterInspection(context)?.nodeId,
        ...toLine(context),
        via,
      }),
      ...askDevice(context, exitWork),
      ...(mayGo ? proceed(context, "guard-exit", gate?.nodeId) : []),
    ];
  },
  judge: (context, rule, procedure) => {
    const way = judgeLeg(context, "guard-exit");
    if (way.kind === "held") return way;
    const refused = refusedByPartner(context);
    if (refused !== undefined) return refused;
    const checked = judgeWork(context, exitWork, rule, procedure);
    return checked.kind === "done" && !isAccepted(context.handoff) ? WAIT : checked;
  },
};

function toLine(context: MissionContext): Pick<LegWish, "toNodeId" | "partnerStretchThroughNodeId"> {
  const line = lineOf(context);
  if (line.mode === "host-grants") return { toNodeId: line.holdNodeId };
  if (line.mode === "container-transfers") return { toNodeId: line.padNodeId };
  return { toNodeId: line.holdNodeId, partnerStretchThroughNodeId: line.beyondNodeId };
}

/** To where the partner can be told that it comes: the hold line, or near enough to it for a vehicle that is handed over rolling. */
export const driveToHold: StepLogic = {
  desired: (context, _rule, procedure) => offerAsNeeded(context, procedure),
  judge: (context) => {
    const way = judgeLeg(context, "guard-exit");
    // On its way it is not stopped: at the hold line it is told, where a way leads back.
    return way.kind === "wait" && isAtLine(context) ? DONE : way;
  },
};

function isAtLine(context: MissionContext): boolean {
  const holdNodeId = byVehicle(context)?.holdNodeId;
  if (holdNodeId === undefined) return standsOnPad(context);
  return context.rollsToLine === true || legOf(context, "guard-exit")?.reached.includes(holdNodeId) === true;
}

/**
 * At the hold line: when our part of the strip is the partner's vehicle-to-be's, `ready`, and the witness switches. On the pad:
 * `ready`, and the crane takes it. A visitor's is said where it stands at the hold line.
 */
export const handoff: StepLogic = {
  desired: (context, _rule, procedure) => [
    ...offerAsNeeded(context, procedure),
    ...readyWhenItMayCross(context, procedure),
    ...letGo(context),
  ],
  judge: (context, _rule, procedure) => {
    if (context.handoff?.switched === true) return doneBy(context.handoff);
    if (context.handoff?.phase === "over" && context.withdrawal !== undefined)
      return { kind: "return", reason: `hand-off withdrawn by ${context.withdrawal.account}` };
    const refused = refusedByPartner(context);
    if (refused !== undefined) return refused;
    for (const step of ["guard-exit", "unload"] as const) {
      const way = legOf(context, step);
      if (way?.state === "refused") return legRefused(way);
    }
    const loaded = notEmpty(context);
    if (loaded !== undefined) return loaded;
    const crossing = mayCross(context.facts, procedure);
    return crossing.kind === "may-cross"
      ? WAIT
      : held("may-not-cross", `missing: ${crossing.missing.join(", ")}`);
  },
};

/** The one place where `ready` is made: never without every condition of the procedure. */
function readyWhenItMayCross(context: MissionContext, procedure: Procedure): readonly MissionEffect[] {
  const granted =
    byVehicle(context) === undefined ? standsOnPad(context) : legOf(context, "guard-exit")?.overLine === true;
  const conversation = context.handoff;
  if (!granted || !isAccepted(conversation)) return [];
  if (context.withdrawal !== undefined) return [];
  if (mayCross(context.facts, procedure).kind !== "may-cross" || notEmpty(context) !== undefined) return [];
  const { handoffId } = conversation;
  return [{ effectId: `ready:${handoffId}`, kind: "readyHandoff", handoffId, manifest: manifestOf(context) }];
}

/**
 * Inbound: a place for it is ours already; when it stands at the line, our ground is granted to it, then `go`. By the crane: when
 * our own vehicle stands on our pad.
 */
export const accept: StepLogic = {
  desired: (context, _rule, procedure) => {
    const { handoff: conversation, vehicle, places } = context;
    if (conversation === undefined || vehicle === undefined) return [];
    if (byVisit(context) !== undefined) return admitVisitor(context);
    if (places.buffer?.nodeId === undefined) return [];
    const { handoffId } = conversation;
    const { returnLoad } = conversation;
    const yes: MissionEffect = {
      effectId: `accept:${handoffId}`,
      kind: "acceptHandoff",
      handoffId,
      ...(returnLoad === undefined ? {} : { returnLoad }),
    };
    const line = byVehicle(context);
    if (line === undefined) return acceptAtPad(context, yes);
    if (
      conversation.phase === "offered" ||
      conversation.phase === "accepted" ||
      conversation.phase === "over"
    )
      return [yes];
    const gate = places.entryGate;
    const expectedDwellMs = gateDwellMs(procedure);
    const attempt = attemptOf(context, "accept");
    const granted = legOf(context, "accept")?.granted === true;
    return [
      yes,
      {
        effectId: `admit:${context.missionId}.${attempt}`,
        kind: "admitVehicle",
        vehicleId: vehicle.vehicleId,
        vehicleClassId: vehicle.vehicleClassId,
        nodeId: line.holdNodeId,
        approaching: true,
      },
      ...requestLeg(context, "accept", {
        fromNodeId: line.holdNodeId,
        toNodeId: places.buffer.nodeId,
        via: gate?.nodeId === undefined ? [] : [{ nodeId: gate.nodeId, expectedDwellMs }],
        firstGrantThroughNodeId: line.beyondNodeId,
      }),
      ...(granted ? [{ effectId: `go:${handoffId}`, kind: "goHandoff", handoffId } as const] : []),
    ];
  },
  judge: (context) => {
    if (context.handoff?.switched === true) return doneBy(context.handoff);
    if (context.handoff === undefined || context.handoff.phase === "over") {
      return {
        kind: "return",
        reason: `the partner's offer ended: ${context.handoff?.overReason ?? "unknown"}`,
      };
    }
    if (byVisit(context) !== undefined) return WAIT;
    if (byCrane(context) !== undefined) return wayOfPad(context);
    const leg = legOf(context, "accept");
    if (leg?.state === "refused") return legRefused(leg);
    const { admission } = context;
    return admission?.state === "refused" ? held("admission-refused", admission.detail) : WAIT;
  },
};

const gateDwellMs = (procedure: Procedure): number =>
  procedure.steps.find((one) => one.step === "guard-entry")?.expectedMs ?? 0;

/**
 * Outbound: the whole vehicle has left our ground, or the container our vehicle, which is home again if it went over the line with
 * it. Inbound: it stands clear of the line on ours, or at the exchange pad, or has come from the pad to the entry gate.
 */
export const cross: StepLogic = {
  desired: (context, _rule, procedure) =>
    context.bound === "outbound"
      ? [...letGo(context), ...thereAndBack(context)]
      : fromPad(context, gateDwellMs(procedure)),
  judge: (context) => {
    const line = byVehicle(context);
    if (byVisit(context) !== undefined)
      return context.bound === "outbound" ? wayThereAndBack(context) : arrival(context);
    if (context.bound === "outbound")
      return (line === undefined ? isRidOfIt(context) : context.clearOfGround) ? DONE : WAIT;
    const lane = legOf(context, "accept");
    if (line === undefined && lane?.state === "refused") return legRefused(lane);
    return laneReached(context, line?.beyondNodeId, context.places.entryGate?.nodeId) ? DONE : WAIT;
  },
};

function standsAtEntry(context: MissionContext): boolean {
  if (byVisit(context) !== undefined) return isAtPad(context);
  return stoodAtOrDone(context, "accept", context.places.entryGate?.nodeId);
}

const entryIdentity: DeviceWork = {
  step: "guard-entry",
  part: "identify",
  isReading: true,
  device: (context) => context.places.entryGate?.deviceIds[0],
  task: (context) => ({ kind: "identify", containerNo: cargoOf(context).containerNo }),
  ready: standsAtEntry,
  examine: (context, result) => examineIdentity(context, resultOf(result, "identify")),
};

export const entryGuardWork: DeviceWork = {
  step: "guard-entry",
  part: "guard",
  onPaper: () => ({}),
  device: (context) => agency(context, "border-guard"),
  task: guardCheck,
  ready: standsAtEntry,
  examine: (_context, result) => examineGuard(resultOf(result, "guard-check")),
};

/** At the entry gate: who it is, and the border guard's yes; both before it goes on into the yard. */
export const guardEntry: StepLogic = {
  desired: (context, rule, procedure) => {
    const known = guardEntry.judge(context, rule, procedure).kind === "done";
    // `judge` says done only while what comes next can be driven through.
    return [
      ...(isEmptyRun(context) ? [] : askDevice(context, entryIdentity)),
      ...askDevice(context, entryGuardWork),
      ...(known ? proceed(context, "accept", context.places.entryGate?.nodeId) : []),
    ];
  },
  judge: (context, rule, procedure) => {
    if (hasVisitorGone(context)) return visitorGone();
    const identityRule = { ...rule, establishes: rule.establishes.filter((one) => one === "identity") };
    const guardRule = { ...rule, establishes: rule.establishes.filter((one) => one !== "identity") };
    const identity = isEmptyRun(context) ? DONE : judgeWork(context, entryIdentity, identityRule, procedure);
    const guard = judgeWork(context, entryGuardWork, guardRule, procedure);
    const loaded = notEmpty(context);
    if (loaded !== undefined) return loaded;
    for (const one of [identity, guard]) if (one.kind !== "done" && one.kind !== "wait") return one;
    if (identity.kind !== "done" || guard.kind !== "done" || !lanePassable(context)) return WAIT;
    return {
      kind: "done",
      evidence: identity.evidence,
      facts: [...(identity.facts ?? []), ...(guard.facts ?? [])],
      findings: { ...identity.findings, ...guard.findings },
    };
  },
};
