import { type Network, nodeIdOf, PoseKind, rowOf } from "@baton/maps";

/** A way over a side's network: moves one after the other. */
export interface Way {
  readonly network: Network;
  readonly moves: readonly number[];
}

/**
 * The quickest way (at the road's speeds) from one node over others to the last, passing no third place where vehicles stay; undefined when
 * there is none.
 */
export function wayOver(network: Network, nodeIds: readonly string[]): Way | undefined {
  const poses = nodeIds.map((nodeId) => network.poses.nodeIds.indexOf(nodeIdOf(nodeId)));
  const moves: number[] = [];
  for (let i = 1; i < poses.length; i++) {
    const from = poses[i - 1] ?? -1;
    const to = poses[i] ?? -1;
    if (from < 0 || to < 0) return undefined;
    const leg = from === to ? [] : quickest(network, from, to);
    if (leg === undefined) return undefined;
    moves.push(...leg);
  }
  return { network, moves };
}

/** Dijkstra by driving time; a side has some hundred moves, so that a plain list will do for a heap. */
function quickest(network: Network, from: number, to: number): number[] | undefined {
  const { poses, moves } = network;
  const reachedS = new Map<number, number>([[from, 0]]);
  const by = new Map<number, number>();
  const open = new Set([from]);
  const done = new Set<number>();
  while (open.size > 0) {
    let pose = -1;
    for (const one of open) {
      if (pose < 0 || (reachedS.get(one) ?? 0) < (reachedS.get(pose) ?? 0)) pose = one;
    }
    open.delete(pose);
    done.add(pose);
    if (pose === to) return backFrom(network, by, from, to);
    for (const move of rowOf(poses.outgoing, pose)) {
      const next = moves.to[move] ?? -1;
      if (done.has(next) || (next !== to && poses.kind[next] === PoseKind.endpoint)) continue;
      const atS = (reachedS.get(pose) ?? 0) + (moves.lengthM[move] ?? 0) / (moves.speedMps[move] ?? 1);
      if (atS >= (reachedS.get(next) ?? Number.POSITIVE_INFINITY)) continue;
      reachedS.set(next, atS);
      by.set(next, move);
      open.add(next);
    }
  }
  return undefined;
}

function backFrom(network: Network, by: ReadonlyMap<number, number>, from: number, to: number): number[] {
  const way: number[] = [];
  for (let pose = to; pose !== from; ) {
    const move = by.get(pose) ?? -1;
    way.push(move);
    pose = network.moves.from[move] ?? from;
  }
  return way.reverse();
}

export function lengthOfM(way: Way): number {
  return way.moves.reduce((sum, move) => sum + (way.network.moves.lengthM[move] ?? 0), 0);
}

/** A way cut where a vehicle may stand: what is granted all or nothing. */
export function runsAlong(way: Way): Way[] {
  const { network } = way;
  const runs: Way[] = [];
  let moves: number[] = [];
  for (const move of way.moves) {
    moves.push(move);
    if (network.poses.kind[network.moves.to[move] ?? 0] === PoseKind.passing) continue;
    runs.push({ network, moves });
    moves = [];
  }
  return moves.length === 0 ? runs : [...runs, { network, moves }];
}

/** All blocks of a way. */
export function blocksOf(way: Way): ReadonlySet<number> {
  return new Set(way.moves.flatMap((move) => [...rowOf(way.network.moves.blocks, move)]));
}

/**
 * How far along a way a vehicle must be to have left the last of some blocks for good, metres; 0 when it never was in any,
 * `Infinity` when it is still in one at the end.
 */
export function clearAfterM(way: Way, blocks: ReadonlySet<number>): number {
  const { moves } = way.network;
  let passedM = 0;
  let clearM = 0;
  const still = new Set<number>();
  for (const move of way.moves) {
    const first = moves.blocks.offsets[move] ?? 0;
    rowOf(moves.blocks, move).forEach((block, i) => {
      if (!blocks.has(block)) return;
      const atM = moves.clearAtM[first + i] ?? Number.POSITIVE_INFINITY;
      if (atM === Number.POSITIVE_INFINITY) still.add(block);
      else {
        still.delete(block);
        clearM = Math.max(clearM, passedM + atM);
      }
    });
    passedM += moves.lengthM[move] ?? 0;
  }
  return still.size > 0 ? Number.POSITIVE_INFINITY : clearM;
}
