import type { VehicleId } from "@baton/fleet-adapter";
import { PoseKind } from "@baton/maps";
import { isTaken, takerOf } from "./endpoint.ts";
import { poseOfPath } from "./legs.ts";
import { isQueued } from "./queue.ts";
import { shuffle } from "./random.ts";
import { replanTogether } from "./replan-together.ts";
import { at } from "./runs.ts";
import { isPartners } from "./stretch-run.ts";
import { adoptTail, planTail, withdraw } from "./tail.ts";
import { ENDLESS } from "./ticks.ts";
import { stopsAhead } from "./to-go.ts";
import type { Leg, VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** So many are tried together at most, and in so many orders for each of them: the first half of these by rule. */
const MOST_TOGETHER = 16;
const ORDERS_EACH = 4;
/** So many refuges, the nearest, are tried. */
const MOST_REFUGES = 8;
/** So long it is left to others to drive out of the way, before the last means are tried. */
const LAST_RESORT_MS = 20_000;

/** By pose: who is to go there and has no plan. */
type Wishes = ReadonlyMap<number, ReadonlySet<VehicleId>>;

/**
 * Vehicles whose legs were cut may stand in each other's way, each on the only road of another: one by one none of
 * them finds a plan. So they are planned together, each as if those after it had gone. First those that stand on the
 * road: at an endpoint a vehicle is in nobody's way, and to take it for gone would lead others over it. If that does
 * not do, all of them, and with them those in a queue that one of them is to join: these move up when its head leaves. If
 * that does not either, those on the road go to the nearest endpoint that is free, one by one, and so do those that went
 * aside to where another is to go: from there, in a well-formed layout, each finds its way.
 * Returns those that were planned to their goals.
 */
export function rescue(
  zone: Zone,
  stranded: readonly VehicleRecord[],
  mayGoAside: (vehicle: VehicleRecord) => boolean,
): readonly VehicleRecord[] {
  const onTheRoad = stranded.filter((vehicle) => !standsAside(zone, vehicle));
  const planned = inSomeOrder(zone, thatFit(zone, onTheRoad));
  if (planned.length > 0) return planned;
  const wishes = wishesOf(zone);
  const inOthersPlace = stranded.filter((vehicle) => isWhereOthersGo(vehicle, wishes));
  if (onTheRoad.length < stranded.length && onTheRoad.length + inOthersPlace.length > 0) {
    const aside = stranded.filter((vehicle) => !onTheRoad.includes(vehicle));
    const all = [...queuedBefore(zone, stranded), ...onTheRoad, ...aside];
    const moved = inSomeOrder(zone, thatFit(zone, all));
    if (moved.length > 0) return moved;
  }
  for (const vehicle of stranded) {
    const isInTheWay = onTheRoad.includes(vehicle) || inOthersPlace.includes(vehicle);
    if (isInTheWay && mayGoAside(vehicle)) seekRefuge(zone, vehicle, wishes);
  }
  return [];
}

/** Those that wait, or are about to wait, in a queue that one of the stranded is to join. */
function queuedBefore(zone: Zone, stranded: readonly VehicleRecord[]): VehicleRecord[] {
  return [...zone.vehicles.values()].filter(({ leg, failed }) => {
    if (leg === undefined || leg.completed || failed !== undefined || !isQueued(leg)) return false;
    return stranded.some((other) => other.leg?.goal === leg.goal);
  });
}

/**
 * Of those that are to join a queue no more than it has places for, the first ones: with one too many each finds a way in some
 * order, and all of them in none.
 */
function thatFit(zone: Zone, vehicles: readonly VehicleRecord[]): VehicleRecord[] {
  const room = new Map<number, number>();
  return vehicles.filter((vehicle) => {
    const goal = vehicle.leg?.goal ?? -1;
    const places = zone.queues.get(goal) ?? [];
    if (places.length === 0) return true;
    const stays = (place: number): boolean => {
      const taker = takerOf(zone, vehicle, place);
      return taker !== undefined && !vehicles.includes(taker);
    };
    const left = room.get(goal) ?? places.filter((place) => !stays(place)).length;
    room.set(goal, left - 1);
    return left > 0;
  });
}

/**
 * Sends a vehicle to an endpoint that nobody has or waits for, and from which its goal can be reached. From the road, after a
 * while, to one that somebody waits for, when there is no other: all free places may be spoken for by vehicles that cannot
 * come because of this one, and once it is there, it is asked to go on (`isWhereOthersGo`) as soon as there is another.
 *
 * Only where it is other vehicles that are in its way, and not closed ground: that it waits for where it is. Before its first
 * stop or after its last it passes none of them, since a gate's lane is not to be left and entered at will; between them it goes
 * on through all that are left, to a place beyond, when it has been in the way of everybody behind it for as long. Not when it is
 * to join a queue: it would have to come through its gates again, and others ahead of it move up.
 */
function seekRefuge(zone: Zone, vehicle: VehicleRecord, wishes: Wishes): void {
  const { leg } = vehicle;
  if (leg === undefined || leg.runs.length > leg.grantedRuns || isPartners(leg)) return;
  const here = poseOfPath(leg, leg.grantedRuns);
  const isWay = (from: number, to: number): boolean => zone.distances.to(to).from(from) < ENDLESS;
  const isLastResort = !standsAside(zone, vehicle) && hasWaitedLong(zone, zone.cuts.get(vehicle.vehicleId));
  const throughStops = isBetweenStops(leg);
  if (!isWay(here, leg.goal)) return;
  if (throughStops && (!isLastResort || zone.queues.has(leg.goal))) return;
  const refuges: number[] = [];
  for (let pose = 0; pose < zone.network.poses.count; pose++) {
    if (at(zone.network.poses.kind, pose) !== PoseKind.endpoint) continue;
    const wanting = wishes.get(pose);
    if (wanting !== undefined && (!isLastResort || wanting.has(vehicle.vehicleId))) continue;
    // A place to queue for is no place to wait for something else.
    if (zone.queues.has(pose)) continue;
    if (isWay(here, pose) && isWay(pose, leg.goal) && !isTaken(zone, vehicle, pose)) refuges.push(pose);
  }
  const farness = (pose: number): number => zone.distances.to(pose).from(here);
  refuges.sort((a, b) => Number(wishes.has(a)) - Number(wishes.has(b)) || farness(a) - farness(b));
  for (const refuge of refuges.slice(0, MOST_REFUGES)) {
    const tail = withdraw(zone, vehicle);
    if (tail === undefined) return;
    const answer = planTail(zone, tail, { refuge, throughStops });
    if (answer.kind !== "found") continue;
    const passes = answer.steps.some(({ run }) => leg.stops.some((stop) => stop.pose === run.to));
    if (passes && !throughStops) continue;
    adoptTail(zone, tail, answer);
    return;
  }
}

/** Where legs are to lead that have no plan: by pose, whose. */
function wishesOf(zone: Zone): Wishes {
  const wishes = new Map<number, Set<VehicleId>>();
  const note = (goal: number, vehicleId: VehicleId): void => {
    const whose = wishes.get(goal);
    if (whose === undefined) wishes.set(goal, new Set([vehicleId]));
    else whose.add(vehicleId);
  };
  for (const { goal, request } of zone.pending.values()) note(goal, request.vehicleId);
  for (const { leg, vehicleId } of zone.vehicles.values()) if (leg?.cut === true) note(leg.goal, vehicleId);
  return wishes;
}

/** It stands aside where someone else is to go. */
function isWhereOthersGo({ leg, vehicleId }: VehicleRecord, wishes: Wishes): boolean {
  if (leg === undefined) return false;
  const whose = wishes.get(poseOfPath(leg, leg.grantedRuns));
  return whose !== undefined && (whose.size > 1 || !whose.has(vehicleId));
}

/** What was in the way had time to drive off. */
export function hasWaitedLong(
  { tick, settings }: Zone,
  waiting: { readonly sinceTick: number } | undefined,
): boolean {
  return waiting !== undefined && (tick - waiting.sinceTick) * settings.tickMs >= LAST_RESORT_MS;
}

/** It has made some of its stops, and has others before it. */
function isBetweenStops(leg: Leg): boolean {
  const ahead = stopsAhead(leg, leg.grantedRuns).length;
  return ahead > 0 && ahead < leg.stops.length;
}

/** Its grants end at an endpoint, or at a place of the queue that it is in: it is in nobody's way there. */
export function standsAside(zone: Zone, { leg, pose }: VehicleRecord): boolean {
  const here = leg === undefined ? pose : poseOfPath(leg, leg.grantedRuns);
  if (leg !== undefined && zone.queues.get(leg.goal)?.includes(here) === true) return true;
  return at(zone.network.poses.kind, here) === PoseKind.endpoint;
}

/**
 * Who finds no way is planned first in the next order (prioritised planning with reordering, after Bennewitz et al.
 * 2001); who finds none even then is shut in, and stays where it is for the others. Where that goes in circles orders
 * are drawn at random.
 */
function inSomeOrder(zone: Zone, vehicles: readonly VehicleRecord[]): readonly VehicleRecord[] {
  const order = vehicles.slice(0, MOST_TOGETHER);
  const maxExpansions = zone.settings.expansionsPerPlan;
  const orders = ORDERS_EACH * order.length;
  for (let tried = 0; tried < orders && order.length > 1; tried++) {
    const { kept, failed } = replanTogether(zone, order, { maxExpansions, movesUp: true });
    if (kept) return order;
    if (failed === undefined) return [];
    const place = order.indexOf(failed);
    if (place > 0 && tried >= orders / 2) {
      shuffle(order, zone.random);
      continue;
    }
    order.splice(place, 1);
    if (place > 0) order.unshift(failed);
  }
  return [];
}
