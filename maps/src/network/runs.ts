import { rowOf } from "./csr.ts";
import { type Network, PoseKind } from "./network.ts";

/** The moves from one pose where a vehicle may stand to the next: what is granted all or nothing. */
export interface StandToStand {
  readonly moves: readonly number[];
  readonly lengthM: number;
  /** The slowest speed that the road allows on the way. */
  readonly slowestMps: number;
}

const MAX_MOVES = 64;

/** Every way between two poses where a vehicle may stand that passes no third. */
export function runsOf(network: Network): StandToStand[] {
  const { poses, moves } = network;
  const runs: StandToStand[] = [];
  const walk = (pose: number, way: readonly number[], passed: ReadonlySet<number>): void => {
    for (const move of rowOf(poses.outgoing, pose)) {
      const next = moves.to[move] ?? -1;
      if (poses.kind[next] !== PoseKind.passing) runs.push(runAlong(network, [...way, move]));
      else if (!passed.has(next) && way.length < MAX_MOVES) {
        walk(next, [...way, move], new Set([...passed, next]));
      }
    }
  };
  for (let pose = 0; pose < poses.count; pose += 1) {
    if (poses.kind[pose] !== PoseKind.passing) walk(pose, [], new Set());
  }
  return runs;
}

function runAlong(network: Network, moves: readonly number[]): StandToStand {
  const lengths = moves.map((move) => network.moves.lengthM[move] ?? 0);
  return {
    moves,
    lengthM: lengths.reduce((sum, lengthM) => sum + lengthM, 0),
    slowestMps: Math.min(...moves.map((move) => network.moves.speedMps[move] ?? 0)),
  };
}
