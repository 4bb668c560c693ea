import type { Visitor } from "../../handoff/core/visit/visitor.ts";
import { byVisit, cargoOf, hasItAboard, type MissionContext } from "../context.ts";
import type { MissionEffect } from "../effects.ts";
import { actionIdOf, legOf } from "../ids.ts";
import { afterTow, hasVisitorGone, judgeTowed, visitorGone } from "../towed.ts";
import { DONE, type Judgement, legRefused, requestLeg, WAIT } from "./step-logic.ts";

/*
 * A visit by the host's grants. The home side's mission drives its vehicle to the hold line as it always does (the leg of
 * `guard-exit`), on over the host's ground to the exchange pad (`cross`), where the host's crane takes the container, and back to
 * its own first stop (`drive-to-yard`). A leg over the host's ground is asked for once it is kept for good that the ground was
 * entered. The host's mission knows the vehicle by the page of its ledger, and by its report that it stands at the pad.
 */

/** What the home side asks of the visit. Idempotent, and said again until the visit shows it: nothing of it need be stored. */
export type VisitWish =
  | { readonly kind: "want" | "enter" | "left"; readonly stretchId: string }
  | { readonly kind: "end" };

/** What a mission wants of its visit now. */
export function visitWishes(context: MissionContext, visitor: Visitor): readonly VisitWish[] {
  const line = byVisit(context);
  const { handoff, bound, status } = context;
  if (line === undefined || handoff === undefined || bound === "inbound" || status !== "running") return [];
  if (visitor.isOver || handoff.phase === "offered" || handoff.phase === "over") return [];
  const { inStretchId, outStretchId } = line;
  // It does not say so itself any more: its people do.
  if (context.towed !== undefined) return hasLeft(visitor);
  if (legOf(context, "drive-to-yard")?.state === "completed") return hasLeft(visitor);
  const next = isRidOfItAtPad(context) ? outStretchId : inStretchId;
  if (legOf(context, "guard-exit")?.state !== "completed") return [];
  const held = visitor.holds.find(({ stretchId }) => stretchId === next);
  if (held === undefined) return [{ kind: "want", stretchId: next }];
  return handoff.switched && !held.isEntered ? [{ kind: "enter", stretchId: next }] : [];
}

const hasLeft = ({ holds }: Visitor): readonly VisitWish[] =>
  holds.length === 0 ? [{ kind: "end" }] : holds.map(({ stretchId }) => ({ kind: "left", stretchId }));

/** Home: the legs over the host's ground, each once its ground was entered. */
export function thereAndBack(context: MissionContext): readonly MissionEffect[] {
  const line = byVisit(context);
  if (line === undefined) return [];
  if (context.towed !== undefined) return afterTow(context);
  const entered = context.visit?.entered ?? [];
  const drop = {
    actionId: actionIdOf(context, "unload", "drop"),
    kind: "drop",
    loadId: cargoOf(context).containerNo,
    stationId: line.padStationId,
  } as const;
  return [
    ...(entered.includes(line.inStretchId)
      ? requestLeg(context, "cross", {
          fromNodeId: line.holdNodeId,
          toNodeId: line.padNodeId,
          actionsAtEnd: [drop],
        })
      : []),
    ...(entered.includes(line.outStretchId)
      ? requestLeg(context, "drive-to-yard", { fromNodeId: line.padNodeId, toNodeId: line.homeNodeId })
      : []),
  ];
}

/** Home: done when the vehicle is on its own ground again, and the host has been told so. */
export function wayThereAndBack(context: MissionContext): Judgement {
  const towed = judgeTowed(context);
  if (towed !== undefined) return towed;
  for (const step of ["cross", "drive-to-yard"] as const) {
    const leg = legOf(context, step);
    if (leg?.state === "refused") return legRefused(leg);
  }
  return context.visit?.isOver === true ? DONE : WAIT;
}

/** Home: the host's crane has taken the container, and the vehicle says so. */
function isRidOfItAtPad(context: MissionContext): boolean {
  const isAboard = hasItAboard(context);
  return legOf(context, "cross")?.state === "completed" && !isAboard;
}

/** Host: the visitor may come when the way to the pad is its own. */
export function admitVisitor(context: MissionContext): readonly MissionEffect[] {
  const { handoff, visit } = context;
  if (handoff === undefined) return [];
  const { handoffId, phase } = handoff;
  const mayGo = phase === "ready" && visit?.isKept === true;
  return [
    { effectId: `accept:${handoffId}`, kind: "acceptHandoff", handoffId },
    ...(mayGo ? [{ effectId: `go:${handoffId}`, kind: "goHandoff", handoffId } as const] : []),
  ];
}

/** Host: it stands at our exchange pad. */
export const isAtPad = (context: MissionContext): boolean => context.visit?.isAtPad === true;

export function arrival(context: MissionContext): Judgement {
  if (isAtPad(context)) return DONE;
  return hasVisitorGone(context) ? visitorGone() : WAIT;
}
