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
 * - `endpoint`: the place is an endpoint of its own.
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
      if (poses.kind[pose] === PoseKind.endpoint) add(pose, "endpoint");
      const next = places[i + 1];
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
