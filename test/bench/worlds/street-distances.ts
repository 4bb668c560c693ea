import type { Network } from "@baton/maps";
import { at, row } from "../../../orchestrator/src/reservation/core/runs.ts";

/** Moves to a goal by the shortest way, by pose, 0xffff where none leads; breadth first, kept once asked for. */
export class StreetDistances {
  readonly #network: Network;
  readonly #byGoal = new Map<number, Uint16Array>();

  constructor(network: Network) {
    this.#network = network;
  }

  to(goal: number): Uint16Array {
    const known = this.#byGoal.get(goal);
    if (known !== undefined) return known;
    const { poses, moves } = this.#network;
    const left = new Uint16Array(poses.count).fill(0xffff);
    const open = new Int32Array(poses.count);
    let end = 1;
    open[0] = goal;
    left[goal] = 0;
    for (let next = 0; next < end; next++) {
      const pose = at(open, next);
      for (const move of row(poses.incoming, pose)) {
        const from = at(moves.from, move);
        if (at(left, from) !== 0xffff) continue;
        left[from] = at(left, pose) + 1;
        open[end++] = from;
      }
    }
    this.#byGoal.set(goal, left);
    return left;
  }
}
