import { type Csr, type Network, PoseKind } from "@baton/maps";
import type { CoreSettings } from "./kinematics.ts";
import { ENDLESS } from "./ticks.ts";

/**
 * A run: the moves from one pose where a vehicle may stand through to the next such pose. It is granted as a
 * whole, since nobody stops on the way (inside a junction). Blocks of the run, in parallel arrays:
 * `blocks[i]` is left for good when the reference point is `clearAtM[i]` metres into the run, which takes
 * `clearTicks[i]` at the road's speed: `Infinity` and `ENDLESS` for a block that the body still covers at the end.
 * Plain arrays, since they are short and a large site has a quarter of a million: a typed one is three objects, and each of them is marked
 * whenever garbage is collected.
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
  /** From when on `blocks[i]` is needed: 0, or with `simultaneousMoves` the run's ticks for ground of its end only. */
  readonly enterTicks: readonly number[];
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
  const blocks = [...clear.keys()].sort((a, b) => a - b).slice();
  const reportS = settings.roundTripMs / 1000;
  const toTicks = (s: number): number =>
    Math.min(ENDLESS, Math.max(1, Math.ceil((s * 1000) / settings.tickMs - 1e-9)));
  const ticks = toTicks(seconds);
  // What is made element by element keeps room for many more, and what `map` makes is taken for one with holes: `slice` cuts to size.
  const perBlock = (value: (block: number) => number): number[] => Array.from(blocks, value).slice();
  return {
    from: at(network.moves.from, first),
    to: at(network.moves.to, last),
    moves,
    lengthM,
    ticks,
    entrySpeedMps: Math.min(at(network.moves.speedMps, first), classSpeedMps),
    blocks,
    clearAtM: perBlock((block) => clear.get(block)?.atM ?? Number.POSITIVE_INFINITY),
    clearTicks: perBlock((block) => toTicks((clear.get(block)?.atS ?? Number.POSITIVE_INFINITY) + reportS)),
    enterTicks: perBlock((block) =>
      settings.simultaneousMoves && isOnlyAtEnd(network, first, last, block) ? ticks : 0,
    ),
  };
}

/** The body covers the block where the run ends, and not where it begins. */
function isOnlyAtEnd(network: Network, first: number, last: number, block: number): boolean {
  const { from, to } = network.moves;
  return (
    row(network.poses.blocks, at(to, last)).includes(block) &&
    !row(network.poses.blocks, at(from, first)).includes(block)
  );
}
