import type { DriveAction } from "@baton/fleet-adapter";
import type { DeviceId, NodeId } from "@baton/maps";
import type { Evidence, Mismatch, Step } from "../../contract/index.ts";
import type { Condition, Fact } from "../../gate/conditions.ts";
import type { DeviceResult, DeviceTask, DeviceTaskKind } from "../../gate/port.ts";
import type { LegId, Via } from "../../reservation/port.ts";
import { type MissionContext, priorityOf } from "../context.ts";
import type { MissionEffect } from "../effects.ts";
import { evidenceText } from "../evidence.ts";
import { attemptOf, jobIdOf, legIdOf, legOf } from "../ids.ts";
import type { Procedure, StepRule } from "../procedure.ts";
import type { Findings, Job, Leg, PaperRelease } from "../records.ts";

/** How a step stands, judged from the mission's context alone. */
export type Judgement =
  | { readonly kind: "wait" }
  | {
      readonly kind: "done";
      readonly evidence?: Evidence | undefined;
      readonly facts?: readonly Fact[];
      readonly findings?: Findings;
    }
  /** Ask once more, without a person. */
  | { readonly kind: "retry" }
  | {
      readonly kind: "held";
      readonly code: string;
      readonly detail: string;
      readonly overridable: boolean;
      /** Which of a step's works. */
      readonly part?: string;
    }
  | { readonly kind: "return"; readonly reason: string }
  /** Its vehicle was sent elsewhere: another one is to be found. */
  | { readonly kind: "no-vehicle" };

/**
 * One step. Both functions are pure. `desired` lists every effect that the step needs in this context, whether
 * issued already or not: what was issued is known by its id. So a step never has to remember what it has said.
 */
export interface StepLogic {
  desired(context: MissionContext, rule: StepRule, procedure: Procedure): readonly MissionEffect[];
  judge(context: MissionContext, rule: StepRule, procedure: Procedure): Judgement;
}

export const WAIT: Judgement = { kind: "wait" };
export const DONE: Judgement = { kind: "done" };

export const held = (code: string, detail: string, overridable = false): Judgement => ({
  kind: "held",
  code,
  detail,
  overridable,
});

/** What a device's result says about the order: it fits, it does not, or the device said no. */
export type Examination =
  | {
      readonly kind: "fits";
      readonly evidence: Evidence;
      readonly findings?: Findings;
      readonly holds?: readonly Condition[];
      readonly account?: string;
    }
  /** A person with a name may accept it as it is. */
  | {
      readonly kind: "mismatch";
      readonly code: Mismatch;
      readonly detail: string;
      readonly findings?: Findings;
    }
  | { readonly kind: "refused"; readonly code: string; readonly detail: string }
  | { readonly kind: "return"; readonly reason: string };

/** The work of one device for one step. */
export interface DeviceWork {
  readonly step: Step;
  /** Names the job when a step has two. */
  readonly part?: string;
  device(context: MissionContext): DeviceId | undefined;
  task(context: MissionContext): DeviceTask;
  /** Whether the device can begin: the vehicle is there, the evidence it needs is in. */
  ready(context: MissionContext): boolean;
  examine(context: MissionContext, result: DeviceResult, procedure: Procedure): Examination;
  /** A person may read what the device cannot. */
  readonly isReading?: boolean;
  /** An agency's yes may come on a document: what it would have found by its system. */
  onPaper?(documentNo: string): { readonly findings?: Findings };
}

export function jobFor(context: MissionContext, work: Pick<DeviceWork, "step" | "part">): Job | undefined {
  return context.jobs[jobIdOf(context, work.step, work.part)];
}

export function askDevice(context: MissionContext, work: DeviceWork): readonly MissionEffect[] {
  const deviceId = work.device(context);
  if (deviceId === undefined || !work.ready(context)) return [];
  const jobId = jobIdOf(context, work.step, work.part);
  const vehicleId = context.vehicle?.vehicleId;
  const job = { jobId, deviceId, task: work.task(context), missionId: context.missionId };
  return [
    {
      effectId: `job:${jobId}`,
      kind: "askDevice",
      step: work.step,
      job: vehicleId === undefined ? job : { ...job, vehicleId },
    },
  ];
}

/** How a device's work stands: waits, failed, or what its result says, with the facts that the step establishes by it. */
export function judgeWork(
  context: MissionContext,
  work: DeviceWork,
  rule: StepRule,
  procedure: Procedure,
): Judgement {
  const judged = judgeAsked(context, work, rule, procedure);
  return judged.kind === "held" && work.part !== undefined ? { ...judged, part: work.part } : judged;
}

function judgeAsked(
  context: MissionContext,
  work: DeviceWork,
  rule: StepRule,
  procedure: Procedure,
): Judgement {
  const paper = context.papers?.[work.step];
  if (paper !== undefined && work.onPaper !== undefined) return judgePaper(paper, work.onPaper, rule);
  const reading = work.isReading === true ? context.readings?.[work.step] : undefined;
  if (reading !== undefined)
    return judgeResult(context, work, rule, procedure, reading.result, {
      source: "by-hand",
      account: reading.account,
    });
  const job = jobFor(context, work);
  const deviceId = work.device(context);
  if (deviceId === undefined)
    return held("device-missing", `the site has no ${rule.answeredBy.join(" or ")} for ${work.step}`);
  if (job === undefined) return WAIT;
  if (job.state === "asked" && context.nowMs < job.deadlineAtMs) return WAIT;
  if (job.state !== "done" || job.result === undefined) {
    if (attemptOf(context, work.step) <= rule.retries) return { kind: "retry" };
    return job.failure === undefined
      ? held("device-silent", `${deviceId} has not answered in time`)
      : held("device-failed", `${deviceId}: ${job.failure.code} ${job.failure.detail}`.trim());
  }
  if (job.result.kind !== work.task(context).kind)
    return held("device-failed", `${deviceId} answered ${job.result.kind}`);
  return judgeResult(context, work, rule, procedure, job.result, { source: deviceId });
}

/** People vouch by name for what stands on the document; the agency's system is asked all the same, and answers when it can. */
function judgePaper(
  { documentNo, accounts, atMs }: PaperRelease,
  onPaper: NonNullable<DeviceWork["onPaper"]>,
  rule: StepRule,
): Judgement {
  const { findings } = onPaper(documentNo);
  const detail = `on paper ${documentNo}`;
  const account = accounts.join("+");
  return {
    kind: "done",
    evidence: { code: "on-paper", documentNo, accounts },
    facts: rule.establishes.map((condition) => ({
      condition,
      holds: true,
      source: "paper",
      atMs,
      account,
      detail,
    })),
    ...(findings === undefined ? {} : { findings }),
  };
}

function judgeResult(
  context: MissionContext,
  work: DeviceWork,
  rule: StepRule,
  procedure: Procedure,
  result: DeviceResult,
  by: { readonly source: string; readonly account?: string },
): Judgement {
  const found = work.examine(context, result, procedure);
  switch (found.kind) {
    case "fits": {
      const holds = found.holds ?? rule.establishes;
      const account = found.account ?? by.account;
      return {
        kind: "done",
        evidence: found.evidence,
        facts: holds.map((condition) => ({
          condition,
          holds: true,
          source: by.source,
          atMs: context.nowMs,
          detail: evidenceText(found.evidence),
          ...(account === undefined ? {} : { account }),
        })),
        ...(found.findings === undefined ? {} : { findings: found.findings }),
      };
    }
    case "mismatch": {
      // A person's word covers what the device found, and nothing that it has not been asked.
      const override = context.overrides[work.step];
      if (override === undefined) return held(found.code, found.detail, true);
      return {
        kind: "done",
        evidence: { code: "accepted", mismatch: found.code, account: override.account },
        facts: rule.establishes.map((condition) => ({
          condition,
          holds: true,
          source: "override",
          atMs: override.atMs,
          account: override.account,
          detail: found.detail,
        })),
        ...(found.findings === undefined ? {} : { findings: found.findings }),
      };
    }
    case "refused":
      return held(found.code, found.detail);
    case "return":
      return { kind: "return", reason: found.reason };
  }
}

/** A step that is nothing but one device's work. */
export function deviceStep(work: DeviceWork): StepLogic {
  return {
    desired: (context) => askDevice(context, work),
    judge: (context, rule, procedure) => judgeWork(context, work, rule, procedure),
  };
}

/** Narrows a result to the kind that was asked for; a device that answered otherwise was caught before. */
export function resultOf<K extends DeviceTaskKind>(
  result: DeviceResult,
  kind: K,
): Extract<DeviceResult, { kind: K }> {
  if (!isResult(result, kind)) throw new Error(`examined a result of ${result.kind} as ${kind}`);
  return result;
}

function isResult<K extends DeviceTaskKind>(
  result: DeviceResult,
  kind: K,
): result is Extract<DeviceResult, { kind: K }> {
  return result.kind === kind;
}

export interface LegWish {
  /** Where the vehicle stands when it begins, as far as the mission knows. */
  readonly fromNodeId?: NodeId | undefined;
  readonly toNodeId: NodeId;
  readonly via?: readonly Via[];
  readonly firstGrantThroughNodeId?: NodeId;
  readonly actionsAtEnd?: readonly DriveAction[];
  /** Where the partner drives it on to from the leg's end. */
  readonly partnerStretchThroughNodeId?: NodeId;
  /** The leg from which the vehicle is sent here on its way. */
  readonly insteadOf?: LegId | undefined;
  /** From there at once, or not at all. */
  readonly orNever?: boolean | undefined;
}

export function requestLeg(context: MissionContext, step: Step, wish: LegWish): readonly MissionEffect[] {
  if (context.vehicle === undefined) return [];
  const legId = legIdOf(context, step);
  return [
    {
      effectId: `leg:${legId}`,
      kind: "requestLeg",
      fromNodeId: wish.fromNodeId,
      leg: {
        legId,
        vehicleId: context.vehicle.vehicleId,
        via: wish.via ?? [],
        toNodeId: wish.toNodeId,
        ...(wish.firstGrantThroughNodeId === undefined
          ? {}
          : { firstGrantThroughNodeId: wish.firstGrantThroughNodeId }),
        actionsAtEnd: wish.actionsAtEnd ?? [],
        priority: priorityOf(context),
        commandedBy: "us",
        ...(wish.partnerStretchThroughNodeId === undefined
          ? {}
          : { partnerStretch: { throughNodeId: wish.partnerStretchThroughNodeId } }),
        ...(wish.insteadOf === undefined ? {} : { insteadOf: wish.insteadOf }),
        ...(wish.orNever === true ? { orNever: true } : {}),
      },
    },
  ];
}

export function proceed(
  context: MissionContext,
  legStep: Step,
  nodeId: NodeId | undefined,
): readonly MissionEffect[] {
  const leg = legOf(context, legStep);
  if (
    leg === undefined ||
    nodeId === undefined ||
    context.vehicle === undefined ||
    !leg.stoodAt.includes(nodeId)
  )
    return [];
  const vehicleId = context.vehicle.vehicleId;
  return [
    { effectId: `proceed:${leg.legId}:${nodeId}`, kind: "proceed", vehicleId, legId: leg.legId, nodeId },
  ];
}

/** Done when the leg has been driven to its end. */
export function judgeLeg(context: MissionContext, legStep: Step): Judgement {
  const leg = legOf(context, legStep);
  if (leg?.state === "refused") return legRefused(leg);
  return leg?.state === "completed" ? DONE : WAIT;
}

export const legRefused = (leg: Leg): Judgement =>
  held("leg-refused", `${leg.legId}: ${leg.refusal ?? "refused"}`);

/** The leg on which the container goes through the lane to its buffer bay. */
export const laneLegStep = (context: MissionContext): Step =>
  context.bound === "outbound" ? "identify" : "accept";

/** Whether the vehicle has come to any of these nodes on its way through the lane, or has it behind it. */
export function laneReached(context: MissionContext, ...nodeIds: readonly (NodeId | undefined)[]): boolean {
  const leg = legOf(context, laneLegStep(context));
  if (leg === undefined) return false;
  return (
    leg.state === "completed" ||
    nodeIds.some((nodeId) => nodeId !== undefined && leg.reached.includes(nodeId))
  );
}

export const agency = (context: MissionContext, name: string): DeviceId =>
  `${context.side}.${name}` as DeviceId;
