import { ENDLESS } from "./ticks.ts";
import type { VehicleRecord } from "./vehicle.ts";

/**
 * Events to be timed again, earliest first: a binary heap in parallel arrays that only ever grow, so that a tick
 * allocates nothing once the zone has been busy. An event is in it at most once.
 */
export class StaleEvents {
  /** Tells the lists apart in `Timing.marks`. */
  readonly #bit: number;
  readonly #ticks: number[] = [];
  readonly #vehicles: (VehicleRecord | undefined)[] = [];
  readonly #runs: number[] = [];
  #size = 0;
  /** The event taken last. */
  vehicle: VehicleRecord | undefined;
  run = 0;

  constructor(bit: number) {
    this.#bit = bit;
  }

  get size(): number {
    return this.#size;
  }

  /** When the earliest was expected; `ENDLESS` when there is none. */
  get earliestTick(): number {
    return this.#size === 0 ? ENDLESS : (this.#ticks[0] ?? ENDLESS);
  }

  /** The event is to be timed again. Its place in the order is when it was expected so far. */
  mark(vehicle: VehicleRecord, run: number): void {
    const { timing, leg } = vehicle;
    if (leg === undefined || run < 0) return;
    const marks = timing.marks[run] ?? 0;
    if ((marks & this.#bit) !== 0) return;
    while (timing.marks.length < run) timing.marks.push(0);
    timing.marks[run] = marks | this.#bit;
    const tick = leg.entryTick[run] ?? leg.etaTick;
    let child = this.#size++;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if ((this.#ticks[parent] ?? 0) <= tick) break;
      this.#move(parent, child);
      child = parent;
    }
    this.#set(child, tick, vehicle, run);
  }

  /** Takes the earliest into `vehicle` and `run`; false when there is none. */
  take(): boolean {
    if (this.#size === 0) return false;
    this.vehicle = this.#vehicles[0];
    this.run = this.#runs[0] ?? 0;
    if (this.vehicle !== undefined) {
      const { marks } = this.vehicle.timing;
      marks[this.run] = (marks[this.run] ?? 0) & ~this.#bit;
    }
    const last = --this.#size;
    const tick = this.#ticks[last] ?? 0;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= last) break;
      if (child + 1 < last && (this.#ticks[child + 1] ?? 0) < (this.#ticks[child] ?? 0)) child++;
      if (tick <= (this.#ticks[child] ?? 0)) break;
      this.#move(child, parent);
      parent = child;
    }
    this.#set(parent, tick, this.#vehicles[last], this.#runs[last] ?? 0);
    this.#vehicles[last] = undefined;
    return true;
  }

  #move(from: number, to: number): void {
    this.#ticks[to] = this.#ticks[from] ?? 0;
    this.#vehicles[to] = this.#vehicles[from];
    this.#runs[to] = this.#runs[from] ?? 0;
  }

  #set(index: number, tick: number, vehicle: VehicleRecord | undefined, run: number): void {
    this.#ticks[index] = tick;
    this.#vehicles[index] = vehicle;
    this.#runs[index] = run;
  }
}
