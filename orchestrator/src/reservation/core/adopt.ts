import { sayPlanned } from "./announce.ts";
import { STANDING_MPS } from "./kinematics.ts";
import { createLeg, makeVisits } from "./legs.ts";
import type { Found } from "./plan.ts";
import { at, type Run } from "./runs.ts";
import { ENDLESS } from "./ticks.ts";
import { type Leg, type Stop, type VehicleRecord, visitsAt } from "./vehicle.ts";
import type { PendingLeg, Zone } from "./zone.ts";

/**
 * Makes what was asked for the vehicle's leg although no way was found: it is as one that was cut where it stands, to be
 * planned together with others (see `rescue.ts`). Only for who stands on the road: such are there after a rebuilt
 * ledger, or where a person put them, with no joint plan that leads them on.
 */
export function adoptUnplanned(zone: Zone, vehicle: VehicleRecord, pending: PendingLeg): void {
  if (pending.request.commandedBy !== "us" || pending.throughPose !== undefined) return;
  const leg = begun(
    zone,
    vehicle,
    pending,
    [],
    pending.vias.map(() => ENDLESS),
  );
  leg.etaTick = ENDLESS;
}

/** Makes a found plan the vehicle's leg, and queues its visits. */
export function adopt(zone: Zone, vehicle: VehicleRecord, pending: PendingLeg, found: Found): void {
  const { steps } = found;
  const leg = begun(
    zone,
    vehicle,
    pending,
    steps.map((step) => step.run),
    found.viaAt,
  );
  const visits = makeVisits(vehicle, leg);
  steps.forEach((step, k) => {
    leg.entryTick[k] = step.startTick;
    for (const visit of visitsAt(leg.startsAt, k)) visit.startTick = step.startTick + visit.enterTicks;
    for (const visit of visitsAt(leg.endsAt, k)) {
      visit.clearTick = step.startTick + step.extraTicks + visit.leaveTicks;
      if (visit.first < 0) zone.claims.markBehind(visit);
    }
  });
  for (const visit of visits) zone.claims.insert(visit);
  leg.etaTick = found.arrivalTick;
  sayPlanned(zone, vehicle, leg);
}

/** The vehicle's new leg, over these runs, with its stops before those named. */
function begun(
  zone: Zone,
  vehicle: VehicleRecord,
  pending: PendingLeg,
  runs: readonly Run[],
  viaAt: readonly number[],
): Leg {
  const stops = viaAt.map((beforeRun, i): Stop => {
    const via = at(pending.vias, i);
    return { ...via, beforeRun, proceeded: pending.proceeded.has(via.pose), waitingSinceTick: undefined };
  });
  const leg = createLeg(zone, pending.request, vehicle.pose, runs, stops);
  vehicle.leg = leg;
  vehicle.spentLegId = undefined;
  // Where it was seen standing last is where the leg begins.
  const standing =
    vehicle.located && (vehicle.observed?.speedMps ?? Number.POSITIVE_INFINITY) <= STANDING_MPS;
  leg.atPose = standing ? 0 : -1;
  zone.pending.delete(vehicle.vehicleId);
  zone.changed.add(vehicle.vehicleId);
  return leg;
}
