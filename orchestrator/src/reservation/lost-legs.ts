import type { VehicleId } from "@baton/fleet-adapter";
import type { LegRequest, ReservationEvent } from "./port.ts";

/**
 * What is told of the legs of a vehicle that is not on this side's ground any more: each is over, and would have to be asked for under
 * another id. Of one that was to pass the line nothing: how far it has come its mission hears by the hand-off.
 */
export function eventsOfLostLegs(
  vehicleId: VehicleId,
  requests: readonly (LegRequest | undefined)[],
): readonly ReservationEvent[] {
  return requests.flatMap((request): ReservationEvent[] => {
    if (request?.commandedBy !== "us" || request.partnerStretch !== undefined) return [];
    const { legId } = request;
    return [
      { kind: "legAbandoned", vehicleId, legId, ok: true },
      { kind: "legRefused", vehicleId, legId, reason: "order-lost" },
    ];
  });
}
