import { byCrane, cargoOf, hasItAboard, type MissionContext } from "../context.ts";
import type { MissionEffect } from "../effects.ts";
import { actionIdOf, legOf } from "../ids.ts";
import { type Judgement, legRefused, requestLeg, WAIT } from "./step-logic.ts";

/*
 * The line where a crane sets the container over. Outbound, the vehicle stands on its pad when it has come to the end of the leg
 * from the exit gate; inbound, one of ours is sent to ours, whose leg is the mission's `drive-to-hold`. What the crane asks of a
 * vehicle's locks is an action where it stands: `unload` outbound, `load` inbound. From when the spreader has engaged nobody
 * takes the container back, so that neither is ever left with an action that nothing ends.
 */

/** Whose legs these are is told by the bound of their mission; inbound `accept` leads on from the pad. */
export const PAD_LEGS = [
  "guard-exit",
  "drive-to-hold",
  "unload",
  "load",
  "accept",
  "cross",
  "drive-to-yard",
] as const;

type Phase = NonNullable<NonNullable<MissionContext["handoff"]>["crane"]>;

/** The spreader has hold of it: the giver's locks may open. */
const HAS_HOLD: ReadonlySet<Phase> = new Set([
  "engaged",
  "lifting",
  "hanging",
  "landing",
  "landed",
  "releasing",
]);
/** It is off the giver's vehicle: the taker's waits for it. */
const IS_OFF: ReadonlySet<Phase> = new Set(["hanging", "landing", "landed", "releasing"]);

const isAt = (context: MissionContext, phases: ReadonlySet<Phase>): boolean =>
  context.handoff?.crane !== undefined && phases.has(context.handoff.crane);

/** Outbound: it is the crane's to set it down on the other side, whatever anybody wants. */
export const isInCranesHold = (context: MissionContext): boolean => isAt(context, HAS_HOLD);

/** Where it stands on its pad, before anything may be said of it. */
export const standsOnPad = (context: MissionContext): boolean =>
  legOf(context, context.bound === "outbound" ? "guard-exit" : "drive-to-hold")?.state === "completed";

/** Outbound: the crane has hold of the container, so that the locks open below it. */
export function letGo(context: MissionContext): readonly MissionEffect[] {
  return isAt(context, HAS_HOLD) ? atPad(context, "unload", "drop") : [];
}

/** Inbound: the container hangs over our vehicle, or will: it is taken, and locked. */
function takeOn(context: MissionContext): readonly MissionEffect[] {
  return isAt(context, IS_OFF) ? atPad(context, "load", "pick") : [];
}

function atPad(
  context: MissionContext,
  step: "load" | "unload",
  kind: "pick" | "drop",
): readonly MissionEffect[] {
  const line = byCrane(context);
  if (line === undefined) return [];
  return requestLeg(context, step, {
    fromNodeId: line.padNodeId,
    toNodeId: line.padNodeId,
    actionsAtEnd: [
      {
        actionId: actionIdOf(context, step, kind),
        kind,
        loadId: cargoOf(context).containerNo,
        stationId: line.padStationId,
      },
    ],
  });
}

/** Inbound: our vehicle to our pad, since the partner was told that one comes; `go` when it stands there, empty. */
export function acceptAtPad(context: MissionContext, yes: MissionEffect): readonly MissionEffect[] {
  const line = byCrane(context);
  const { handoff, vehicle } = context;
  if (line === undefined || handoff === undefined || vehicle === undefined) return [];
  if (handoff.phase === "over") return [yes];
  const { handoffId } = handoff;
  const mayGo = handoff.phase === "ready" && standsOnPad(context) && vehicle.loadIds.length === 0;
  return [
    yes,
    ...requestLeg(context, "drive-to-hold", { toNodeId: line.padNodeId }),
    ...(mayGo ? [{ effectId: `go:${handoffId}`, kind: "goHandoff", handoffId } as const] : []),
    ...takeOn(context),
  ];
}

/** What keeps one of ours from the pad, or from taking the container there. */
export function wayOfPad(context: MissionContext): Judgement {
  for (const step of ["drive-to-hold", "load"] as const) {
    const leg = legOf(context, step);
    if (leg?.state === "refused") return legRefused(leg);
  }
  return WAIT;
}

/** From the pad on, through the entry gate to its bay, once it is ours and locked. */
export function fromPad(context: MissionContext, gateDwellMs: number): readonly MissionEffect[] {
  const line = byCrane(context);
  const { buffer, entryGate } = context.places;
  if (line === undefined || buffer?.nodeId === undefined) return [];
  const isLocked = legOf(context, "load")?.state === "completed" && hasItAboard(context);
  if (!isLocked) return takeOn(context);
  return requestLeg(context, "accept", {
    fromNodeId: line.padNodeId,
    toNodeId: buffer.nodeId,
    via: entryGate?.nodeId === undefined ? [] : [{ nodeId: entryGate.nodeId, expectedDwellMs: gateDwellMs }],
  });
}

/** Outbound: the crane has taken it, and the vehicle has nothing aboard and nothing left to do. */
export function isRidOfIt(context: MissionContext): boolean {
  return legOf(context, "unload")?.state === "completed" && !hasItAboard(context);
}
