import { type Network, PoseKind, rowOf } from "@baton/maps";
import { type Drive, drivingS, pullAwayS, type Stretch } from "./driving-time.ts";
import { blocksOf, clearAfterM, runsAlong, type Way } from "./way.ts";

/** How vehicles follow each other at places where they stand, as the compiled network grants the road. */

/** What vehicles follow each other by. */
export interface Following extends Drive {
  readonly maxSpeedMps: number;
  readonly vehicleLengthM: number;
  /** Between a vehicle's nose and the tail ahead, margins included. */
  readonly gapM: number;
  /** From a tail being clear to the follower's order. */
  readonly latencyS: number;
}

/**
 * From the instant at which a vehicle leaves a place to that at which the next one stands there, seconds. The next one waits at the nearest
 * place before it on its way where the two bar each other nothing, and is granted each run as soon as the leader's tail has left it.
 * Undefined when there is no such place on the way.
 */
export function exchangeS(
  way: { readonly into: Way; readonly outOf: Way },
  following: Following,
): number | undefined {
  const { network } = way.into;
  const runs = runsAlong(way.into);
  const standing = standingBlocks(network, way.outOf);
  for (let first = runs.length - 1; first >= 0; first--) {
    const begin = network.moves.from[runs[first]?.moves[0] ?? 0] ?? 0;
    const isFree =
      network.poses.kind[begin] !== PoseKind.passing &&
      disjoint(rowOf(network.poses.blocks, begin), standing);
    if (!isFree) continue;
    return arrivalS(runs.slice(first), way.outOf, following);
  }
  return undefined;
}

function arrivalS(runs: readonly Way[], outOf: Way, following: Following): number {
  const arrivals = runs.map((run, i) => {
    const freeS = leavesS(outOf, blocksOf(run), following);
    const ahead = runs.slice(i).flatMap((one) => stretchesOf(one, following));
    return freeS + following.latencyS + drivingS(ahead, following, { from: 0, to: 0 });
  });
  return Math.max(...arrivals);
}

/** When a vehicle that pulls away from standing at the beginning of a way has left some blocks. */
function leavesS(way: Way, blocks: ReadonlySet<number>, following: Following): number {
  return pullAwayS(firstMetres(stretchesOf(way, following), clearAfterM(way, blocks)), following);
}

function standingBlocks(network: Network, outOf: Way): ReadonlySet<number> {
  const pose = network.moves.from[outOf.moves[0] ?? 0] ?? 0;
  return new Set(rowOf(network.poses.blocks, pose));
}

function disjoint(row: Int32Array, blocks: ReadonlySet<number>): boolean {
  return !row.some((block) => blocks.has(block));
}

/** A way as stretches with the vehicle's own limit. */
export function stretchesOf(way: Way, following: Following): Stretch[] {
  const { moves } = way.network;
  return way.moves.map((move) => ({
    lengthM: moves.lengthM[move] ?? 0,
    limitMps: Math.min(moves.speedMps[move] ?? 0, following.maxSpeedMps),
  }));
}

/** Of stretches one after the other, the first so many metres. */
export function firstMetres(stretches: readonly Stretch[], lengthM: number): Stretch[] {
  const cut: Stretch[] = [];
  let leftM = lengthM;
  for (const stretch of stretches) {
    if (leftM <= 0) break;
    cut.push({ ...stretch, lengthM: Math.min(stretch.lengthM, leftM) });
    leftM -= stretch.lengthM;
  }
  return cut;
}

/**
 * Between two vehicles that one after the other go different ways out of, or into, parallel bays: the mean over all pairs of ways, seconds.
 * The follower gets its first run once the leader has left what both drive over. `rolling`: both come at the road's speed
 * and the follower must still be able to brake before the run; else both begin from rest.
 */
export function fanHeadwayS(ways: readonly Way[], rolling: boolean, following: Following): number {
  const heads = ways.map((way) => runsAlong(way)[0] ?? way);
  const gaps = ways.flatMap((leader) =>
    heads.map((head) => {
      const stretches = firstMetres(stretchesOf(leader, following), clearAfterM(leader, blocksOf(head)));
      const limitMps = stretches[0]?.limitMps ?? 0;
      const throughS = drivingS(stretches, following, {
        from: rolling ? limitMps : 0,
        to: Number.POSITIVE_INFINITY,
      });
      const brakingS = rolling ? limitMps / (2 * following.brakingMps2) : 0;
      return throughS + brakingS + following.latencyS;
    }),
  );
  return gaps.reduce((sum, gapS) => sum + gapS, 0) / gaps.length;
}
