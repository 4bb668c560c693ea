import { poseOfPath, standStill } from "./legs.ts";
import { canTurn } from "./turn.ts";
import type { Leg, VehicleRecord } from "./vehicle.ts";
import type { PendingLeg, Zone } from "./zone.ts";

/**
 * A vehicle that went aside (see `rescue.ts`) may be sent to the very place to which it went. Its leg cannot become the other one
 * on its way (see `turn.ts`): what its order says of that place cannot be changed any more. So the leg is given up for the place:
 * nothing more of it is planned, it is over as soon as the vehicle stands there, and the other one begins and ends there, as one for
 * which a vehicle at rest was asked, with an order of its own.
 */
export function endAside(zone: Zone): void {
  for (const pending of zone.pending.values()) {
    const vehicle = zone.vehicles.get(pending.request.vehicleId);
    const leg = vehicle?.leg;
    if (vehicle === undefined || leg === undefined || !isToStay(vehicle, pending)) continue;
    if (!pending.toldToStay) tellToStay(zone, leg, pending);
    else if (leg.atPose === leg.runs.length) giveUpAt(zone, vehicle, leg);
  }
}

/** It is to be sent to where its way ends for now, all of which is granted. */
export function isToStay({ leg, failed }: VehicleRecord, pending: PendingLeg | undefined): boolean {
  if (pending === undefined || pending.request.orNever === true || failed !== undefined) return false;
  if (leg?.cut !== true || leg.grantedRuns === 0 || leg.grantedRuns < leg.runs.length) return false;
  return canTurn(leg) && poseOfPath(leg, leg.runs.length) === pending.goal;
}

/** A vehicle that was shown more than it is released to drive takes no other order before that is taken back. */
function tellToStay(zone: Zone, leg: Leg, pending: PendingLeg): void {
  pending.toldToStay = true;
  leg.revision++;
  zone.changed.add(pending.request.vehicleId);
}

function giveUpAt(zone: Zone, vehicle: VehicleRecord, leg: Leg): void {
  const { vehicleId } = vehicle;
  standStill(zone, vehicle, poseOfPath(leg, leg.runs.length));
  vehicle.leg = undefined;
  zone.cuts.delete(vehicleId);
  zone.changed.add(vehicleId);
  zone.events.push({ kind: "legAbandoned", vehicleId, legId: leg.request.legId, ok: true });
}
