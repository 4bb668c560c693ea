import type { Found } from "./plan.ts";
import { at } from "./runs.ts";
import { adoptTail, planTail, soonestLeft, type TailPlan, tailOf, withdraw } from "./tail.ts";
import { ENDLESS } from "./ticks.ts";
import { stopsAhead, ticksToGo } from "./to-go.ts";
import { Trial } from "./trial.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

export interface TogetherOptions {
  /** Not kept unless the arrivals of the first `counted` sum up to less than this, in ticks. */
  readonly limit?: number;
  readonly counted?: number;
  /**
   * When given, the first is to arrive sooner by so many ticks, and the sum is to have fallen with each that is planned,
   * those after it taken to arrive as they do now; else the others are not planned.
   */
  readonly leastGain?: number;
  /** Those after the first that its new way does not cross keep theirs; else all of them are planned again. */
  readonly othersStay?: boolean;
  /** Of each plan. */
  readonly maxExpansions: number;
  /** Those in queues go on to the foremost place that they could have then; else they are planned to the one that they have. */
  readonly movesUp?: boolean;
}

export interface Together {
  readonly kept: boolean;
  readonly expansions: number;
  /** Who found no way, or none that is soon enough, if that is why it was not kept. */
  readonly failed: VehicleRecord | undefined;
}

/**
 * Plans the ungranted tails of a few vehicles again, in the order given: each around all others and around those of
 * the few that were planned before it; the places where the grants of those after it end count as left as soon as they can
 * have left them. Kept when each finds a way and the arrivals sum up to less than `limit`; else nothing was
 * changed. A plan that would make the sum too large, were all after it to have the road to themselves, is not
 * looked for.
 */
export function replanTogether(
  zone: Zone,
  vehicles: readonly VehicleRecord[],
  {
    limit = Number.POSITIVE_INFINITY,
    counted = vehicles.length,
    leastGain,
    othersStay = false,
    maxExpansions,
    movesUp = false,
  }: TogetherOptions,
): Together {
  const tails = vehicles.flatMap((vehicle) => tailOf(zone, vehicle) ?? []);
  const least = tails.map((tail) => leastArrival(zone, tail));
  let sum = 0;
  for (let i = 0; i < Math.min(counted, tails.length); i++) sum += at(least, i);
  if (sum >= limit) return { kept: false, expansions: 0, failed: undefined };
  zone.trial ??= new Trial(zone.network.blocks.count, (pose, block) => soonestLeft(zone, pose, block));
  const { trial } = zone;
  const ways: (Found | "as it is" | undefined)[] = [];
  let expansions = 0;
  let soonerBy = 0;
  let failed: VehicleRecord | undefined;
  trial.begin(tails);
  for (let i = 0; i < tails.length && sum < limit; i++) {
    if (ways[i] !== undefined) continue;
    const tail = at(tails, i);
    trial.turnTo(i);
    const inSum = i < counted ? at(least, i) + limit - 1 - sum : ENDLESS;
    const asHoped =
      leastGain === undefined ? ENDLESS : tail.leg.etaTick + soonerBy - (i === 0 ? leastGain : 1);
    const latestArrivalTick = Math.min(ENDLESS, inSum, asHoped);
    const answer = planTail(zone, tail, { maxExpansions, trial, latestArrivalTick, movesUp });
    expansions += answer.expansions;
    if (answer.kind !== "found") {
      failed = tail.vehicle;
      break;
    }
    soonerBy += tail.leg.etaTick - answer.arrivalTick;
    if (i < counted) sum += answer.arrivalTick - at(least, i);
    trial.adopt(i, answer);
    ways[i] = answer;
    if (i > 0 || !othersStay) continue;
    for (const j of notCrossedByFirst(trial, tails)) {
      trial.keep(j);
      ways[j] = "as it is";
      if (j < counted) sum += at(tails, j).leg.etaTick - at(least, j);
    }
  }
  trial.end();
  if (failed !== undefined || sum >= limit) return { kept: false, expansions, failed };
  const out = tails.map(({ vehicle }, i) =>
    ways[i] === "as it is" ? undefined : withdraw(zone, vehicle, false),
  );
  ways.forEach((way, i) => {
    const tail = out[i];
    if (tail !== undefined && way !== undefined && way !== "as it is") adoptTail(zone, tail, way);
  });
  return { kept: true, expansions, failed };
}

/** Of those after the first the ones that can go on as they do, once it was planned. */
function notCrossedByFirst(trial: Trial, tails: readonly TailPlan[]): number[] {
  return tails.flatMap(({ leg }, i) => (i > 0 && !leg.cut && !trial.isCrossed(i, 0) ? [i] : []));
}

/** No plan can arrive sooner. */
function leastArrival(zone: Zone, { leg, fromRun, arrivalTick }: TailPlan): number {
  return arrivalTick + ticksToGo(zone, leg, fromRun, stopsAhead(leg, fromRun));
}
