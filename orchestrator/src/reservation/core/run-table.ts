import type { Network } from "@baton/maps";
import type { CoreSettings } from "./kinematics.ts";
import { type RunArrays, runArrays } from "./run-arrays.ts";
import { at, type Run, row, runOf, standable } from "./runs.ts";

/** All runs of a network; `outgoing` holds indices into `runs`, a row a pose. */
export interface RunTable {
  readonly runs: readonly Run[];
  readonly arrays: RunArrays;
  readonly outgoing: readonly (readonly number[])[];
}

/** A run through a junction has at most this many moves. */
const MAX_MOVES_PER_RUN = 64;

/** The network contradicts itself; the message names the edge and the block. */
export class NetworkContradiction extends Error {
  readonly code = "network-contradiction";
}

/** Finds all runs of a network, once at load. Throws `NetworkContradiction`. */
export function compileRuns(network: Network, settings: CoreSettings): RunTable {
  checkGround(network);
  const runs: Run[] = [];
  const outgoing: number[][] = Array.from({ length: network.poses.count }, () => []);
  for (let pose = 0; pose < network.poses.count; pose++) {
    if (!standable(network, pose)) continue;
    for (const moves of waysFrom(network, pose)) {
      const run = runOf(network, settings, moves);
      at(outgoing, run.from).push(runs.length);
      runs.push(run);
    }
  }
  return { runs, arrays: runArrays(network, settings, runs), outgoing: outgoing.map((list) => list.slice()) };
}

/** Every way from a pose to the next poses where one may stand, without passing a pose twice. */
function waysFrom(network: Network, pose: number): number[][] {
  const ways: number[][] = [];
  const walk = (here: number, moves: readonly number[], passed: ReadonlySet<number>): void => {
    if (moves.length >= MAX_MOVES_PER_RUN) return;
    for (const move of row(network.poses.outgoing, here)) {
      const next = at(network.moves.to, move);
      if (standable(network, next)) ways.push([...moves, move]);
      else if (!passed.has(next)) walk(next, [...moves, move], new Set([...passed, next]));
    }
  };
  walk(pose, [], new Set());
  return ways;
}

/**
 * What every later step relies on: the ground of a move contains the ground of both its ends, and what the
 * body still covers at the end of a move is ground of the pose there.
 */
function checkGround(network: Network): void {
  const wrong: string[] = [];
  const { moves, poses } = network;
  for (let move = 0; move < moves.count; move++) {
    const swept = row(moves.blocks, move);
    const start = at(moves.blocks.offsets, move);
    const end = new Set(row(poses.blocks, at(moves.to, move)));
    const name = (block: number): string =>
      `edge ${at(moves.edgeIds, move)}, block ${at(network.blocks.ids, block)}`;
    const all = new Set(swept);
    for (const block of row(poses.blocks, at(moves.from, move))) {
      if (!all.has(block)) wrong.push(`${name(block)}: covered at the start, missing in the swept ground`);
    }
    for (const block of end)
      if (!all.has(block)) wrong.push(`${name(block)}: covered at the end, missing in the swept ground`);
    swept.forEach((block, i) => {
      const clears = Number.isFinite(at(moves.clearAtM, start + i));
      if (clears === end.has(block)) {
        wrong.push(
          `${name(block)}: ${clears ? "left on the way, yet covered at the end" : "never left, yet not covered at the end"}`,
        );
      }
    });
  }
  if (wrong.length > 0) {
    const more = wrong.length > 5 ? ` (and ${wrong.length - 5} more)` : "";
    throw new NetworkContradiction(`the network contradicts itself: ${wrong.slice(0, 5).join("; ")}${more}`);
  }
}
