import { isEndless } from "./claims.ts";
import { at, row } from "./runs.ts";
import type { Trial } from "./trial.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** Someone else stays on the goal's ground without end, or is going to; as it would be, when a trial is on. */
export function isTaken(zone: Zone, vehicle: VehicleRecord, goal: number, trial?: Trial): boolean {
  if (takerOf(zone, vehicle, goal, trial) !== undefined) return true;
  return trial !== undefined && row(zone.network.poses.blocks, goal).some((block) => trial.isTaken(block));
}

/** Who that is. */
export function takerOf(
  zone: Zone,
  vehicle: VehicleRecord,
  goal: number,
  trial?: Trial,
): VehicleRecord | undefined {
  for (const block of row(zone.network.poses.blocks, goal)) {
    for (const visit of at(zone.claims.queues, block)) {
      if (visit.vehicle === vehicle || trial?.counts(visit) === false) continue;
      if (isEndless(visit) || visit.vehicle.failed !== undefined) return visit.vehicle;
    }
  }
  return undefined;
}

/** The pose's ground is closed, at least in part. */
export function isShutPose(zone: Zone, pose: number): boolean {
  return row(zone.network.poses.blocks, pose).some((block) => at(zone.closedCount, block) > 0);
}
