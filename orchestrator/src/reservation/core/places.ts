import { isShutPose, isTaken } from "./endpoint.ts";
import { at } from "./runs.ts";
import type { Trial } from "./trial.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * Where a leg to this goal can lead from a pose: the goal if nobody else stays there; of a queue the foremost place that
 * nobody between there and here has. So a queue fills from its head and is taken in the order in which vehicles were
 * planned: nobody is ever planned to a place before one that another has. Who is at a place already may stay there.
 * `undefined` when there is nothing to be had, or only closed ground.
 */
export function restFor(
  zone: Zone,
  vehicle: VehicleRecord,
  goal: number,
  from: number,
  trial?: Trial,
): number | undefined {
  const places = zone.queues.get(goal) ?? [goal];
  const here = places.indexOf(from);
  let rest = here < 0 ? undefined : from;
  for (let i = here + 1; i < places.length; i++) {
    const place = at(places, i);
    if (isShutPose(zone, place) || isTaken(zone, vehicle, place, trial)) break;
    rest = place;
  }
  return rest;
}

/** The first place that a vehicle from this pose needs on the way to rest: the goal itself where there is no queue. */
export function entryTo(zone: Zone, goal: number, from: number): number {
  const places = zone.queues.get(goal);
  if (places === undefined) return goal;
  return places[places.indexOf(from) + 1] ?? goal;
}

/** How many more vehicles a queue can take. */
export function roomIn(zone: Zone, vehicle: VehicleRecord, places: readonly number[]): number {
  let room = 0;
  while (room < places.length) {
    const place = at(places, room);
    if (isShutPose(zone, place) || isTaken(zone, vehicle, place)) break;
    room++;
  }
  return room;
}
