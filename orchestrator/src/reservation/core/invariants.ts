import { visitAt } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * What must hold after every tick, checked in every tick: of each block the granted visits come first in the
 * queue and are all of one vehicle, the holder. Cost: O(granted visits). Throws; the answer is to hold everything.
 */
export function checkInvariants(zone: Zone): void {
  for (const vehicle of zone.vehicles.values()) {
    const { visits } = vehicle;
    const granted = vehicle.leg?.grantedRuns ?? 0;
    for (let i = 0; i < visits.length; i++) {
      const visit = visitAt(visits, i);
      // What is granted comes first.
      if (visit.first >= granted) break;
      const holder = zone.claims.holder(visit.block);
      if (holder !== vehicle) {
        throw new Error(
          `bug: block ${visit.block} granted to ${vehicle.vehicleId} is held by ${holder?.vehicleId ?? "nobody"}`,
        );
      }
      const first = zone.claims.queues[visit.block]?.[0];
      if (first?.vehicle !== vehicle) {
        throw new Error(`bug: ${vehicle.vehicleId} holds block ${visit.block} before its turn`);
      }
    }
  }
}
