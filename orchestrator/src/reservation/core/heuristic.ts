import FlatQueue from "flatqueue";
import { at, type RunTable } from "./runs.ts";

/**
 * Shortest times to a pose over the empty road, in ticks, by pose; `Infinity` where no way leads there.
 * Exact for one goal and admissible with traffic, so the search looks at no state that a shorter plan rules out.
 */
export class DistanceTables {
  readonly #table: RunTable;
  readonly #byGoal = new Map<number, Float64Array>();

  constructor(table: RunTable) {
    this.#table = table;
  }

  /** Dijkstra from the goal against the driving direction; computed once a goal. */
  to(goal: number): Float64Array {
    const known = this.#byGoal.get(goal);
    if (known !== undefined) return known;
    const distance = new Float64Array(this.#table.outgoing.length).fill(Number.POSITIVE_INFINITY);
    distance[goal] = 0;
    const open = new FlatQueue<number>();
    open.push(goal, 0);
    for (;;) {
      const ticks = open.peekValue();
      const pose = open.pop();
      if (pose === undefined || ticks === undefined) break;
      if (ticks > at(distance, pose)) continue;
      for (const index of at(this.#table.incoming, pose)) {
        const run = at(this.#table.runs, index);
        const through = ticks + run.ticks;
        if (through < at(distance, run.from)) {
          distance[run.from] = through;
          open.push(run.from, through);
        }
      }
    }
    this.#byGoal.set(goal, distance);
    return distance;
  }
}
