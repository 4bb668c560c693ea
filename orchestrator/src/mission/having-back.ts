import type { BackBar } from "../contract/index.ts";
import { hasItAboard, isEmptyRun, isOver, type MissionContext } from "./context.ts";
import { isInCranesHold } from "./steps/crane-steps.ts";

/*
 * An outbound container that is wanted back. *Called back* while it is certain that the partner does not have it: its vehicle stands
 * in its bay, or drives on to where it can turn round. *Withdrawn* by force at the line, where the witness says whose it is. *Given
 * back* where it is held. What has crossed comes back by a hand-off of the partner's.
 */

/** From its bay on: before, it stands in a lane in which nobody turns round. */
const BEHIND_THE_LANE: ReadonlySet<MissionContext["step"]> = new Set([
  "drive-to-buffer",
  "verdict",
  "quarantine",
  "decision",
  "inspection",
  "offer",
  "guard-exit",
  "drive-to-hold",
  "handoff",
]);

/** Where it has left its bay, or is about to: it turns round at the line. */
const ON_WAY_TO_LINE: ReadonlySet<MissionContext["step"]> = new Set([
  "guard-exit",
  "drive-to-hold",
  "handoff",
]);

/** What keeps an outbound container with a vehicle from being had back without force; undefined when nothing does. */
export function backBar(context: MissionContext): BackBar | undefined {
  const { bound, status, step, vehicle, handoff, withdrawal, noWayBack } = context;
  if (bound !== "outbound" || isOver(context) || vehicle === undefined) return undefined;
  if (handoff?.switched === true) return "over-the-line";
  if (isInCranesHold(context)) return "crane-has-it";
  if (withdrawal !== undefined) return "asked-back";
  if (handoff?.phase === "going") return "partner-may-have-it";
  if (noWayBack === true && ON_WAY_TO_LINE.has(step)) return "no-way-back";
  return status === "held" || BEHIND_THE_LANE.has(step) ? undefined : "before-bay";
}

/** May be called back now: from its bay, on its way to the line, at the exit gate or at the line. */
export function canBeRecalled(context: MissionContext): boolean {
  const { bound, status, vehicle } = context;
  if (bound !== "outbound" || status !== "running" || vehicle === undefined) return false;
  return backBar(context) === undefined && (isEmptyRun(context) || hasItAboard(context));
}

/** The partner may say `go` any moment: it is the witness that says whether the call comes in time. */
export const isRecalledByWitness = ({ handoff }: MissionContext): boolean => handoff?.phase === "ready";

/** A container may be given back until the partner may have it: from `going` on, only the partner can return it. */
export const canReturn = (context: MissionContext): boolean =>
  context.bound === "outbound" && backBar(context) === undefined;

/**
 * A vehicle, or a container under the crane, at the line that the giver wants back: the witness says whether it comes in time. What hangs
 * in the crane comes down on the other side: nobody takes it back on the way.
 */
export function canBeWithdrawn(context: MissionContext): boolean {
  const { bound, step, handoff, withdrawal } = context;
  if (bound !== "outbound" || isOver(context) || step !== "handoff") return false;
  if (withdrawal !== undefined || isInCranesHold(context)) return false;
  return handoff !== undefined && handoff.phase !== "over" && !handoff.switched;
}
