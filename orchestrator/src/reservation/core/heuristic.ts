import { IntHeap, intAt } from "./int-heap.ts";
import type { RunTable } from "./run-table.ts";
import { ENDLESS } from "./ticks.ts";

/**
 * Shortest times to a pose over the empty road, in ticks and weights, by pose; `ENDLESS` where no way leads there.
 * Exact for one goal and admissible with traffic, so the search looks at no state that a shorter plan rules out.
 * Goals are a small fixed set (places to rest, stops on the way): tables are kept until ground is closed or opened.
 * Shape: Int32Array[poses] a goal.
 */
export class DistanceTables {
  readonly #table: RunTable;
  /** By run: 1 when closed ground is on it. */
  readonly #shut: Uint8Array;
  readonly #byGoal = new Map<number, Int32Array>();
  /** As if nothing was closed. */
  readonly #openRoad = new Map<number, Int32Array>();
  readonly #open = new IntHeap();
  #anyShut = false;

  constructor(table: RunTable, shut: Uint8Array) {
    this.#table = table;
    this.#shut = shut;
  }

  /** Over ground that is not closed. */
  to(goal: number): Int32Array {
    if (!this.#anyShut) return this.overOpenRoad(goal);
    return tableFrom(this.#byGoal, goal, () => this.#compute(goal, true));
  }

  /** Whether ground is closed or not: what can be reached some day. */
  overOpenRoad(goal: number): Int32Array {
    return tableFrom(this.#openRoad, goal, () => this.#compute(goal, false));
  }

  /** To be called when ground was closed or opened. */
  drop(): void {
    this.#byGoal.clear();
    this.#anyShut = this.#shut.includes(1);
  }

  /** Dijkstra from the goal against the driving direction. */
  #compute(goal: number, mindShut: boolean): Int32Array {
    const { arrays, incoming, runs } = this.#table;
    const open = this.#open;
    const distance = new Int32Array(incoming.length).fill(ENDLESS);
    distance[goal] = 0;
    open.clear();
    open.push(0, 0, goal);
    for (;;) {
      const ticks = open.firstKey;
      const pose = open.pop();
      if (pose < 0) return distance;
      if (ticks > intAt(distance, pose)) continue;
      for (const run of incoming[pose] ?? []) {
        if (mindShut && this.#shut[run] === 1) continue;
        const from = runs[run]?.from ?? 0;
        const through = ticks + intAt(arrays.ticks, run) + intAt(arrays.weight, run);
        if (through >= intAt(distance, from)) continue;
        distance[from] = through;
        open.push(through, 0, from);
      }
    }
  }
}

function tableFrom(tables: Map<number, Int32Array>, goal: number, compute: () => Int32Array): Int32Array {
  const known = tables.get(goal);
  if (known !== undefined) return known;
  const table = compute();
  tables.set(goal, table);
  return table;
}
