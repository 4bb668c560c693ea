import type { VehicleId } from "@baton/fleet-adapter";
import type { Explanation } from "../port.ts";
import type { Zone } from "./zone.ts";

/** Why the vehicle stands or waits, down to who has to move first. */
export function explain(zone: Zone, vehicleId: VehicleId): Explanation | undefined {
  const vehicle = zone.vehicles.get(vehicleId);
  if (vehicle === undefined) return undefined;
  return {
    vehicleId,
    legId: vehicle.leg?.request.legId,
    chain: [],
    head: { vehicleId, because: vehicle.leg === undefined ? "at-rest" : "drives" },
  };
}
