import type { ActionId } from "@baton/fleet-adapter";
import type { Effect } from "./core/effects.ts";
import type { Machine } from "./desk.ts";
import type { Offer } from "./port.ts";
import type { HandoffsOptions } from "./service-port.ts";

type Reach = Pick<HandoffsOptions, "fleet" | "holdNodeOf" | "ids" | "transfers">;

/** Tells the witness what a machine wants of it: the vehicle whose control passes, or the device under which containers change. */
export function instructWitness(
  { handoffId, offer }: Machine,
  effect: Extract<Effect, { kind: "switch" | "dock" }>,
  { fleet, holdNodeOf, ids, transfers }: Reach,
): void {
  const { expectedEpoch } = effect;
  if (offer.mode === "container-transfers") {
    const command = { handoffId, expectedEpoch };
    transfers?.command(
      offer.handoffPointId,
      effect.kind === "dock" ? { kind: "dock", ...command } : { kind: "switch", to: effect.to, ...command },
    );
    return;
  }
  // A vehicle that passes itself docks nowhere.
  if (effect.kind === "dock") return;
  const { from, to } = effect;
  const baseEndsAtNodeId = to === from ? undefined : holdNodeOf?.(offer.handoffPointId);
  const actionId = `${handoffId}.${to === from ? "fence" : "transfer"}.${ids.next()}` as ActionId;
  fleet.instruct(offer.vehicleId, {
    actionId,
    kind: "transferControl",
    from,
    expectedEpoch,
    to,
    handoffId,
    ...(baseEndsAtNodeId === undefined ? {} : { baseEndsAtNodeId }),
  });
}

/** Whether a hand-off can be done as it is offered: containers change vehicle only under a device. */
export function servesMode(
  { mode, handoffPointId }: Pick<Offer, "mode" | "handoffPointId">,
  { transfers }: Reach,
): boolean {
  return mode !== "container-transfers" || transfers?.serves(handoffPointId) === true;
}
