import { wanted } from "./grant.ts";
import { startTicks } from "./kinematics.ts";
import { replanTogether } from "./replan-together.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * Those that have waited longest give back what they are not granted and are planned again, one after the other,
 * against claims as they are projected now. A new way is kept only if it leads there sooner; else the old order is
 * put back exactly. Nobody else is moved: the new claims fit between those of the others. Returns how many were kept.
 */
export function replanWaiting(zone: Zone): number {
  const { replansPerTick, replanAfterMs, replanCoolDownMs } = zone.settings.switching;
  if (replansPerTick === 0) return 0;
  const { tickMs } = zone.settings;
  const afterTicks = Math.ceil(replanAfterMs / tickMs);
  const coolDownTicks = Math.ceil(replanCoolDownMs / tickMs);
  const waiting: VehicleRecord[] = [];
  for (const vehicle of zone.vehicles.values()) {
    const { timing, leg } = vehicle;
    if (!timing.standing || timing.leg !== leg || zone.tick - timing.readySinceTick < afterTicks) continue;
    if (zone.tick - timing.replannedTick < coolDownTicks) continue;
    if (leg === undefined || leg.completed || leg.cut || !vehicle.located || vehicle.failed !== undefined)
      continue;
    if (timing.next !== leg.grantedRuns || !wanted(zone, leg)) continue;
    waiting.push(vehicle);
  }
  waiting.sort((a, b) => a.timing.readySinceTick - b.timing.readySinceTick);
  let kept = 0;
  for (let i = 0; i < Math.min(replansPerTick, waiting.length); i++) {
    const vehicle = waiting[i];
    if (vehicle !== undefined && replan(zone, vehicle)) kept++;
  }
  return kept;
}

/** Plans one vehicle's tail again. True when the new one is better, and kept. */
function replan(zone: Zone, vehicle: VehicleRecord): boolean {
  vehicle.timing.replannedTick = zone.tick;
  // A plan may wait at a better place than the projection does, and save a start by it: that alone is not worth a change.
  const aStart = startTicks(zone.settings, zone.settings.kinematics.maxSpeedMps);
  const limit = (vehicle.leg?.etaTick ?? 0) - aStart;
  return replanTogether(zone, [vehicle], { limit, maxExpansions: zone.settings.expansionsPerPlan }).kept;
}
