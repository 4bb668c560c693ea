import { addWaitedFor, delayOf, isFree } from "./neighbourhood.ts";
import { shuffle } from "./random.ts";
import { replanTogether } from "./replan-together.ts";
import { at } from "./runs.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** So much effort an attempt counts for at least: choosing a neighbourhood is not free. */
const LEAST_EXPANSIONS = 60;
/** Out of so many, drawn at random, the one with the most to gain is where an attempt begins. */
const DRAWN = 24;
/**
 * The late one is to win back so much of its delay, or those behind it are not planned: of attempts in which it wins less
 * few are kept, and they gain little.
 */
const LEAST_SHARE_WON = 0.3;

/**
 * Large-neighbourhood search (MAPF-LNS, Li et al. 2021) in what a tick has left: takes the ungranted part of the
 * itineraries of a vehicle that will be late and of those that it waits for, plans them again, the late one first, and
 * keeps that when the sum of their arrivals falls. Of those that it waits for, whom its new way does not cross keep theirs: so
 * the neighbourhood may be large, and costs what has to be moved. Nobody else is touched, so the sum over all falls with it: never
 * worse. Who was tried in vain is less likely to be tried again (adaptive choice, as in the paper, but a vehicle at a
 * time). Returns how many attempts were kept.
 */
export function improve(zone: Zone): number {
  const { expansionsPerTick, expansionsPerPlan, neighbourhood } = zone.settings.improvement;
  if (expansionsPerTick === 0) return 0;
  const free: VehicleRecord[] = [];
  for (const vehicle of zone.vehicles.values()) if (isFree(vehicle)) free.push(vehicle);
  let left = expansionsPerTick;
  let kept = 0;
  while (left > 0) {
    const seed = mostToGain(zone, free);
    if (seed?.leg === undefined) break;
    const behind: VehicleRecord[] = [];
    addWaitedFor(zone, seed, behind, neighbourhood - 1);
    shuffle(behind, zone.random);
    const members = [seed, ...behind];
    const outcome = replanTogether(zone, members, {
      limit: sumOfArrivals(members),
      leastGain: Math.max(1, Math.floor(LEAST_SHARE_WON * delayOf(zone, seed.leg))),
      othersStay: true,
      maxExpansions: expansionsPerPlan,
    });
    left -= Math.max(LEAST_EXPANSIONS, outcome.expansions);
    if (outcome.kept) kept++;
    else noteInVain(seed);
  }
  return kept;
}

/** One that will be late, and was not tried in vain too often; `undefined` when none of those that were drawn is late. */
function mostToGain(zone: Zone, free: readonly VehicleRecord[]): VehicleRecord | undefined {
  let best: VehicleRecord | undefined;
  let most = 0;
  for (let i = 0; i < Math.min(DRAWN, free.length); i++) {
    const vehicle = at(free, Math.floor(zone.random() * free.length));
    // What was kept before may have left it nothing to gain.
    if (vehicle.leg === undefined || !isFree(vehicle)) continue;
    const weight = zone.random() / (1 + timesInVain(vehicle)) ** 2;
    // Most need no closer look: the delay is less than what is left of the trip.
    if ((vehicle.leg.etaTick - zone.tick) * weight <= most) continue;
    const gain = delayOf(zone, vehicle.leg) * weight;
    if (gain <= most) continue;
    most = gain;
    best = vehicle;
  }
  return best;
}

function timesInVain({ timing, leg }: VehicleRecord): number {
  return timing.triedLeg === leg ? timing.triedInVain : 0;
}

function noteInVain(vehicle: VehicleRecord): void {
  const { timing, leg } = vehicle;
  timing.triedInVain = timesInVain(vehicle) + 1;
  timing.triedLeg = leg;
}

function sumOfArrivals(vehicles: readonly VehicleRecord[]): number {
  return vehicles.reduce((sum, { leg }) => sum + (leg?.etaTick ?? 0), 0);
}

/**
 * Lets a vehicle go before those on its way that are less urgent: it is planned first, they after it. Kept when it
 * arrives sooner and all of them still arrive. Returns whether it was.
 */
export function overtake(zone: Zone, vehicle: VehicleRecord): boolean {
  const { leg } = vehicle;
  if (leg === undefined || !isFree(vehicle)) return false;
  const members = [vehicle];
  addWaitedFor(zone, vehicle, members, 1 + zone.settings.improvement.neighbourhood);
  const behind = members
    .slice(1)
    .filter((other) => (other.leg?.request.priority ?? 0) < leg.request.priority);
  const maxExpansions = zone.settings.expansionsPerPlan;
  const outcome = replanTogether(zone, [vehicle, ...behind], {
    limit: leg.etaTick,
    counted: 1,
    othersStay: true,
    maxExpansions,
  });
  return outcome.kept;
}
