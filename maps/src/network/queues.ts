import type { NodeId, Side } from "../ids.ts";
import type { Site } from "../layout/site.ts";
import { rowOf } from "./csr.ts";
import { type Network, PoseKind, type Queues } from "./network.ts";

/** The queues of a side that a class can use: those whose every node is a pose of it. */
export function queuesOf(site: Site, side: Side, poseIndex: ReadonlyMap<string, number>): Queues {
  const ids: string[] = [];
  const offsets = [0];
  const values: number[] = [];
  for (const queue of site.file.queues ?? []) {
    if (queue.side !== side) continue;
    const places = queue.nodeIds.flatMap((nodeId) => poseIndex.get(nodeId) ?? []);
    if (places.length < queue.nodeIds.length) continue;
    ids.push(queue.queueId);
    values.push(...places);
    offsets.push(values.length);
  }
  return {
    count: ids.length,
    ids,
    places: { offsets: Int32Array.from(offsets), values: Int32Array.from(values) },
  };
}

/** By pose: the place before it in its queue; -1 for the head of one, and for what is no place of any. */
export function placesAhead({ poses, queues }: Network): Int32Array {
  const ahead = new Int32Array(poses.count).fill(-1);
  for (let queue = 0; queue < (queues?.count ?? 0); queue += 1) {
    const places = queues === undefined ? [] : rowOf(queues.places, queue);
    for (let i = 0; i + 1 < places.length; i += 1) ahead[places[i] ?? -1] = places[i + 1] ?? -1;
  }
  return ahead;
}

/** What is wrong with a queue, and at which of its nodes. */
export interface QueueProblem {
  readonly queueId: string;
  readonly nodeId: NodeId;
  readonly wrong: QueueFault;
}

/**
 * - `gap`: no move leads from the place to the next one.
 * - `side-road`: another road leads off between two places: what comes in there would not be in order.
 * - `junction`: a body that waits there bars others; nobody may stand there.
 * - `endpoint`: a place behind the head is an endpoint of its own: nobody could be asked to move on from it. The head may
 *   be one, such as a hold line: it is the place where the leg ends to which the others are moving up.
 * - `no-way-out`: from the head no endpoint can be reached past all others.
 */
export type QueueFault = "gap" | "side-road" | "junction" | "endpoint" | "no-way-out";

/** Checks that a network's queues are consumed in order and never stop for want of a way out. */
export function checkQueues(network: Network, waysOut: (pose: number) => boolean): QueueProblem[] {
  const { poses, moves, queues } = network;
  const found: QueueProblem[] = [];
  for (let queue = 0; queue < (queues?.count ?? 0); queue += 1) {
    const places = queues === undefined ? [] : [...rowOf(queues.places, queue)];
    const add = (pose: number, wrong: QueueFault): void => {
      const nodeId = poses.nodeIds[pose];
      if (nodeId !== undefined) found.push({ queueId: queues?.ids[queue] ?? "", nodeId, wrong });
    };
    places.forEach((pose, i) => {
      if (poses.kind[pose] === PoseKind.passing) add(pose, "junction");
      const next = places[i + 1];
      if (next !== undefined && poses.kind[pose] === PoseKind.endpoint) add(pose, "endpoint");
      if (next === undefined) {
        if (!waysOut(pose)) add(pose, "no-way-out");
        return;
      }
      const onward = rowOf(poses.outgoing, pose);
      if (!onward.some((move) => moves.to[move] === next)) add(pose, "gap");
      else if (onward.length > 1 || rowOf(poses.incoming, next).length > 1) add(pose, "side-road");
    });
  }
  return found;
}
