import { refusalToResolve } from "./core/may-resolve.ts";
import { agreedHolder, type Saying } from "./core/word.ts";
import type { Desk } from "./desk.ts";
import type { ResolveOutcome } from "./service-port.ts";

/** A named account's word of who has what a hand-off's lost witness cannot say any more: taken, if what this side knows lets it. */
export async function sayWhoHolds(
  desk: Desk,
  handoffId: string,
  saying: Saying,
  nowMs: number,
): Promise<ResolveOutcome> {
  const machine = desk.machines().find((one) => one.handoffId === handoffId);
  if (machine === undefined) return { kind: "refused", why: "handoff-unknown" };
  const seen = (await desk.see(machine.handoffId, nowMs)) ?? machine;
  const why = refusalToResolve(seen, saying.holder);
  if (why !== undefined) return { kind: "refused", why };
  const event = { kind: "resolve", saying, nowMs } as const;
  const outcome = await (seen.role === "giver"
    ? desk.stepGiver(seen.handoffId, event)
    : desk.stepTaker(seen.handoffId, event));
  return { kind: "said", agreed: outcome !== undefined && agreedHolder(outcome.machine) === saying.holder };
}
