import type { Network } from "@baton/maps";
import { at, row } from "../../../orchestrator/src/reservation/core/runs.ts";
import { LANES_SPEED_MPS, SECONDS_A_BLOCK } from "../instances/lanes.ts";
import type { StreetDistances } from "../worlds/street-distances.ts";
import { isStanding, lastPose, type StreetEngine, type StreetVehicle } from "../worlds/street-vehicle.ts";

export interface ClaimAheadOptions {
  readonly network: Network;
  readonly vehicles: readonly StreetVehicle[];
  readonly distances: StreetDistances;
  /** So many blocks are claimed at once, all or none: 1 is greedy next-block claiming. */
  readonly blocksAtOnce: number;
  /** A vehicle claims when the end of what it holds is nearer than this; 0: when it is there. */
  readonly lookaheadM: number;
}

const NOBODY = -1;
const BLOCK_M = LANES_SPEED_MPS * SECONDS_A_BLOCK;

/**
 * What most fleet managers do: no plan, each vehicle takes the next block (or the next few, all or none) of a shortest
 * way when it is free. Of several shortest ways it takes the one that is free at that moment, and who has waited longest
 * is served first. Ground is freed behind a vehicle exactly as in the engine under test.
 */
export function claimAhead(options: ClaimAheadOptions): StreetEngine {
  const { network, vehicles, distances, blocksAtOnce, lookaheadM } = options;
  const { poses, moves } = network;
  const holder = new Int32Array(poses.count).fill(NOBODY);
  for (const vehicle of vehicles) holder[vehicle.pose] = vehicle.index;
  /** The first pose of its path that a vehicle still holds, as an index; the path's start is 0. */
  const heldFrom = new Int32Array(vehicles.length);
  const poseAt = (vehicle: StreetVehicle, k: number): number =>
    k === 0 ? vehicle.pose : at(moves.to, at(vehicle.path, k - 1));

  const free = (vehicle: StreetVehicle): void => {
    while (at(heldFrom, vehicle.index) < vehicle.edge) {
      const k = at(heldFrom, vehicle.index);
      const pose = poseAt(vehicle, k);
      heldFrom[vehicle.index] = k + 1;
      // A way that comes back to a pose does not give it away under the vehicle: shortest ways never do.
      if (holder[pose] === vehicle.index) holder[pose] = NOBODY;
    }
  };

  /** Moves of a shortest way over so many blocks that satisfy a condition; `undefined` when there is none. */
  const chain = (
    from: number,
    goal: number,
    count: number,
    holds: (pose: number) => boolean,
  ): number[] | undefined => {
    if (count === 0 || from === goal) return [];
    const left = distances.to(goal);
    for (const move of row(poses.outgoing, from)) {
      const to = at(moves.to, move);
      if (at(left, to) !== at(left, from) - 1 || !holds(to)) continue;
      const rest = chain(to, goal, count - 1, holds);
      if (rest !== undefined) return [move, ...rest];
    }
    return undefined;
  };

  const claim = (vehicle: StreetVehicle): void => {
    for (;;) {
      const leftM = (vehicle.granted - vehicle.edge - vehicle.secondsIn / SECONDS_A_BLOCK) * BLOCK_M;
      if (leftM > 1e-6 && leftM >= lookaheadM) return;
      const end = poseAt(vehicle, vehicle.granted);
      if (end === vehicle.goal) return;
      const next = chain(end, vehicle.goal, blocksAtOnce, (pose) => holder[pose] === NOBODY);
      if (next === undefined) return;
      for (const move of next) holder[at(moves.to, move)] = vehicle.index;
      vehicle.path = [...vehicle.path, ...next];
      vehicle.granted = vehicle.path.length;
    }
  };

  return {
    name: blocksAtOnce === 1 ? "greedy" : `claim-${blocksAtOnce}`,
    depart(vehicle) {
      heldFrom[vehicle.index] = 0;
    },
    decide() {
      for (const vehicle of vehicles) free(vehicle);
      const asking = vehicles.filter((vehicle) => vehicle.goal >= 0);
      asking.sort((a, b) => a.lastMovedS - b.lastMovedS || a.index - b.index);
      for (const vehicle of asking) claim(vehicle);
    },
    countStuck() {
      // Who can be stuck for good: it stands on one block only, and every way on is held by another of them. What
      // is left of all who wait when those with a way out are taken away, again and again, never moves any more.
      const stuck = new Set<number>();
      for (const vehicle of vehicles) {
        if (vehicle.goal >= 0 && isStanding(vehicle) && lastPose(vehicle, moves.to) !== vehicle.goal) {
          stuck.add(vehicle.index);
        }
      }
      const mayClear = (pose: number): boolean => !stuck.has(at(holder, pose));
      for (let before = -1; before !== stuck.size; ) {
        before = stuck.size;
        for (const index of stuck) {
          const vehicle = at(vehicles, index);
          const here = lastPose(vehicle, moves.to);
          if (chain(here, vehicle.goal, blocksAtOnce, mayClear) !== undefined) stuck.delete(index);
        }
      }
      return stuck.size;
    },
  };
}
