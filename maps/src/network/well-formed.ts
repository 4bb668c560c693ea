import type { EdgeId, NodeId } from "../ids.ts";
import { rowOf, rowsMeet } from "./csr.ts";
import { type Network, PoseKind } from "./network.ts";
import { checkQueues, placesAhead, type QueueProblem } from "./queues.ts";

/** Whether endpoints cut each other off (well-formed infrastructure, Cap et al. 2015), and which do. */
export interface WellFormedReport {
  readonly ok: boolean;
  readonly endpoints: number;
  /**
   * From one endpoint there is no way to another that crosses no third. `through` are the endpoints and places of queues
   * that the shortest way crosses; empty when there is no way at all.
   */
  readonly unreachable: readonly {
    readonly from: NodeId;
    readonly to: NodeId;
    readonly through: readonly NodeId[];
  }[];
  /** A body that stands at the endpoint is on ground of a move that can be taken without passing the endpoint. */
  readonly obstructing: readonly { readonly endpoint: NodeId; readonly edgeId: EdgeId }[];
  /** From a place on the side's own ground, where one can come to, no endpoint can be reached, and no head of a queue. */
  readonly stranded: readonly NodeId[];
  /** What is wrong with queues. */
  readonly queues: readonly QueueProblem[];
}

/**
 * Proves that a vehicle may stay at any endpoint for ever: between any two endpoints there is a way through no
 * third. Places of a queue are such places too, but for whoever goes to its head: those who wait before it move on, and it
 * after them. The crossing of the line is not asked for: beyond it the partner's network goes on.
 */
export function checkWellFormed(network: Network): WellFormedReport {
  const { poses } = network;
  const endpoints: number[] = [];
  for (let pose = 0; pose < poses.count; pose += 1) {
    if (poses.kind[pose] === PoseKind.endpoint) endpoints.push(pose);
  }
  const stays = staysOf(network, endpoints);
  const ahead = placesAhead(network);
  const unreachable: { from: NodeId; to: NodeId; through: NodeId[] }[] = [];
  for (const from of endpoints) {
    const reached = reachableFrom(network, stays, ahead, from);
    for (const to of endpoints) {
      if (to === from || reached[to] === 1 || fenceOf(network, from) !== fenceOf(network, to)) continue;
      const through = between(network, from, to).filter((pose) => stays[pose] === 1);
      unreachable.push({
        from: nodeId(network, from),
        to: nodeId(network, to),
        through: through.map((pose) => nodeId(network, pose)),
      });
    }
  }
  // In a fence there is nobody else to be barred.
  const obstructing = endpoints.flatMap((endpoint) =>
    fenceOf(network, endpoint) < 0 ? obstructedBy(network, endpoint) : [],
  );
  // Whoever comes to the head of a queue goes on from there: that it can is asked of the queue.
  const heads = headsOf(network);
  const stranded: NodeId[] = [];
  const comesTo = reachedFromAnywhere(network, endpoints);
  for (let pose = 0; pose < poses.count; pose += 1) {
    if (!standsOnOwnGround(network, pose) || poses.kind[pose] === PoseKind.endpoint) continue;
    if (comesTo[pose] !== 1) continue;
    const reached = reachableFrom(network, stays, ahead, pose);
    const somewhere = [...endpoints, ...heads].some((place) => reached[place] === 1);
    if (!somewhere && !leadsOverTheLine(network, reached)) {
      stranded.push(nodeId(network, pose));
    }
  }
  const queues = checkQueues(network, (head) => {
    const reached = reachableFrom(network, stays, ahead, head);
    return endpoints.some((endpoint) => reached[endpoint] === 1);
  });
  const faults = [unreachable, obstructing, stranded, queues];
  const ok = faults.every((list) => list.length === 0);
  return { ok, endpoints: endpoints.length, unreachable, obstructing, stranded, queues };
}

/** Nobody leaves a fence by any road: from outside, what lies in one need not be reached. */
function fenceOf({ fences }: Network, pose: number): number {
  return fences?.ofPose[pose] ?? -1;
}

/** By pose: 1 where a vehicle may stay for ever, at an endpoint or in a queue. */
function staysOf(network: Network, endpoints: readonly number[]): Uint8Array {
  const stays = new Uint8Array(network.poses.count);
  for (const endpoint of endpoints) stays[endpoint] = 1;
  for (const place of network.queues?.places.values ?? []) stays[place] = 1;
  return stays;
}

function headsOf({ queues }: Network): readonly number[] {
  if (queues === undefined) return [];
  return Array.from({ length: queues.count }, (_, queue) => rowOf(queues.places, queue).at(-1) ?? -1);
}

/** The poses on the way with fewest moves from one pose to another, both left out; none when there is no way. */
function between(network: Network, from: number, to: number): number[] {
  const cameFrom = new Int32Array(network.poses.count).fill(-1);
  const open = [from];
  for (let i = 0; i < open.length && cameFrom[to] === -1; i += 1) {
    const pose = open[i] ?? from;
    for (const move of rowOf(network.poses.outgoing, pose)) {
      const next = network.moves.to[move] ?? from;
      if (next === from || cameFrom[next] !== -1) continue;
      cameFrom[next] = pose;
      open.push(next);
    }
  }
  const way: number[] = [];
  for (let pose = cameFrom[to] ?? -1; pose !== -1 && pose !== from; pose = cameFrom[pose] ?? -1) {
    way.unshift(pose);
  }
  return way;
}

/**
 * Poses reached by moves, going on past no place where a vehicle may stay, but the first; and past places of a queue to
 * the next one only, up to its head.
 */
function reachableFrom(network: Network, stays: Uint8Array, ahead: Int32Array, start: number): Uint8Array {
  const { poses, moves } = network;
  const reached = new Uint8Array(poses.count);
  const open = [start];
  for (let pose = open.pop(); pose !== undefined; pose = open.pop()) {
    const queued = pose !== start && stays[pose] === 1;
    for (const move of rowOf(poses.outgoing, pose)) {
      const to = moves.to[move] ?? 0;
      if (reached[to] === 1 || (queued && to !== ahead[pose])) continue;
      reached[to] = 1;
      open.push(to);
    }
  }
  return reached;
}

/** Poses to which some way leads from an endpoint or from the partner's ground: nobody is ever at the others. */
function reachedFromAnywhere(network: Network, endpoints: readonly number[]): Uint8Array {
  const { poses, moves } = network;
  const reached = new Uint8Array(poses.count);
  const open = [...endpoints];
  for (let pose = 0; pose < poses.count; pose += 1) if (!standsOnOwnGround(network, pose)) open.push(pose);
  for (const pose of open) reached[pose] = 1;
  for (let pose = open.pop(); pose !== undefined; pose = open.pop()) {
    for (const move of rowOf(poses.outgoing, pose)) {
      const to = moves.to[move] ?? 0;
      if (reached[to] === 1) continue;
      reached[to] = 1;
      open.push(to);
    }
  }
  return reached;
}

function obstructedBy(network: Network, endpoint: number): { endpoint: NodeId; edgeId: EdgeId }[] {
  const { poses, moves } = network;
  const body = rowOf(poses.blocks, endpoint);
  const found: { endpoint: NodeId; edgeId: EdgeId }[] = [];
  for (let move = 0; move < moves.count; move += 1) {
    if (!rowsMeet(body, rowOf(moves.blocks, move))) continue;
    if (followsOnly(network, move, endpoint, "to") || followsOnly(network, move, endpoint, "from")) continue;
    const edgeId = moves.edgeIds[move];
    if (edgeId !== undefined) found.push({ endpoint: nodeId(network, endpoint), edgeId });
  }
  return found;
}

const MAX_CHAIN = 16;

/** Whether whoever takes a move cannot but come to the endpoint (`to`), or cannot but have come from it (`from`). */
function followsOnly(network: Network, move: number, endpoint: number, way: "to" | "from"): boolean {
  const { poses, moves } = network;
  const ends = way === "to" ? moves.to : moves.from;
  const links = way === "to" ? poses.outgoing : poses.incoming;
  let at = ends[move] ?? -1;
  for (let i = 0; i < MAX_CHAIN; i += 1) {
    if (at === endpoint) return true;
    const row = rowOf(links, at);
    const [next] = row;
    if (next === undefined || row.length > 1) return false;
    at = ends[next] ?? -1;
  }
  return false;
}

function standsOnOwnGround(network: Network, pose: number): boolean {
  return rowOf(network.poses.blocks, pose).every((block) => network.blocks.own[block] === 1);
}

function leadsOverTheLine(network: Network, reached: Uint8Array): boolean {
  return reached.some((flag, pose) => flag === 1 && !standsOnOwnGround(network, pose));
}

function nodeId(network: Network, pose: number): NodeId {
  const found = network.poses.nodeIds[pose];
  if (found === undefined) throw new Error(`pose ${pose} is out of range`);
  return found;
}
