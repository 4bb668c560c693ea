import { grown, intAt } from "./int-arrays.ts";
import { ENDLESS, type Tick } from "./ticks.ts";
import type { VehicleRecord } from "./vehicle.ts";

/** Events are told apart in time from so long ago to so far ahead; those beyond are taken for the first or the last. */
const LISTS = 2 ** 16;
const PAST = 2 ** 12;

/**
 * Events (a vehicle enters a run, see `retime.ts`) in the order of their ticks, and of one tick in the order in which they were put in. A list a tick, in a circle
 * that moves on with time (`startFrom`): putting in and taking out need no comparison, and no memory once the zone has been busy.
 */
export class EventLists {
  /** By tick modulo `LISTS`: the first entry of its list, plus one, 0 when there is none; and the last one. */
  readonly #first = new Int32Array(LISTS);
  readonly #last = new Int32Array(LISTS);
  /** By entry: the one after it in its list, or of those that are free, plus one; and the tick of its list. */
  #next = new Int32Array(256);
  #ticks = new Int32Array(256);
  readonly #vehicles: (VehicleRecord | undefined)[] = [];
  readonly #runs: number[] = [];
  #free = 0;
  #size = 0;
  /** The earliest tick that has a list, and one before which all lists are empty. */
  #base = -PAST;
  #low = 0;
  /** The event taken last, and the tick in whose list it was. */
  vehicle: VehicleRecord | undefined;
  run = 0;
  tick: Tick = 0;

  get size(): number {
    return this.#size;
  }

  /** That of the first event; `ENDLESS` when there is none, `-ENDLESS` when it was long ago. */
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

  /** In which tick's list an event of a tick is: mostly in its own. */
  listTick(tick: Tick): Tick {
    return Math.max(this.#base, Math.min(this.#base + LISTS - 1, tick));
  }

  /** Puts an event in; returns its entry. */
  put(vehicle: VehicleRecord, run: number, tick: Tick): number {
    const entry = this.#entry();
    this.#vehicles[entry] = vehicle;
    this.#runs[entry] = run;
    if (this.#size++ === 0) this.#low = this.#base + LISTS;
    this.#put(entry, this.listTick(tick));
    return entry;
  }

  /** The tick of the list that an entry is in. */
  tickOf(entry: number): Tick {
    return intAt(this.#ticks, entry);
  }

  /** What an entry has is nothing any more; the entry itself is still taken, in its turn. */
  drop(entry: number): void {
    this.#vehicles[entry] = undefined;
  }

  /** Takes the first into `vehicle` (`undefined` for one that was dropped), `run` and `tick`; false when there is none. */
  take(): boolean {
    if (this.#size === 0) return false;
    while (this.#first[listOf(this.#low)] === 0) this.#low++;
    const list = listOf(this.#low);
    const entry = intAt(this.#first, list) - 1;
    this.#first[list] = intAt(this.#next, entry);
    this.#size--;
    this.vehicle = this.#vehicles[entry];
    this.run = this.#runs[entry] ?? 0;
    this.tick = this.#low;
    this.#vehicles[entry] = undefined;
    this.#next[entry] = this.#free;
    this.#free = entry + 1;
    return true;
  }

  #put(entry: number, tick: Tick): void {
    const list = listOf(tick);
    this.#ticks[entry] = tick;
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
    if (entry >= this.#next.length) {
      this.#next = grown(this.#next);
      this.#ticks = grown(this.#ticks);
    }
    return entry;
  }
}

function listOf(tick: Tick): number {
  return tick & (LISTS - 1);
}
