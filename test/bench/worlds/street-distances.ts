import type { Network } from "@baton/maps";
import { at, row } from "../../../orchestrator/src/reservation/core/runs.ts";

/** Moves to a goal by the shortest way, by pose, 0xffff where none leads; breadth first, kept once asked for. */
export class StreetDistances {
  readonly #network: Network;
  readonly #byGoal = new Map<number, Uint16Array>();
  /** By pose: the last search of `between` that was there. */
  readonly #seen: Int32Array;
  #searches = 0;

  constructor(network: Network) {
    this.#network = network;
    this.#seen = new Int32Array(network.poses.count);
  }

  /**
   * Moves from one pose to another; keeps nothing, and looks no farther than it has to: for many goals, each of which is
   * near. 0xffff where no way leads.
   */
  between(from: number, goal: number): number {
    const { poses, moves } = this.#network;
    const search = ++this.#searches;
    this.#seen[goal] = search;
    let here = [goal];
    for (let steps = 0; here.length > 0; steps++) {
      const next: number[] = [];
      for (const pose of here) {
        if (pose === from) return steps;
        for (const move of row(poses.incoming, pose)) {
          const before = at(moves.from, move);
          if (this.#seen[before] === search) continue;
          this.#seen[before] = search;
          next.push(before);
        }
      }
      here = next;
    }
    return 0xffff;
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
