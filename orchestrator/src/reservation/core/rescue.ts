import { PoseKind } from "@baton/maps";
import { isTaken } from "./endpoint.ts";
import { poseOfPath } from "./legs.ts";
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

/**
 * Vehicles whose legs were cut may stand in each other's way, each on the only road of another: one by one none of
 * them finds a plan. So they are planned together, each as if those after it had gone. First those that stand on the
 * road: at an endpoint a vehicle is in nobody's way, and to take it for gone would lead others over it. If that does
 * not do, all of them; and if that does not either, those on the road go to the nearest endpoint that is free, one by
 * one, and so do those that went aside to where another is to go: from there, in a well-formed layout, each finds its way. Returns those that were planned to their goals.
 */
export function rescue(zone: Zone, stranded: readonly VehicleRecord[]): readonly VehicleRecord[] {
  const onTheRoad = stranded.filter((vehicle) => !standsAside(zone, vehicle));
  const planned = inSomeOrder(zone, onTheRoad);
  if (planned.length > 0) return planned;
  if (onTheRoad.length > 0 && onTheRoad.length < stranded.length) {
    const all = inSomeOrder(zone, stranded);
    if (all.length > 0) return all;
  }
  for (const vehicle of stranded)
    if (onTheRoad.includes(vehicle) || isWhereOthersGo(zone, vehicle)) seekRefuge(zone, vehicle);
  return [];
}

/**
 * Sends a vehicle to an endpoint that nobody has or waits for, and from which its goal can be reached. Only where it is
 * other vehicles that are in its way, and not closed ground: that it waits for where it is; and only before its first stop
 * or after its last, and past none of them, since a gate's lane is not to be left and entered at will.
 */
function seekRefuge(zone: Zone, vehicle: VehicleRecord): void {
  const { leg } = vehicle;
  if (leg === undefined || leg.runs.length > leg.grantedRuns || isPartners(leg)) return;
  const here = poseOfPath(leg, leg.grantedRuns);
  const isWay = (from: number, to: number): boolean => zone.distances.to(to).from(from) < ENDLESS;
  if (!isWay(here, leg.goal) || isBetweenStops(leg)) return;
  const wanted = new Set<number>([...zone.pending.values()].map((pending) => pending.goal));
  for (const other of zone.vehicles.values()) if (other.leg?.cut === true) wanted.add(other.leg.goal);
  const refuges: number[] = [];
  for (let pose = 0; pose < zone.network.poses.count; pose++) {
    if (at(zone.network.poses.kind, pose) !== PoseKind.endpoint || wanted.has(pose)) continue;
    // A place to queue for is no place to wait for something else.
    if (zone.queues.has(pose)) continue;
    if (isWay(here, pose) && isWay(pose, leg.goal) && !isTaken(zone, vehicle, pose)) refuges.push(pose);
  }
  refuges.sort((a, b) => zone.distances.to(a).from(here) - zone.distances.to(b).from(here));
  for (const refuge of refuges.slice(0, MOST_REFUGES)) {
    const tail = withdraw(zone, vehicle);
    if (tail === undefined) return;
    const answer = planTail(zone, tail, { refuge });
    if (answer.kind !== "found") continue;
    if (answer.steps.some(({ run }) => leg.stops.some((stop) => stop.pose === run.to))) continue;
    adoptTail(zone, tail, answer);
    return;
  }
}

/** It went aside to a place that someone else has been sent to since. */
function isWhereOthersGo(zone: Zone, { leg, vehicleId }: VehicleRecord): boolean {
  if (leg === undefined) return false;
  const here = poseOfPath(leg, leg.grantedRuns);
  return [...zone.pending.values()].some(
    ({ goal, request }) => goal === here && request.vehicleId !== vehicleId,
  );
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
    const { kept, failed } = replanTogether(zone, order, { maxExpansions });
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
