import { EventLists } from "./event-lists.ts";
import { ENDLESS, type Tick } from "./ticks.ts";
import type { Leg, VehicleRecord } from "./vehicle.ts";

/** What `Timing.marks` has an event: `LATE`, and `ENTRY` times one more than its entry in `#soonest`. 0 when it is not to be timed. */
const LATE = 1;
const ENTRY = 2;

/**
 * Events that are to be timed again, each of them once, in two orders: all by when they may come at the soonest, or are expected if that is sooner, and
 * those that cannot come as soon as they are expected (the late) by when they are expected. `retime.ts` says which order is for what.
 */
export class StaleEvents {
  readonly #soonest = new EventLists();
  readonly #late = new EventLists();
  /** All are being timed, so which of those that follow are late need not be kept. */
  #timingAll = false;
  /** The event taken last. */
  vehicle: VehicleRecord | undefined;
  run = 0;

  /** At least as many as there are. */
  get size(): number {
    return this.#soonest.size;
  }

  /** One that was expected up to a tick cannot come as soon. */
  hasLate(untilTick: Tick): boolean {
    return this.#late.size > 0 && this.#late.earliestTick <= untilTick;
  }

  /** The present is this tick. */
  startFrom(tick: Tick): void {
    this.#soonest.startFrom(tick);
    this.#late.startFrom(tick);
  }

  /** The event is to be timed again. It comes at `soonestTick` at the soonest, or, left out, when the vehicle is there. */
  mark(vehicle: VehicleRecord, run: number, soonestTick?: Tick): void {
    const { timing, leg } = vehicle;
    if (leg === undefined || run < 0) return;
    const { marks } = timing;
    const mark = marks[run] ?? 0;
    const tick = this.#soonest.listTick(
      Math.min(soonestTick ?? timing.arrivalTick[run] ?? ENDLESS, expectedTick(leg, run)),
    );
    if (mark >= ENTRY) {
      const entry = entryOf(mark);
      if (this.#soonest.tickOf(entry) <= tick) return;
      this.#soonest.drop(entry);
    }
    while (marks.length < run) marks.push(0);
    marks[run] = (mark & LATE) + ENTRY * (this.#soonest.put(vehicle, run, tick) + 1);
  }

  /** The same, and it cannot come as soon as it is expected. */
  markLate(vehicle: VehicleRecord, run: number, soonestTick?: Tick): void {
    this.mark(vehicle, run, soonestTick);
    const { timing, leg } = vehicle;
    if (this.#timingAll || leg === undefined || run < 0) return;
    const mark = timing.marks[run] ?? 0;
    if ((mark & LATE) !== 0) return;
    timing.marks[run] = mark + LATE;
    this.#late.put(vehicle, run, expectedTick(leg, run));
  }

  /** Takes the first of the late into `vehicle` and `run`; false when none was expected up to that tick. */
  takeLate(untilTick: Tick): boolean {
    if (!this.hasLate(untilTick) || !this.#late.take()) return false;
    const { vehicle, run } = this.#late;
    if (vehicle !== undefined) {
      const { marks } = vehicle.timing;
      this.#soonest.drop(entryOf(marks[run] ?? 0));
      marks[run] = 0;
    }
    this.vehicle = vehicle;
    this.run = run;
    return true;
  }

  /** From here on all are taken, until there is none. */
  beginAll(): void {
    this.#timingAll = true;
    while (this.#late.take()) {
      const { vehicle, run } = this.#late;
      if (vehicle !== undefined) vehicle.timing.marks[run] = (vehicle.timing.marks[run] ?? LATE) - LATE;
    }
  }

  /** Takes the first of all into `vehicle` and `run`; false when there is none. */
  take(): boolean {
    const events = this.#soonest;
    while (events.take()) {
      const { vehicle, run } = events;
      // Another entry has come in its place.
      if (vehicle === undefined) continue;
      vehicle.timing.marks[run] = 0;
      this.vehicle = vehicle;
      this.run = run;
      return true;
    }
    this.#timingAll = false;
    return false;
  }

  /**
   * The event taken last comes at that tick at the soonest: when all are timed it waits for what may come sooner, on which it may
   * depend. False when its turn is now.
   */
  putOff(vehicle: VehicleRecord, leg: Leg, run: number, soonestTick: Tick): boolean {
    const tick = Math.min(soonestTick, expectedTick(leg, run));
    if (!this.#timingAll || this.#soonest.listTick(tick) <= this.#soonest.tick) return false;
    this.mark(vehicle, run, tick);
    return true;
  }
}

function entryOf(mark: number): number {
  return (mark >> 1) - 1;
}

function expectedTick(leg: Leg, run: number): Tick {
  return leg.entryTick[run] ?? leg.etaTick;
}
