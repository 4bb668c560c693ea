import { type Csr, type Network, PoseKind } from "@baton/maps";
import type { CoreSettings } from "./kinematics.ts";
import { ENDLESS } from "./ticks.ts";

/**
 * A run: the moves from one pose where a vehicle may stand through to the next such pose. It is granted as a
 * whole, since nobody stops on the way (inside a junction). Blocks of the run, in parallel arrays:
 * `blocks[i]` is left for good when the reference point is `clearAtM[i]` metres into the run, which takes
 * `clearTicks[i]` at the road's speed: `Infinity` and `ENDLESS` for a block that the body still covers at the end.
 */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly moves: readonly number[];
  readonly lengthM: number;
  /** From passing `from` to passing `to` at the road's speed. At least 1. */
  readonly ticks: number;
  /** The road's speed at the beginning, capped by the vehicle's. */
  readonly entrySpeedMps: number;
  readonly blocks: readonly number[];
  readonly clearAtM: readonly number[];
  readonly clearTicks: readonly number[];
}

/** All runs of a network; `outgoing` and `incoming` hold indices into `runs`, a row a pose. */
export interface RunTable {
  readonly runs: readonly Run[];
  readonly outgoing: readonly (readonly number[])[];
  readonly incoming: readonly (readonly number[])[];
}

/** A run through a junction has at most this many moves. */
const MAX_MOVES_PER_RUN = 64;

/** The network contradicts itself; the message names the edge and the block. */
export class NetworkContradiction extends Error {
  readonly code = "network-contradiction";
}

export function row(csr: Csr, index: number): Int32Array {
  return csr.values.subarray(at(csr.offsets, index), at(csr.offsets, index + 1));
}

/** The element at an index that is within bounds by construction. */
export function at<T>(values: ArrayLike<T>, index: number): T {
  const value = values[index];
  if (value === undefined) throw new Error(`bug: index ${index} is outside of ${values.length}`);
  return value;
}

export function standable(network: Network, pose: number): boolean {
  return at(network.poses.kind, pose) !== PoseKind.passing;
}

/** Finds all runs of a network, once at load. Throws `NetworkContradiction`. */
export function compileRuns(network: Network, settings: CoreSettings): RunTable {
  checkGround(network);
  const runs: Run[] = [];
  const outgoing: number[][] = Array.from({ length: network.poses.count }, () => []);
  const incoming: number[][] = Array.from({ length: network.poses.count }, () => []);
  for (let pose = 0; pose < network.poses.count; pose++) {
    if (!standable(network, pose)) continue;
    for (const moves of waysFrom(network, pose)) {
      const run = runOf(network, settings, moves);
      at(outgoing, run.from).push(runs.length);
      at(incoming, run.to).push(runs.length);
      runs.push(run);
    }
  }
  return { runs, outgoing, incoming };
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

/** Joins moves that follow one another into one run; the last occurrence of a block decides when it is left. */
export function runOf(network: Network, settings: CoreSettings, moves: readonly number[]): Run {
  const first = moves[0];
  const last = moves[moves.length - 1];
  if (first === undefined || last === undefined) throw new Error("bug: a run without moves");
  const classSpeedMps = settings.kinematics.maxSpeedMps;
  const clear = new Map<number, { atM: number; atS: number }>();
  let lengthM = 0;
  let seconds = 0;
  for (const move of moves) {
    const speedMps = Math.min(at(network.moves.speedMps, move), classSpeedMps);
    const start = at(network.moves.blocks.offsets, move);
    row(network.moves.blocks, move).forEach((block, i) => {
      const alongM = at(network.moves.clearAtM, start + i);
      clear.set(block, {
        atM: lengthM + alongM,
        atS: seconds + (alongM + settings.positionUncertaintyM) / speedMps,
      });
    });
    lengthM += at(network.moves.lengthM, move);
    seconds += at(network.moves.lengthM, move) / speedMps;
  }
  const blocks = [...clear.keys()].sort((a, b) => a - b);
  const reportS = settings.roundTripMs / 1000;
  const toTicks = (s: number): number =>
    Math.min(ENDLESS, Math.max(1, Math.ceil((s * 1000) / settings.tickMs - 1e-9)));
  return {
    from: at(network.moves.from, first),
    to: at(network.moves.to, last),
    moves,
    lengthM,
    ticks: toTicks(seconds),
    entrySpeedMps: Math.min(at(network.moves.speedMps, first), classSpeedMps),
    blocks,
    clearAtM: blocks.map((block) => clear.get(block)?.atM ?? Number.POSITIVE_INFINITY),
    clearTicks: blocks.map((block) => toTicks((clear.get(block)?.atS ?? Number.POSITIVE_INFINITY) + reportS)),
  };
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
