import { poseOfPath } from "./legs.ts";
import { ENDLESS } from "./ticks.ts";
import type { Leg, Stop } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** The stops that the way from run `fromRun` on still has to lead through, in driving order. */
export function stopsAhead(leg: Leg, fromRun: number): Stop[] {
  if (leg.stops.length === 0) return [];
  return leg.stops.filter(
    (stop) => stop.beforeRun > fromRun || (stop.beforeRun === fromRun && !stop.proceeded),
  );
}

/** How long the stop is still expected to take; 0 for one that needs not be made any more. */
export function dwellLeft(zone: Zone, stop: Stop): number {
  if (stop.proceeded) return 0;
  const since = stop.waitingSinceTick;
  return since === undefined ? stop.dwellTicks : Math.max(1, since + stop.dwellTicks - zone.tick);
}

/** Ticks from the beginning of run `fromRun` through the stops ahead to the goal, with the road to itself. */
export function ticksToGo(zone: Zone, leg: Leg, fromRun: number, stops: readonly Stop[]): number {
  let ticks = 0;
  let here = poseOfPath(leg, fromRun);
  for (const stop of stops) {
    ticks += zone.distances.to(stop.pose).from(here) + dwellLeft(zone, stop);
    here = stop.pose;
  }
  return Math.min(ENDLESS, ticks + zone.distances.to(leg.goal).from(here));
}
