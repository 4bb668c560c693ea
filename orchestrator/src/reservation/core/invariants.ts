import { isGranted } from "./claims.ts";
import { at } from "./runs.ts";
import type { Zone } from "./zone.ts";

/**
 * What must hold after every tick, checked in every tick: of each block the granted visits come first in the
 * queue and are all of one vehicle, the holder. Cost: O(granted visits). Throws; the answer is to hold everything.
 */
export function checkInvariants(zone: Zone): void {
  for (const vehicle of zone.vehicles.values()) {
    for (const visit of vehicle.visits) {
      if (!isGranted(visit)) continue;
      const holder = zone.claims.holder(visit.block);
      if (holder !== vehicle) {
        throw new Error(
          `bug: block ${visit.block} granted to ${vehicle.vehicleId} is held by ${holder?.vehicleId ?? "nobody"}`,
        );
      }
      const first = at(zone.claims.queues, visit.block)[0];
      if (first?.vehicle !== vehicle) {
        throw new Error(`bug: ${vehicle.vehicleId} holds block ${visit.block} before its turn`);
      }
    }
  }
}
