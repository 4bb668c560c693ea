import type { Csr, Network } from "@baton/maps";
import { type CoreSettings, startTicks, stopTicks } from "./kinematics.ts";
import { at, type Run, row } from "./runs.ts";
import { ENDLESS } from "./ticks.ts";

/** What `RunArrays.runs` has a run. */
export const RUN_SIZE = 8;
export const TO = 0;
export const RUN_TICKS = 1;
/** What entering it from standing costs, and coming to a stand at its end. */
export const START_TICKS = 2;
export const STOP_TICKS = 3;
/** What it counts for beyond the time that it takes (`settings.cost`). */
export const WEIGHT = 4;
/** Where its ground begins in `RunArrays.ground`; and from where on it is ground of the place where the run begins. */
export const GROUND_FROM = 5;
export const LEFT_FROM = 6;
/** When the last of the blocks from there on is left. */
export const LEAVE_TICKS = 7;

/** What `RunArrays.ground` has a block. */
export const GROUND_SIZE = 3;
export const BLOCK = 0;
export const ENTER = 1;
export const CLEAR = 2;

/**
 * Runs as the search reads them, numbers that are read together side by side. Of run `r` the numbers begin at
 * `RUN_SIZE * r` in `runs`; those after it begin where its ground ends. Of each block `ground` has the block and its
 * enter and clear ticks (see `Run`); blocks that the body covers where the run begins, and leaves on the way, come
 * last. Runs are in the order of where they begin: those from pose `p` are `outFrom[p]` to `outFrom[p + 1]`. Those to
 * pose `p` are `incoming[i]` for `i` from `inFrom[p]` to `inFrom[p + 1]`.
 * Shapes: `runs` Int32Array[RUN_SIZE * (count + 1)], `ground` Int32Array[GROUND_SIZE * blocks of all runs], `from`
 * Int32Array[count], `outFrom` and `inFrom` Int32Array[poses + 1], `incoming` Int32Array[count].
 */
export interface RunArrays {
  readonly count: number;
  /** Ticks and weight of the run that counts for most. */
  readonly longestTicks: number;
  readonly runs: Int32Array;
  readonly ground: Int32Array;
  readonly from: Int32Array;
  readonly outFrom: Int32Array;
  readonly inFrom: Int32Array;
  readonly incoming: Int32Array;
}

export function runArrays(network: Network, settings: CoreSettings, runs: readonly Run[]): RunArrays {
  const weightOf = (move: number): number => {
    const edgeId = network.moves.edgeIds[move];
    return (edgeId === undefined ? undefined : settings.cost.edgeTicks.get(edgeId)) ?? 0;
  };
  const numbers: number[] = [];
  const ground: number[] = [];
  for (const run of runs) {
    const body = row(network.poses.blocks, run.from);
    const isLeft = (i: number): boolean => run.clearTicks[i] !== ENDLESS && body.includes(at(run.blocks, i));
    const order = [...run.blocks.keys()].sort((a, b) => Number(isLeft(a)) - Number(isLeft(b)));
    const groundFrom = ground.length;
    for (const i of order) ground.push(at(run.blocks, i), at(run.enterTicks, i), at(run.clearTicks, i));
    const left = order.filter(isLeft);
    numbers.push(
      run.to,
      run.ticks,
      startTicks(settings, run.entrySpeedMps),
      stopTicks(settings, run.entrySpeedMps),
      run.moves.reduce((sum, move) => sum + weightOf(move), 0),
      groundFrom,
      ground.length - GROUND_SIZE * left.length,
      left.reduce((most, i) => Math.max(most, at(run.clearTicks, i)), 0),
    );
  }
  let longestTicks = 1;
  for (let r = 0; r < runs.length; r++)
    longestTicks = Math.max(
      longestTicks,
      (numbers[RUN_SIZE * r + RUN_TICKS] ?? 0) + (numbers[RUN_SIZE * r + WEIGHT] ?? 0),
    );
  const end = Array.from({ length: RUN_SIZE }, (_, i) => (i === GROUND_FROM ? ground.length : 0));
  return {
    count: runs.length,
    longestTicks,
    runs: Int32Array.from([...numbers, ...end]),
    ground: Int32Array.from(ground),
    from: Int32Array.from(runs, (run) => run.from),
    outFrom: rowsBy(runs, network.poses.count, (run) => run.from).offsets,
    ...incomingOf(runs, network.poses.count),
  };
}

function incomingOf(runs: readonly Run[], poses: number): Pick<RunArrays, "inFrom" | "incoming"> {
  const { offsets, values } = rowsBy(runs, poses, (run) => run.to);
  return { inFrom: offsets, incoming: values };
}

/** The runs by a pose of theirs, in their order. */
function rowsBy(runs: readonly Run[], poses: number, poseOf: (run: Run) => number): Csr {
  const offsets = new Int32Array(poses + 1);
  for (const run of runs) offsets[poseOf(run) + 1] = (offsets[poseOf(run) + 1] ?? 0) + 1;
  for (let p = 0; p < poses; p++) offsets[p + 1] = (offsets[p + 1] ?? 0) + (offsets[p] ?? 0);
  const next = Int32Array.from(offsets);
  const values = new Int32Array(runs.length);
  runs.forEach((run, r) => {
    const place = at(next, poseOf(run));
    values[place] = r;
    next[poseOf(run)] = place + 1;
  });
  return { offsets, values };
}
