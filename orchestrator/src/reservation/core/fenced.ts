import type { VehicleId } from "@baton/fleet-adapter";
import type { Pose } from "@baton/maps";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * Fences (see `Fences` of the network). That nobody else is granted ground in one is kept by its block, and that nobody drives in or
 * out by the roads, of which none leads over it; what is left to say is who is let into it at all.
 */
export function isItsGround({ network: { fences } }: Zone, vehicleId: VehicleId, pose: number): boolean {
  if (fences === undefined) return true;
  const fence = fences.ofPose[pose] ?? -1;
  if (fence >= 0) return fences.vehicleIds[fence]?.includes(vehicleId) === true;
  return !fences.vehicleIds.some((named) => named.includes(vehicleId));
}

/** Where it comes to rest is in a fence, so all of its way is: none leads out. */
export function isFenced({ network: { fences } }: Zone, { pose }: VehicleRecord): boolean {
  return (fences?.ofPose[pose] ?? -1) >= 0;
}

/** Wherever it is in its fence, on its way or beside it, it is on ground that it holds. */
export function isInItsFence({ network: { fences } }: Zone, vehicle: VehicleRecord, pose: Pose): boolean {
  const fence = fences?.ofPose[vehicle.pose] ?? -1;
  return fence >= 0 && fences?.holds(fence, pose) === true;
}
