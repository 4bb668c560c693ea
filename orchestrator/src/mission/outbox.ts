import type { MissionContext } from "./context.ts";
import { isUnanswered, type MissionEffect } from "./effects.ts";
import { legIdOf } from "./ids.ts";
import { type Procedure, ruleOf } from "./procedure.ts";

/**
 * Issues those of the desired effects that were never issued, noting what the mission now waits for: a job with
 * its deadline, a leg, a hand-off. Then takes out of the outbox what the world has answered.
 */
export function issue(
  context: MissionContext,
  desired: readonly MissionEffect[],
  procedure: Procedure,
): MissionContext {
  let next = context;
  for (const effect of desired) {
    if (next.issued.includes(effect.effectId)) continue;
    next = {
      ...waitingFor(next, effect, procedure),
      issued: [...next.issued, effect.effectId],
      outbox: [...next.outbox, effect],
    };
  }
  const outbox = next.outbox.filter((effect) => !isAnswered(next, effect));
  // A mission may offer for days; offers that came to nothing need not be remembered, their ids never come again.
  const issued = next.issued.filter(
    (id) => !id.startsWith("offer:") || id === `offer:${next.handoff?.handoffId}`,
  );
  const same = outbox.length === next.outbox.length && issued.length === next.issued.length;
  return same ? next : { ...next, outbox, issued };
}

function waitingFor(context: MissionContext, effect: MissionEffect, procedure: Procedure): MissionContext {
  switch (effect.kind) {
    case "askDevice": {
      const { jobId, deviceId } = effect.job;
      const deadlineAtMs = context.nowMs + (ruleOf(procedure, effect.step)?.deadlineMs ?? 0);
      const job = {
        jobId,
        deviceId,
        step: effect.step,
        askedAtMs: context.nowMs,
        deadlineAtMs,
        state: "asked",
      } as const;
      return { ...context, jobs: { ...context.jobs, [jobId]: job } };
    }
    case "requestLeg": {
      const { legId } = effect.leg;
      const { fromNodeId } = effect;
      const leg = {
        legId,
        ...(fromNodeId === undefined ? {} : { fromNodeId }),
        state: "requested" as const,
        granted: false,
        left: false,
        reached: [],
        stoodAt: [],
      };
      return { ...context, legs: { ...context.legs, [legId]: leg } };
    }
    case "offerHandoff": {
      const { handoffId } = effect.offer;
      const { visit: _before, ...rest } = context;
      return { ...rest, handoff: { handoffId, phase: "offered", switched: false, concluded: false } };
    }
    case "readyHandoff":
    case "goHandoff": {
      if (context.handoff === undefined) return context;
      const phase = effect.kind === "readyHandoff" ? "ready" : "going";
      return { ...context, handoff: { ...context.handoff, phase } };
    }
    default:
      return context;
  }
}

/** Whether the world has answered an effect, so that it need not be carried out again after a restart. */
function isAnswered(context: MissionContext, effect: MissionEffect): boolean {
  if (isUnanswered(effect)) return false; // taken out when it was carried out
  if (effect.kind === "raiseAlarm") return context.issued.includes(`clear:${effect.alarmId}`);
  const isWanted = effect.kind === "askDevice" && effect.untilAnswered === true;
  if (context.status === "done" && !isWanted) return true;
  // A vehicle that was given back at a gate still has to leave it.
  if (context.status === "returned" && effect.kind !== "proceed") return true;
  switch (effect.kind) {
    case "requestLeg": {
      // A leg that leads over the line is never completed; asked again for a vehicle that has left our ground, it would
      // wait for the vehicle, and be driven when that comes back on another mission.
      const isYielded =
        context.yielding !== undefined && effect.effectId === `leg:${legIdOf(context, "drive-to-crane")}`;
      return isYielded || context.legs[effect.leg.legId]?.state !== "requested" || context.clearOfGround;
    }
    case "proceed":
      return context.legs[effect.legId]?.state !== "requested";
    case "askDevice": {
      const job = context.jobs[effect.job.jobId];
      return job === undefined || job.state !== "asked" || (!isWanted && context.nowMs >= job.deadlineAtMs);
    }
    case "admitVehicle":
      return context.admission !== undefined;
    case "offerHandoff":
      return context.handoff?.handoffId !== effect.offer.handoffId || context.handoff.phase !== "offered";
    case "acceptHandoff":
      return context.handoff?.phase !== "offered" && context.handoff?.phase !== "accepted";
    case "readyHandoff":
    case "goHandoff":
      return (
        context.handoff?.handoffId !== effect.handoffId ||
        context.handoff.switched ||
        context.handoff.phase === "over"
      );
    case "receiveHandoff":
      return context.handoff?.concluded === true;
    default:
      return true;
  }
}
