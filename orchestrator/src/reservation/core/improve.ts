import { addMet, addWaitedFor, delayOf, isFree } from "./neighbourhood.ts";
import { shuffle } from "./random.ts";
import { replanTogether } from "./replan-together.ts";
import { at } from "./runs.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** So much effort an attempt counts for at least: choosing a neighbourhood is not free. */
const LEAST_EXPANSIONS = 60;

/**
 * Large-neighbourhood search (MAPF-LNS, Li et al. 2021) in what a tick has left: takes back the ungranted part of
 * the itineraries of a vehicle that will be late and of a few that it meets, plans them again in random order, and
 * keeps that when the sum of their arrivals falls. Nobody else is touched, so the sum over all falls with it: never
 * worse. Returns how many attempts were kept.
 */
export function improve(zone: Zone): number {
  const { expansionsPerTick, expansionsPerPlan, neighbourhood } = zone.settings.improvement;
  if (expansionsPerTick === 0) return 0;
  const late = lateVehicles(zone);
  let left = expansionsPerTick;
  let kept = 0;
  for (let i = 0; left > 0 && late.length > 0; i++) {
    const seed = at(late, i % late.length);
    if (!isFree(seed)) break;
    const members = [seed];
    if (i < late.length) addWaitedFor(zone, seed, members, neighbourhood);
    addMet(zone, seed, members, neighbourhood, zone.random);
    shuffle(members, zone.random);
    const outcome = replanTogether(zone, members, {
      limit: sumOfArrivals(members),
      maxExpansions: expansionsPerPlan,
    });
    left -= Math.max(LEAST_EXPANSIONS, outcome.expansions);
    if (outcome.kept) kept++;
  }
  return kept;
}

/** Those that will be late, in an order in which the later ones are likely to come first. */
function lateVehicles(zone: Zone): VehicleRecord[] {
  const late: { vehicle: VehicleRecord; rank: number }[] = [];
  for (const vehicle of zone.vehicles.values()) {
    if (vehicle.leg === undefined || !isFree(vehicle)) continue;
    const delay = delayOf(zone, vehicle.leg);
    if (delay > 0) late.push({ vehicle, rank: delay * zone.random() });
  }
  return late.sort((a, b) => b.rank - a.rank).map(({ vehicle }) => vehicle);
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
  return replanTogether(zone, [vehicle, ...behind], { limit: leg.etaTick, counted: 1, maxExpansions }).kept;
}
