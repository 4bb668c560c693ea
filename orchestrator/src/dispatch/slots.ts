import Type, { type Static } from "typebox";
import { type Calendar, jointOpeningAt } from "./calendar.ts";
import type { LineState } from "./view.ts";

/** How a direction's slots are given out. Data of its procedure, with the source of its figures there. */
export const SlotPlan = Type.Object({
  /** How long one slot is. */
  slotMs: Type.Integer({ minimum: 60_000, maximum: 86_400_000 }),
  /** Containers a slot. */
  perSlot: Type.Integer({ minimum: 1, maximum: 10_000 }),
  /** How long before its slot begins a truck may be called in. */
  callAheadMs: Type.Integer({ minimum: 0, maximum: 86_400_000 }),
  /** The curtain: how long before closing nothing new is begun, so that what is under way is over the line by then. */
  curtainMs: Type.Integer({ minimum: 0, maximum: 86_400_000 }),
});
export type SlotPlan = Static<typeof SlotPlan>;

export interface Slot {
  readonly fromMs: number;
  readonly toMs: number;
}

/** No slot is looked for further ahead. */
const HORIZON_MS = 14 * 24 * 3_600_000;

/**
 * The first slot from `earliestMs` on that has room and lies, at least in part, before the curtain of an opening.
 * Undefined when there is none within two weeks: the border stays closed, or everything is taken.
 *
 * @param taken how many have each slot, by its `fromMs`.
 */
export function bookSlot(
  plan: SlotPlan,
  calendars: readonly Calendar[],
  taken: ReadonlyMap<number, number>,
  earliestMs: number,
): Slot | undefined {
  let atMs = earliestMs;
  while (atMs < earliestMs + HORIZON_MS) {
    const opening = jointOpeningAt(calendars, atMs);
    if (opening === undefined) return undefined;
    const lastMs = opening.toMs - plan.curtainMs;
    const usableMs = Math.max(atMs, opening.fromMs);
    if (usableMs >= lastMs) {
      atMs = opening.toMs;
      continue;
    }
    // Slots lie on a fixed grid, so that a slot has one name whoever asks for it and when.
    const fromMs = Math.floor(usableMs / plan.slotMs) * plan.slotMs;
    const toMs = fromMs + plan.slotMs;
    if ((taken.get(fromMs) ?? 0) < plan.perSlot) return { fromMs, toMs };
    atMs = toMs;
  }
  return undefined;
}

/** Whether the line takes vehicles at an instant. */
export function lineStateAt(calendars: readonly Calendar[], curtainMs: number, atMs: number): LineState {
  const opening = jointOpeningAt(calendars, atMs);
  if (opening === undefined) return { state: "closed", untilMs: undefined };
  if (opening.fromMs > atMs) return { state: "closed", untilMs: opening.fromMs };
  const untilMs = Number.isFinite(opening.toMs) ? opening.toMs : undefined;
  return { state: atMs < opening.toMs - curtainMs ? "open" : "curtain", untilMs };
}
