import type { Step } from "../contract/index.ts";
import { byVehicle, type MissionContext } from "./context.ts";
import type { MissionEvent } from "./events.ts";
import { timelineEntry } from "./evidence.ts";
import { attemptOf, legOf } from "./ids.ts";
import type { Procedure, StepRule } from "./procedure.ts";
import { PAD_LEGS } from "./steps/crane-steps.ts";
import { isRefusedByPartner } from "./steps/line-steps.ts";
import { STEP_LOGIC } from "./steps/step-table.ts";

/** What a mission's context becomes where its machine goes on, holds, is tried again or ends (`machine.ts`). */

export function enterStep(context: MissionContext, step: Step): MissionContext {
  const { held: _over, ...rest } = context;
  const stepSinceMs = context.step === step && context.stepSinceMs > 0 ? context.stepSinceMs : context.nowMs;
  return { ...rest, status: "running", step, stepSinceMs };
}

export function concludeStep(context: MissionContext, rule: StepRule, procedure: Procedure): MissionContext {
  const judgement = STEP_LOGIC[rule.step].judge(context, rule, procedure);
  if (judgement.kind !== "done") return context;
  const entry = timelineEntry(rule.step, context.nowMs, judgement.evidence);
  return {
    ...context,
    facts: [...context.facts, ...(judgement.facts ?? [])],
    findings: { ...context.findings, ...judgement.findings },
    timeline: [...context.timeline, entry],
  };
}

export function hold(context: MissionContext, rule: StepRule, procedure: Procedure): MissionContext {
  const judgement = STEP_LOGIC[rule.step].judge(context, rule, procedure);
  if (judgement.kind !== "held") return context;
  const { code, detail, overridable, part } = judgement;
  return {
    ...context,
    status: "held",
    held: { code, detail, step: rule.step, overridable, ...(part === undefined ? {} : { part }) },
    holdCount: context.holdCount + 1,
  };
}

/** A new attempt: devices are asked under a new job id, a leg that was refused under a new leg id. */
export function tryAgain(context: MissionContext, step: Step): MissionContext {
  const attempts = { ...context.attempts, [step]: attemptOf(context, step) + 1 };
  const legRounds = { ...context.legRounds };
  for (const legStep of [step, ...(byVehicle(context) === undefined ? PAD_LEGS : [])])
    if (legOf(context, legStep)?.state === "refused") legRounds[legStep] = (legRounds[legStep] ?? 1) + 1;
  const { admission, handoff, readings, ...rest } = context;
  const { [step]: _readBefore, ...otherReadings } = readings ?? {};
  return {
    ...rest,
    ...(admission?.state === "admitted" ? { admission } : {}),
    // Who tries again after a refusal offers again.
    ...(handoff === undefined || isRefusedByPartner(context) ? {} : { handoff }),
    ...(Object.keys(otherReadings).length === 0 ? {} : { readings: otherReadings }),
    attempts,
    legRounds,
  };
}

export function acceptAsItIs(context: MissionContext, event: MissionEvent): MissionContext {
  if (context.held === undefined) return context;
  const override = { account: accountIn(event), code: context.held.code, atMs: context.nowMs };
  return { ...context, overrides: { ...context.overrides, [context.held.step]: override } };
}

export const accountIn = (event: MissionEvent): string => ("account" in event ? event.account : "");

export function giveUp(context: MissionContext, rule: StepRule, procedure: Procedure): MissionContext {
  const judgement = STEP_LOGIC[rule.step].judge(context, rule, procedure);
  return judgement.kind === "return" ? { ...context, returnReason: judgement.reason } : context;
}

export function end(context: MissionContext, status: "done" | "returned"): MissionContext {
  const { held: _over, ...rest } = context;
  return { ...rest, status, endedAtMs: context.nowMs };
}
