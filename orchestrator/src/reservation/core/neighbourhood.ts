import { isGranted } from "./claims.ts";
import { ENDLESS } from "./ticks.ts";
import { stopsAhead, ticksToGo } from "./to-go.ts";
import { type Leg, numberAt, runOfLeg, type VehicleRecord, type Visit, visitsAt } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** A vehicle of which something could be planned again. */
export function isFree(vehicle: VehicleRecord): boolean {
  const { leg } = vehicle;
  if (leg === undefined || leg.completed || leg.cut || vehicle.failed !== undefined) return false;
  return leg.grantedRuns < leg.runs.length && leg.etaTick < ENDLESS;
}

/** How much later than with the road to itself the vehicle will arrive, from where its grants end. */
export function delayOf(zone: Zone, leg: Leg): number {
  const from = leg.grantedRuns;
  const stops = stopsAhead(leg, from);
  return (
    leg.etaTick -
    Math.min(numberAt(leg.entryTick, from), leg.etaTick) -
    ticksToGo(zone, leg, from, stops) +
    waitOf(zone, leg)
  );
}

/** How long it will stand where its grants end. */
function waitOf(zone: Zone, leg: Leg): number {
  const before = leg.grantedRuns - 1;
  const there =
    before < 0
      ? zone.tick
      : Math.max(zone.tick, numberAt(leg.entryTick, before) + runOfLeg(leg, before).ticks);
  return Math.max(0, numberAt(leg.entryTick, leg.grantedRuns) - there);
}

/**
 * Adds those that the vehicle waits for on its way: whose claim is the last before one of its own that begins no
 * sooner than the other's ends. This is the agent-based neighbourhood of Li et al. 2021, read from the queues
 * instead of walked at random. Stops at `size` members.
 */
export function addWaitedFor(zone: Zone, of: VehicleRecord, members: VehicleRecord[], size: number): void {
  const { leg } = of;
  if (leg === undefined || members.length >= size) return;
  for (let k = leg.grantedRuns; k < leg.runs.length; k++) {
    for (const visit of visitsAt(leg.startsAt, k)) {
      const before = zone.claims.predecessor(visit);
      if (before === undefined || before.clearTick < visit.startTick) continue;
      if (addMember(members, before) && members.length >= size) return;
    }
  }
}

function addMember(members: VehicleRecord[], visit: Visit): boolean {
  const { vehicle } = visit;
  if (isGranted(visit) || !isFree(vehicle) || members.includes(vehicle)) return false;
  members.push(vehicle);
  return true;
}
