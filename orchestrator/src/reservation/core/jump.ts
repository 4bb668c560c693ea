import { isGranted } from "./claims.ts";
import { raise } from "./retime.ts";
import { at } from "./runs.ts";
import { ENDLESS } from "./ticks.ts";
import { type Leg, numberAt, type VehicleRecord, type Visit, visitAt, visitsAt } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * Who is ready goes before who is not there yet.
 *
 * B's next run is wanted and its ground is free, but claims of others come before B's in the queues. The jump puts
 * B's visits before theirs, and *closes forward*: F is all that comes after the entry of one of the flipped claims
 * in the graph of the orders (see `retime.ts`). Where a later visit of B, up to the last run L that one of the
 * moved visits needs, comes after a visit that is over only with an event in F, it is moved before that one too.
 * When nothing is left to move, no event of B up to L can be reached from F, F is closed, and all new precedences
 * lead from B's events up to L into F: so no circle was closed, if there was none before.
 *
 * Why F needs no events of B: one after L that led to one up to L would have been a circle before. Why it is enough
 * to search F in the order of projected times, up to that of B's event L: what comes later leads to nothing
 * sooner. That holds only while times up to that one are those of the present orders and reports: a stop that begins
 * in this tick, or the jump before this one, has moved some of them. So they are brought up to date first (`raise`).
 *
 * No starvation: a leg is passed at most `mostTimesJumped` times, each time by one leg that was planned after it. So
 * before it enters any run it waits for no more than those that were planned before it and those few; each of them
 * leaves the block in finite time, since orders have no circle.
 */
export class JumpSearch {
  /** Walks along the legs that F has reached, as a heap: time, vehicle, next run, and the run where F was before. */
  readonly #ticks: number[] = [];
  readonly #vehicles: VehicleRecord[] = [];
  readonly #runs: number[] = [];
  readonly #ends: number[] = [];
  #size = 0;
  #number = 0;
  readonly #moved: Visit[] = [];
  readonly #flipped: VehicleRecord[] = [];
  #looked = 0;

  /** Makes way for the vehicle's next run if the rules allow. True when orders changed. */
  tryJump(zone: Zone, vehicle: VehicleRecord): boolean {
    const { leg } = vehicle;
    if (leg === undefined || leg.completed) return false;
    this.#number++;
    this.#size = 0;
    this.#moved.length = 0;
    this.#flipped.length = 0;
    this.#looked = 0;
    const first = leg.grantedRuns;
    const { jumpSearchCap } = zone.settings.switching;
    for (const visit of visitsAt(leg.startsAt, first)) {
      const holder = zone.claims.holder(visit.block);
      if (holder !== undefined && holder !== vehicle) return false;
      if (this.#firstOther(zone, visit, false) !== undefined && !this.#move(zone, visit, false)) return false;
    }
    if (this.#moved.length === 0) return false;
    let last = first;
    for (let settled = false; !settled; ) {
      settled = true;
      for (const visit of this.#moved) if (visit.last > last) last = visit.last;
      this.#raiseTimes(zone, leg, last);
      if (!this.#walk(vehicle, numberAt(leg.entryTick, last), jumpSearchCap)) return false;
      for (let k = first; k <= last; k++) {
        for (const visit of visitsAt(leg.startsAt, k)) {
          if (this.#firstOther(zone, visit, true) === undefined) continue;
          if (this.#moved.includes(visit) && !this.#grows(zone, visit)) continue;
          if (!this.#move(zone, visit, true)) return false;
          settled = false;
        }
      }
    }
    if (!this.#mayPass(zone) || !this.#pays(zone, vehicle)) return false;
    this.#apply(zone);
    return true;
  }

  /** Moves on all that must come later than it is expected, up to when the vehicle is expected to enter run `last`. */
  #raiseTimes(zone: Zone, leg: Leg, last: number): void {
    if (!zone.claims.stale.hasLate(numberAt(leg.entryTick, last))) return;
    while (zone.claims.stale.hasLate(numberAt(leg.entryTick, last)))
      raise(zone, numberAt(leg.entryTick, last));
    // What F has reached so far is in the order of times that are no more.
    const size = this.#size;
    this.#size = 0;
    for (let i = 0; i < size; i++) {
      const vehicle = at(this.#vehicles, i);
      const run = numberAt(this.#runs, i);
      this.#push(vehicle, run, numberAt(this.#ends, i), vehicle.leg?.entryTick[run] ?? ENDLESS);
    }
  }

  /** The first visit of another vehicle in the queue before this one; of those that are over only in F when asked. */
  #firstOther(zone: Zone, visit: Visit, inReach: boolean): Visit | undefined {
    for (const other of visitsAt(zone.claims.queues, visit.block)) {
      if (other === visit) return undefined;
      if (other.vehicle === visit.vehicle) continue;
      if (!inReach || this.#isReached(other.vehicle, other.last)) return other;
    }
    return undefined;
  }

  /** F has reached another visit before those that were flipped for this one. */
  #grows(zone: Zone, visit: Visit): boolean {
    const first = this.#firstOther(zone, visit, true);
    return first !== undefined && !this.#isReached(first.vehicle, first.first);
  }

  /** Notes that a visit of the one that jumps goes before all others, or before those in F. False when it may not. */
  #move(zone: Zone, visit: Visit, inReach: boolean): boolean {
    if (visit.last === ENDLESS) return false;
    const queue = visitsAt(zone.claims.queues, visit.block);
    let behind = false;
    let index = 0;
    for (; index < queue.length; index++) {
      const other = visitAt(queue, index);
      if (other === visit) break;
      if (other.vehicle === visit.vehicle) continue;
      behind ||= !inReach || this.#isReached(other.vehicle, other.last);
      if (!behind) continue;
      if (isGranted(other)) return false;
      this.#reach(other.vehicle, other.first);
    }
    if (!this.#moved.includes(visit)) this.#moved.push(visit);
    // Between those before and those after it nothing is left that keeps them apart: the next one joins F.
    for (index++; index < queue.length; index++) {
      const next = visitAt(queue, index);
      if (next.vehicle === visit.vehicle) continue;
      this.#reach(next.vehicle, next.first);
      break;
    }
    return true;
  }

  /** Names those that are passed. False when one of them was passed too often. */
  #mayPass(zone: Zone): boolean {
    for (const visit of this.#moved) {
      let behind = false;
      for (const other of visitsAt(zone.claims.queues, visit.block)) {
        if (other === visit) break;
        if (other.vehicle === visit.vehicle) continue;
        behind ||= this.#isReached(other.vehicle, other.last);
        if (!behind || this.#flipped.includes(other.vehicle)) continue;
        if (other.vehicle.timing.timesJumped >= zone.settings.switching.mostTimesJumped) return false;
        this.#flipped.push(other.vehicle);
      }
    }
    return true;
  }

  #isReached({ timing }: VehicleRecord, run: number): boolean {
    return timing.reachedIn === this.#number && timing.reachedFrom <= run;
  }

  /** F holds this event, and so all later ones of the vehicle. */
  #reach(vehicle: VehicleRecord, run: number): void {
    const { timing, leg } = vehicle;
    if (leg === undefined || this.#isReached(vehicle, run)) return;
    const end = timing.reachedIn === this.#number ? timing.reachedFrom : leg.runs.length;
    timing.reachedIn = this.#number;
    timing.reachedFrom = run;
    if (run < end) this.#push(vehicle, run, end, numberAt(leg.entryTick, run));
  }

  /** Follows F forward through all events up to a time. False when that is too much. */
  #walk(jumper: VehicleRecord, untilTick: number, cap: number): boolean {
    while (this.#size > 0 && numberAt(this.#ticks, 0) <= untilTick) {
      if (++this.#looked > cap) return false;
      const vehicle = at(this.#vehicles, 0);
      const run = numberAt(this.#runs, 0);
      const end = numberAt(this.#ends, 0);
      this.#pop();
      const leg = vehicle.leg;
      if (leg === undefined) continue;
      if (run + 1 < end) this.#push(vehicle, run + 1, end, numberAt(leg.entryTick, run + 1));
      for (const visit of visitsAt(leg.endsAt, run)) {
        const next = this.#after(visit, jumper);
        if (next !== undefined) this.#reach(next.vehicle, next.first);
      }
    }
    return true;
  }

  /** Who waits for this visit to be over: moved visits are transparent, others of the one that jumps end the search. */
  #after(visit: Visit, jumper: VehicleRecord): Visit | undefined {
    for (let next = visit.behind; next !== undefined; next = next.behind) {
      if (next.vehicle !== jumper) return next.vehicle === visit.vehicle ? undefined : next;
      if (!this.#moved.includes(next)) return undefined;
    }
    return undefined;
  }

  /** What the vehicle gains by going now is worth what those that it passes are held up by. */
  #pays(zone: Zone, vehicle: VehicleRecord): boolean {
    const { jumpCostWeight } = zone.settings.switching;
    if (jumpCostWeight === 0) return true;
    const leg = vehicle.leg;
    if (leg === undefined) return false;
    const gain = numberAt(leg.entryTick, leg.grantedRuns) - zone.tick;
    let cost = 0;
    for (const other of this.#flipped) {
      let heldUp = 0;
      for (const visit of this.#moved) {
        const clearTick = visit.clearTick - gain;
        for (const passed of visitsAt(zone.claims.queues, visit.block)) {
          if (passed === visit) break;
          if (passed.vehicle === other && this.#isReached(other, passed.last))
            heldUp = Math.max(heldUp, clearTick - passed.startTick);
        }
      }
      cost += heldUp;
    }
    return gain >= jumpCostWeight * cost;
  }

  #apply(zone: Zone): void {
    this.#moved.sort((a, b) => a.first - b.first);
    for (const visit of this.#moved) {
      const before = this.#firstOther(zone, visit, true);
      if (before !== undefined) zone.claims.advance(visit, before);
    }
    for (const other of this.#flipped) other.timing.timesJumped++;
  }

  #push(vehicle: VehicleRecord, run: number, end: number, tick: number): void {
    let child = this.#size++;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (numberAt(this.#ticks, parent) <= tick) break;
      this.#set(
        child,
        at(this.#vehicles, parent),
        numberAt(this.#runs, parent),
        numberAt(this.#ends, parent),
        numberAt(this.#ticks, parent),
      );
      child = parent;
    }
    this.#set(child, vehicle, run, end, tick);
  }

  #pop(): void {
    const last = --this.#size;
    const tick = numberAt(this.#ticks, last);
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= last) break;
      if (child + 1 < last && numberAt(this.#ticks, child + 1) < numberAt(this.#ticks, child)) child++;
      if (tick <= numberAt(this.#ticks, child)) break;
      this.#set(
        parent,
        at(this.#vehicles, child),
        numberAt(this.#runs, child),
        numberAt(this.#ends, child),
        numberAt(this.#ticks, child),
      );
      parent = child;
    }
    this.#set(parent, at(this.#vehicles, last), numberAt(this.#runs, last), numberAt(this.#ends, last), tick);
  }

  #set(index: number, vehicle: VehicleRecord, run: number, end: number, tick: number): void {
    this.#vehicles[index] = vehicle;
    this.#runs[index] = run;
    this.#ends[index] = end;
    this.#ticks[index] = tick;
  }
}
