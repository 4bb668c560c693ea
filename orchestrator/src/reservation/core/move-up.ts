import { isEndless } from "./claims.ts";
import { restFor } from "./places.ts";
import { endOf, isQueued } from "./queue.ts";
import { at, row } from "./runs.ts";
import { adoptTail, planTail, reinstate, withdraw } from "./tail.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** Who found no way to a place that is free tries again after so many ticks. */
const RETRY_TICKS = 10;

/**
 * Lets those in queues move up, the foremost first: whoever is planned to a place, and could have one further on by now, has
 * what is not granted of its leg planned again, to the foremost place that it can have. A place can be had as soon as
 * the one before has a plan that leaves it, so that vehicles that follow each other close roll up without a stop.
 * Where nothing is free it costs a look at each place. Returns how many move up.
 */
export function moveUp(zone: Zone): number {
  let moved = 0;
  for (const [head, places] of zone.queues) {
    for (let i = places.length - 2; i >= 0; i--) {
      const vehicle = restingAt(zone, head, at(places, i));
      if (vehicle !== undefined && advance(zone, vehicle)) moved++;
    }
  }
  return moved;
}

/** Who is planned to rest at a place on the way to the head, if anybody is. */
function restingAt(zone: Zone, head: number, place: number): VehicleRecord | undefined {
  for (const block of row(zone.network.poses.blocks, place)) {
    for (const visit of at(zone.claims.queues, block)) {
      const { vehicle } = visit;
      const { leg } = vehicle;
      if (!isEndless(visit) || leg === undefined || leg.completed || vehicle.failed !== undefined) continue;
      if (leg.goal === head && isQueued(leg) && endOf(leg) === place) return vehicle;
    }
  }
  return undefined;
}

function advance(zone: Zone, vehicle: VehicleRecord): boolean {
  const { leg, timing } = vehicle;
  if (leg === undefined || zone.tick < timing.moveUpFromTick) return false;
  const from = endOf(leg);
  const rest = restFor(zone, vehicle, leg.goal, from);
  if (rest === undefined || rest === from) return false;
  const tail = withdraw(zone, vehicle);
  if (tail === undefined) return false;
  const answer = planTail(zone, tail, { rest });
  if (answer.kind === "found") {
    adoptTail(zone, tail, answer);
    return true;
  }
  reinstate(zone, tail);
  timing.moveUpFromTick = zone.tick + RETRY_TICKS;
  return false;
}
