import { grown, intAt } from "./int-arrays.ts";
import { ENDLESS, type Tick } from "./ticks.ts";
import type { VehicleRecord } from "./vehicle.ts";

/** Events are told apart in time from so long ago to so far ahead; those beyond are taken for the first or the last. */
const LISTS = 2 ** 16;
const PAST = 2 ** 12;

/**
 * Events to be timed again, earliest first, of one tick in the order in which they were marked. A list a tick, in a circle that moves on with time (`startFrom`): putting in
 * and taking out need no comparison, and no memory once the zone has been busy. An event is in it at most once.
 */
export class StaleEvents {
  /** Tells the lists apart in `Timing.marks`. */
  readonly #bit: number;
  /** By tick modulo `LISTS`: the first entry of its list, plus one, 0 when there is none; and the last one. */
  readonly #first = new Int32Array(LISTS);
  readonly #last = new Int32Array(LISTS);
  #next = new Int32Array(256);
  readonly #vehicles: (VehicleRecord | undefined)[] = [];
  readonly #runs: number[] = [];
  #free = 0;
  #size = 0;
  /** The earliest tick that has a list of its own, and one before which all lists are empty. */
  #base = -PAST;
  #low = 0;
  /** The event taken last. */
  vehicle: VehicleRecord | undefined;
  run = 0;

  constructor(bit: number) {
    this.#bit = bit;
  }

  get size(): number {
    return this.#size;
  }

  /** When the earliest was expected; `ENDLESS` when there is none, `-ENDLESS` for one that was long ago. */
  get earliestTick(): number {
    if (this.#size === 0) return ENDLESS;
    while (this.#first[listOf(this.#low)] === 0) this.#low++;
    return this.#low === this.#base ? -ENDLESS : this.#low;
  }

  /** The present is this tick. */
  startFrom(tick: Tick): void {
    const base = tick - PAST;
    if (this.#size === 0) this.#low = base + LISTS;
    // What was the last list for everything far ahead is one among others from here on.
    for (; this.#size > 0 && this.#base < base; this.#base++) {
      let entry = intAt(this.#first, listOf(this.#base)) - 1;
      this.#first[listOf(this.#base)] = 0;
      while (entry >= 0) {
        const next = intAt(this.#next, entry) - 1;
        this.#put(entry, this.#base + 1);
        entry = next;
      }
    }
    this.#base = base;
    if (this.#low < base) this.#low = base;
  }

  /** The event is to be timed again. Its place in the order is when it was expected so far. */
  mark(vehicle: VehicleRecord, run: number): void {
    const { timing, leg } = vehicle;
    if (leg === undefined || run < 0) return;
    const marks = timing.marks[run] ?? 0;
    if ((marks & this.#bit) !== 0) return;
    while (timing.marks.length < run) timing.marks.push(0);
    timing.marks[run] = marks | this.#bit;
    const entry = this.#entry();
    this.#vehicles[entry] = vehicle;
    this.#runs[entry] = run;
    if (this.#size++ === 0) this.#low = this.#base + LISTS;
    const tick = leg.entryTick[run] ?? leg.etaTick;
    this.#put(entry, Math.max(this.#base, Math.min(this.#base + LISTS - 1, tick)));
  }

  /** Takes the earliest into `vehicle` and `run`; false when there is none. */
  take(): boolean {
    if (this.#size === 0) return false;
    while (this.#first[listOf(this.#low)] === 0) this.#low++;
    const list = listOf(this.#low);
    const entry = intAt(this.#first, list) - 1;
    this.#first[list] = intAt(this.#next, entry);
    this.#size--;
    const vehicle = this.#vehicles[entry];
    const run = this.#runs[entry] ?? 0;
    this.#vehicles[entry] = undefined;
    this.#next[entry] = this.#free;
    this.#free = entry + 1;
    if (vehicle !== undefined) {
      const { marks } = vehicle.timing;
      marks[run] = (marks[run] ?? 0) & ~this.#bit;
    }
    this.vehicle = vehicle;
    this.run = run;
    return true;
  }

  #put(entry: number, tick: Tick): void {
    const list = listOf(tick);
    this.#next[entry] = 0;
    if (this.#first[list] === 0) this.#first[list] = entry + 1;
    else this.#next[intAt(this.#last, list)] = entry + 1;
    this.#last[list] = entry;
    if (tick < this.#low) this.#low = tick;
  }

  /** An entry that nothing is in. */
  #entry(): number {
    if (this.#free > 0) {
      const entry = this.#free - 1;
      this.#free = intAt(this.#next, entry);
      return entry;
    }
    const entry = this.#vehicles.length;
    if (entry >= this.#next.length) this.#next = grown(this.#next);
    return entry;
  }
}

function listOf(tick: Tick): number {
  return tick & (LISTS - 1);
}
