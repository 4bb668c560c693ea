import { DistanceTable, type Effort } from "./distance-table.ts";
import type { RunArrays } from "./run-arrays.ts";

/** Tables beyond so many numbers in sum (128 MB) make room for new ones. */
const MOST_NUMBERS = 2 ** 25;
/** How many tables are made between two looks at what they need. */
const LOOK_AFTER = 64;

interface Kept {
  readonly table: DistanceTable;
  /** It was asked for since the last time that room was made. */
  used: boolean;
}

/**
 * Shortest times to poses over the empty road (see `DistanceTable`). Exact for one goal and admissible with traffic, so
 * the search looks at no state that a shorter plan rules out. Goals are a small fixed set (places to rest, stops on the
 * way): tables are kept until ground is closed or opened, or, where there are very many, until others need the room.
 */
export class DistanceTables {
  readonly #runs: RunArrays;
  /** By run: 1 when closed ground is on it. */
  readonly #shut: Uint8Array;
  readonly #byGoal = new Map<number, Kept>();
  /** As if nothing was closed. */
  readonly #openRoad = new Map<number, Kept>();
  readonly #most: number;
  /** Of all tables that were ever made. */
  readonly effort: Effort = { posesLookedAt: 0 };
  #anyShut = false;
  #made = 0;

  /** `mostNumbers`: what tables may need in sum, about. */
  constructor(runs: RunArrays, shut: Uint8Array, mostNumbers = MOST_NUMBERS) {
    this.#runs = runs;
    this.#shut = shut;
    this.#most = mostNumbers;
  }

  /** Over ground that is not closed. */
  to(goal: number): DistanceTable {
    if (!this.#anyShut) return this.overOpenRoad(goal);
    return this.#tableOf(this.#byGoal, goal, this.#shut);
  }

  /** Whether ground is closed or not: what can be reached some day. */
  overOpenRoad(goal: number): DistanceTable {
    return this.#tableOf(this.#openRoad, goal, undefined);
  }

  /** To be called when ground was closed or opened. */
  drop(): void {
    this.#byGoal.clear();
    this.#anyShut = this.#shut.includes(1);
  }

  #tableOf(tables: Map<number, Kept>, goal: number, shut: Uint8Array | undefined): DistanceTable {
    const known = tables.get(goal);
    if (known !== undefined) {
      known.used = true;
      return known.table;
    }
    if (++this.#made % LOOK_AFTER === 0) this.#makeRoom();
    const table = new DistanceTable(this.#runs, goal, shut, this.effort);
    tables.set(goal, { table, used: true });
    return table;
  }

  /** When tables need too much, those go that nobody asked for since the last time. */
  #makeRoom(): void {
    let size = 0;
    for (const tables of [this.#byGoal, this.#openRoad])
      for (const { table } of tables.values()) size += table.size;
    if (size <= this.#most) return;
    for (const tables of [this.#byGoal, this.#openRoad]) {
      for (const [goal, kept] of tables) {
        if (!kept.used) tables.delete(goal);
        kept.used = false;
      }
    }
  }
}
