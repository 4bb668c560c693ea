import type { VehicleId } from "@baton/fleet-adapter";
import type { OfferBody } from "./messages.ts";

/**
 * Which witness decides a hand-off: the vehicle's control register, the page of the host's ledger for it, or the register of the transfer
 * device that serves the hand-off point. A name of this room's own: vehicle ids and hand-off points share no space.
 */
export function witnessOf({
  mode,
  vehicleId,
  handoffPointId,
}: Pick<OfferBody, "mode" | "vehicleId" | "handoffPointId">): string {
  if (mode === "host-grants") return pageOf(vehicleId);
  return mode === "container-transfers" ? `device at ${handoffPointId}` : vehicleId;
}

/** The page of the host's ledger for a vehicle, as a witness. */
export function pageOf(vehicleId: VehicleId): string {
  return `page of ${vehicleId}`;
}
