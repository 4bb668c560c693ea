import type { Network } from "@baton/maps";
import { type CoreSettings, startTicks, stopTicks } from "./kinematics.ts";
import { at, type Run, row } from "./runs.ts";
import { ENDLESS } from "./ticks.ts";

/** What `RunArrays.ground` has a block. */
export const GROUND_SIZE = 3;
export const BLOCK = 0;
export const ENTER = 1;
export const CLEAR = 2;

/**
 * Runs as the search reads them: struct of arrays, index = run. Of run `r` the blocks are `blocks[i]` for `i` from
 * `blockFrom[r]` to `blockFrom[r + 1]`; of each, `ground` has the block and its enter and clear ticks (see `Run`) side by
 * side. From `leftFrom[r]` on they are those that the body covers where the run begins, and leaves on the way. Runs are
 * in the order of where they begin: those from pose `p` are `outFrom[p]` to `outFrom[p + 1]`.
 * Shapes: `blockFrom` Int32Array[count + 1], `outFrom` Int32Array[poses + 1], `ground` Int32Array[GROUND_SIZE * blocks];
 * the others Int32Array[count] or as long as `blocks`.
 */
export interface RunArrays {
  readonly count: number;
  readonly to: Int32Array;
  readonly ticks: Int32Array;
  /** What entering it from standing costs, and coming to a stand at its end. */
  readonly startTicks: Int32Array;
  readonly stopTicks: Int32Array;
  /** What it counts for beyond the time that it takes (`settings.cost`). */
  readonly weight: Int32Array;
  readonly blockFrom: Int32Array;
  readonly leftFrom: Int32Array;
  /** When the last of the blocks from `leftFrom` on is left. */
  readonly leaveTicks: Int32Array;
  readonly blocks: Int32Array;
  readonly ground: Int32Array;
  readonly from: Int32Array;
  readonly outFrom: Int32Array;
}

export function runArrays(network: Network, settings: CoreSettings, runs: readonly Run[]): RunArrays {
  const blockFrom = new Int32Array(runs.length + 1);
  runs.forEach((run, r) => {
    blockFrom[r + 1] = (blockFrom[r] ?? 0) + run.blocks.length;
  });
  const total = blockFrom[runs.length] ?? 0;
  const blocks = new Int32Array(total);
  const ground = new Int32Array(GROUND_SIZE * total);
  const leftFrom = new Int32Array(runs.length);
  const leaveTicks = new Int32Array(runs.length);
  runs.forEach((run, r) => {
    const body = row(network.poses.blocks, run.from);
    const isLeft = (i: number): boolean => run.clearTicks[i] !== ENDLESS && body.includes(at(run.blocks, i));
    const order = [...run.blocks.keys()].sort((a, b) => Number(isLeft(a)) - Number(isLeft(b)));
    const from = blockFrom[r] ?? 0;
    order.forEach((i, place) => {
      blocks[from + place] = at(run.blocks, i);
      ground[GROUND_SIZE * (from + place) + BLOCK] = at(run.blocks, i);
      ground[GROUND_SIZE * (from + place) + ENTER] = at(run.enterTicks, i);
      ground[GROUND_SIZE * (from + place) + CLEAR] = at(run.clearTicks, i);
      if (isLeft(i)) leaveTicks[r] = Math.max(leaveTicks[r] ?? 0, at(run.clearTicks, i));
    });
    leftFrom[r] = from + order.filter((i) => !isLeft(i)).length;
  });
  const outFrom = new Int32Array(network.poses.count + 1);
  for (const { from } of runs) outFrom[from + 1] = (outFrom[from + 1] ?? 0) + 1;
  for (let p = 0; p < network.poses.count; p++) outFrom[p + 1] = (outFrom[p + 1] ?? 0) + (outFrom[p] ?? 0);
  const weightOf = (move: number): number => {
    const edgeId = network.moves.edgeIds[move];
    return (edgeId === undefined ? undefined : settings.cost.edgeTicks.get(edgeId)) ?? 0;
  };
  return {
    count: runs.length,
    to: Int32Array.from(runs, (run) => run.to),
    ticks: Int32Array.from(runs, (run) => run.ticks),
    startTicks: Int32Array.from(runs, (run) => startTicks(settings, run.entrySpeedMps)),
    stopTicks: Int32Array.from(runs, (run) => stopTicks(settings, run.entrySpeedMps)),
    weight: Int32Array.from(runs, (run) => run.moves.reduce((sum, move) => sum + weightOf(move), 0)),
    blockFrom,
    leftFrom,
    leaveTicks,
    blocks,
    ground,
    from: Int32Array.from(runs, (run) => run.from),
    outFrom,
  };
}
