import type { Network } from "@baton/maps";
import { row } from "./runs.ts";
import type { Leg } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** By the head of each FIFO queue: its places from the tail, where vehicles come in, to the head. */
export function queuesByHead({ queues }: Network): ReadonlyMap<number, readonly number[]> {
  const byHead = new Map<number, readonly number[]>();
  for (let queue = 0; queue < (queues?.count ?? 0); queue++) {
    const places = queues === undefined ? [] : [...row(queues.places, queue)];
    const head = places[places.length - 1];
    if (head !== undefined) byHead.set(head, places);
  }
  return byHead;
}

/** A leg to this goal may wait at the pose without end: the goal itself, or a place of the queue of which it is the head. */
export function isRest(zone: Zone, goal: number, pose: number): boolean {
  return pose === goal || zone.queues.get(goal)?.includes(pose) === true;
}

/** Where the leg's way ends for now. */
export function endOf(leg: Leg): number {
  return leg.runs[leg.runs.length - 1]?.to ?? leg.startPose;
}

/** The leg's plan leads to a place in a queue, and its goal is the head: it is to move up, and not over at its end. */
export function isQueued(leg: Leg): boolean {
  return !leg.cut && endOf(leg) !== leg.goal;
}
