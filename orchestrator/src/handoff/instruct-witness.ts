import type { ActionId } from "@baton/fleet-adapter";
import type { Effect } from "./core/effects.ts";
import type { Machine } from "./desk.ts";
import type { Offer } from "./port.ts";
import type { HandoffsOptions } from "./service-port.ts";
import type { VisitDesk } from "./visits.ts";

type Reach = Pick<HandoffsOptions, "fleet" | "holdNodeOf" | "ids" | "transfers"> & {
  readonly visits: Pick<VisitDesk, "instruct">;
};

/** Tells the witness what a machine wants of it: the vehicle whose control passes, the host's ledger, or the device under which containers change. */
export function instructWitness(
  machine: Machine,
  effect: Extract<Effect, { kind: "switch" | "dock" }>,
  { fleet, holdNodeOf, ids, transfers, visits }: Reach,
): void {
  const { handoffId, offer } = machine;
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
  if (offer.mode === "host-grants") {
    visits.instruct(machine, effect);
    return;
  }
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

/** Whether a hand-off can be done as it is offered: visitors need ground that is for them, containers change vehicle only under a device. */
export function servesMode(
  { mode, handoffPointId }: Pick<Offer, "mode" | "handoffPointId">,
  { transfers, visitGround }: Pick<HandoffsOptions, "transfers" | "visitGround">,
): boolean {
  if (mode === "host-grants") return visitGround !== undefined;
  return mode !== "container-transfers" || transfers?.serves(handoffPointId) === true;
}
