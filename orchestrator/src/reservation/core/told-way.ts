import type { EdgeId, Network } from "@baton/maps";
import { at, row, standable } from "./runs.ts";
import type { StoredItinerary } from "./stored.ts";
import { ENDLESS } from "./ticks.ts";

/** The moves from where one may stand to a pose, if there is only one such way: empty when one may stand there. */
export function wayInto(network: Network, pose: number | undefined): number[] | undefined {
  const way: number[] = [];
  let here = pose;
  while (here !== undefined && !standable(network, here)) {
    const [move, ...others] = row(network.poses.incoming, here);
    if (move === undefined || others.length > 0 || way.includes(move)) return undefined;
    way.unshift(move);
    here = at(network.moves.from, move);
  }
  return here === undefined ? undefined : way;
}

export function movesOf(network: Network, edgeIds: readonly EdgeId[]): number[] | undefined {
  const moves: number[] = [];
  for (const edgeId of edgeIds) {
    const move = network.moveIndex(edgeId);
    if (move === undefined) return undefined;
    moves.push(move);
  }
  return moves;
}

/** How many runs it takes to contain the first so many moves. */
export function runsThrough(itinerary: StoredItinerary, moves: number): number {
  let runs = 0;
  for (let passed = 0; passed < moves && runs < itinerary.runs.length; runs++) {
    passed += at(itinerary.runs, runs).length;
  }
  return runs;
}

/** Divides a way into runs; `undefined` when it is not one way, or does not end where one may stand. */
export function runsOver(network: Network, moves: readonly number[]): EdgeId[][] | undefined {
  const runs: EdgeId[][] = [];
  let run: EdgeId[] = [];
  for (const [i, move] of moves.entries()) {
    const next = moves[i + 1];
    if (next !== undefined && at(network.moves.from, next) !== at(network.moves.to, move)) return undefined;
    run.push(at(network.moves.edgeIds, move));
    if (!standable(network, at(network.moves.to, move))) continue;
    runs.push(run);
    run = [];
  }
  return run.length === 0 ? runs : undefined;
}

/** The itinerary without what lies beyond so many runs; the stops beyond are to be led to anew. */
export function cutAfter(itinerary: StoredItinerary, runs: number, asPlanned = itinerary): StoredItinerary {
  return {
    ...itinerary,
    runs: itinerary.runs.slice(0, runs),
    entryTicks: itinerary.entryTicks.slice(0, runs),
    stops: asPlanned.stops.map((stop) => ({
      ...stop,
      beforeRun: stop.beforeRun > runs ? ENDLESS : stop.beforeRun,
    })),
  };
}
