import type { Network } from "@baton/maps";
import { type CoreSettings, startTicks, stopTicks } from "./kinematics.ts";
import { at, type Run, row } from "./runs.ts";
import { ENDLESS } from "./ticks.ts";

/**
 * Runs as the search reads them: struct of arrays, index = run. Of run `r` the blocks are `blocks[i]` for `i` from
 * `blockFrom[r]` to `blockFrom[r + 1]`, with `enterTicks[i]` and `clearTicks[i]` beside them (see `Run`). From
 * `leftFrom[r]` on they are those that the body covers where the run begins, and leaves on the way.
 * Shapes: `blockFrom` Int32Array[count + 1]; the others Int32Array[count] or as long as `blocks`.
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
  readonly enterTicks: Int32Array;
  readonly clearTicks: Int32Array;
}

export function runArrays(network: Network, settings: CoreSettings, runs: readonly Run[]): RunArrays {
  const blockFrom = new Int32Array(runs.length + 1);
  runs.forEach((run, r) => {
    blockFrom[r + 1] = (blockFrom[r] ?? 0) + run.blocks.length;
  });
  const total = blockFrom[runs.length] ?? 0;
  const blocks = new Int32Array(total);
  const enterTicks = new Int32Array(total);
  const clearTicks = new Int32Array(total);
  const leftFrom = new Int32Array(runs.length);
  const leaveTicks = new Int32Array(runs.length);
  runs.forEach((run, r) => {
    const ground = row(network.poses.blocks, run.from);
    const isLeft = (i: number): boolean =>
      run.clearTicks[i] !== ENDLESS && ground.includes(at(run.blocks, i));
    const order = [...run.blocks.keys()].sort((a, b) => Number(isLeft(a)) - Number(isLeft(b)));
    const from = blockFrom[r] ?? 0;
    order.forEach((i, place) => {
      blocks[from + place] = at(run.blocks, i);
      enterTicks[from + place] = at(run.enterTicks, i);
      clearTicks[from + place] = at(run.clearTicks, i);
      if (isLeft(i)) leaveTicks[r] = Math.max(leaveTicks[r] ?? 0, at(run.clearTicks, i));
    });
    leftFrom[r] = from + order.filter((i) => !isLeft(i)).length;
  });
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
    enterTicks,
    clearTicks,
  };
}
