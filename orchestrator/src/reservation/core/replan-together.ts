import { at } from "./runs.ts";
import { adoptTail, planTail, reinstate, type Tail, withdraw } from "./tail.ts";
import { stopsAhead, ticksToGo } from "./to-go.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

export interface TogetherOptions {
  /** Not kept unless the arrivals of the first `counted` sum up to less than this, in ticks. */
  readonly limit?: number;
  readonly counted?: number;
  /** Of each plan. */
  readonly maxExpansions: number;
}

export interface Together {
  readonly kept: boolean;
  readonly expansions: number;
  /** Who found no way, if that is why it was not kept. */
  readonly failed: VehicleRecord | undefined;
}

/**
 * Takes back the ungranted tails of a few vehicles and plans them again, in the order given: each around all others
 * and around those of the few that were planned before it; the places where the grants of those after it end count
 * as left as soon as they can have left them. Kept when each finds a way and `limit` is not reached; else everything
 * is as it was, to the last claim.
 */
export function replanTogether(
  zone: Zone,
  vehicles: readonly VehicleRecord[],
  { limit = Number.POSITIVE_INFINITY, counted = vehicles.length, maxExpansions }: TogetherOptions,
): Together {
  const marks = zone.claims.orderMarks();
  const tails = vehicles.flatMap((vehicle) => withdraw(zone, vehicle, false) ?? []);
  const least = tails.map((tail) => leastArrival(zone, tail));
  const adopted: VehicleRecord[] = [];
  let sum = 0;
  for (let i = 0; i < Math.min(counted, tails.length); i++) sum += at(least, i);
  let expansions = 0;
  let failed: VehicleRecord | undefined;
  for (let i = 0; failed === undefined && sum < limit && i < tails.length; i++) {
    const tail = at(tails, i);
    const answer = planTail(zone, tail, { maxExpansions });
    expansions += answer.expansions;
    if (answer.kind !== "found") {
      failed = tail.vehicle;
      break;
    }
    if (i < counted) sum += answer.arrivalTick - at(least, i);
    adoptTail(zone, tail, answer);
    adopted.push(tail.vehicle);
  }
  if (failed === undefined && sum < limit) return { kept: true, expansions, failed };
  for (const vehicle of adopted.reverse()) withdraw(zone, vehicle);
  for (const tail of tails.reverse()) reinstate(zone, tail);
  zone.claims.restoreOrderMarks(marks);
  return { kept: false, expansions, failed };
}

/** No plan can arrive sooner. */
function leastArrival(zone: Zone, { leg, fromRun, arrivalTick }: Tail): number {
  return arrivalTick + ticksToGo(zone, leg, fromRun, stopsAhead(leg, fromRun));
}
