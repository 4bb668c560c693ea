import type { OfferBody } from "./messages.ts";

/**
 * Which witness decides a hand-off: the vehicle's control register, or the register of the transfer device that serves the hand-off
 * point. A name of this room's own: vehicle ids and hand-off points share no space.
 */
export function witnessOf({
  mode,
  vehicleId,
  handoffPointId,
}: Pick<OfferBody, "mode" | "vehicleId" | "handoffPointId">): string {
  return mode === "container-transfers" ? `device at ${handoffPointId}` : vehicleId;
}
