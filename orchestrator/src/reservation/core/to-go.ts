import { poseOfPath } from "./legs.ts";
import { endOf } from "./queue.ts";
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

/** Ticks from the beginning of run `fromRun` through the stops ahead to where it leads, with the road to itself. */
export function ticksToGo(zone: Zone, leg: Leg, fromRun: number, stops: readonly Stop[]): number {
  let ticks = 0;
  let here = poseOfPath(leg, fromRun);
  for (const stop of stops) {
    ticks += zone.distances.to(stop.pose).from(here) + dwellLeft(zone, stop);
    here = stop.pose;
  }
  const end = leg.cut ? soonestRest(zone, leg.goal, here) : endOf(leg);
  return Math.min(ENDLESS, ticks + zone.distances.to(end).from(here));
}

/** The goal, or the first place of its queue for who is not in it yet. */
function soonestRest(zone: Zone, goal: number, here: number): number {
  const places = zone.queues.get(goal);
  if (places === undefined) return goal;
  return places.includes(here) ? here : (places[0] ?? goal);
}
