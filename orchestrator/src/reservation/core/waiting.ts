import { nodeOf } from "./legs.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { PendingLeg, WaitingReason, Zone } from "./zone.ts";

/** Why a leg waits, when that is news. */
export function sayWaiting(zone: Zone, pending: PendingLeg, reason: WaitingReason): void {
  const before = pending.saidWaiting;
  // That the place is taken and that there is no way to it take turns: one is news, the other is not.
  const closed = (said: WaitingReason): boolean => said === "ground-closed";
  if (before !== undefined && before !== "not-admitted" && closed(before) === closed(reason)) return;
  if (before === reason) return;
  pending.saidWaiting = reason;
  const { vehicleId, legId } = pending.request;
  zone.events.push({ kind: "legWaiting", vehicleId, legId, reason });
}

/** Said once for each time that a leg is cut, and not before a second try: others may still be making way. */
export function sayTrapped(zone: Zone, vehicle: VehicleRecord): void {
  const cut = zone.cuts.get(vehicle.vehicleId);
  if (cut === undefined || cut.said || cut.tries < 2) return;
  cut.said = true;
  zone.events.push({
    kind: "trouble",
    code: "trapped",
    vehicleId: vehicle.vehicleId,
    detail: `no way from ${nodeOf(zone, poseOfGrantsEnd(vehicle))} to ${vehicle.leg?.request.toNodeId ?? ""} is open`,
  });
}

/** Where it is when it has driven all of its way; of a leg that was cut, that is where its grants end. */
export function poseOfGrantsEnd({ leg, pose }: VehicleRecord): number {
  return leg === undefined ? pose : (leg.runs[leg.runs.length - 1]?.to ?? leg.startPose);
}
