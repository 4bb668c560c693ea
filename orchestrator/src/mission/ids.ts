import type { ActionId } from "@baton/fleet-adapter";
import type { Step } from "../contract/index.ts";
import type { JobId } from "../gate/port.ts";
import type { HandoffId } from "../handoff/port.ts";
import type { LegId } from "../reservation/port.ts";
import type { MissionContext } from "./context.ts";
import type { Leg } from "./records.ts";

/** `<mission>.<step>` for the first request; a leg that was refused for good is asked for again under a new id. */
export function legIdOf(context: MissionContext, step: Step): LegId {
  const round = context.legRounds[step] ?? 1;
  const id = `${context.missionId}.${step}`;
  return (round === 1 ? id : `${id}.${round}`) as LegId;
}

export function legOf(context: MissionContext, step: Step): Leg | undefined {
  return context.legs[legIdOf(context, step)];
}

export const attemptOf = (context: MissionContext, step: Step): number => context.attempts[step] ?? 1;

/** `<mission>.<step>.<attempt>`; a step that asks two devices names the second part. */
export function jobIdOf(context: MissionContext, step: Step, part?: string): JobId {
  return `${context.missionId}.${step}${part === undefined ? "" : `-${part}`}.${attemptOf(context, step)}` as JobId;
}

export function actionIdOf(context: MissionContext, step: Step, name: string): ActionId {
  return `${context.missionId}.${step}.${name}` as ActionId;
}

export const handoffIdFrom = (text: string): HandoffId => text as HandoffId;

/** The mission that a leg or a job is for, by its id; undefined for ids that no mission made. */
export function missionIdIn(id: string): string | undefined {
  const dot = id.indexOf(".");
  return dot <= 0 ? undefined : id.slice(0, dot);
}
