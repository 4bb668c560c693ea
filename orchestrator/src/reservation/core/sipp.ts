import { BestTable } from "./best-table.ts";
import { Uses } from "./gaps.ts";
import { IntHeap, intAt } from "./int-heap.ts";
import type { PlanAnswer, PlanQuestion, PlanStep } from "./plan.ts";
import { type RunArrays, runArrays } from "./run-arrays.ts";
import { at } from "./runs.ts";
import { SearchStates } from "./search-states.ts";
import { ENDLESS } from "./ticks.ts";
import type { Zone } from "./zone.ts";

const EMPTY = new Int32Array(0);

/**
 * Safe Interval Path Planning (Phillips & Likhachev 2011): the earliest way through the stops to the goal that
 * fits between the claims of all others. A state is a pose with a maximal interval in which the body may stand
 * there; of two ways into one interval only the earlier matters. A run is entered when each of its blocks is free
 * from when it is needed until the tail has left it. The goal's ground must be free for ever.
 *
 * Arrival is the earliest there is where starting and stopping cost nothing; else it may be late by one start for
 * each wait. Of ways into later intervals each is made only when the one before it was looked at.
 * All that a search needs is kept from one to the next: it allocates nothing but the plan that it found.
 * Cost: O(runs * intervals * blocks * claims a block), bounded by `maxExpansions`.
 */
export class Sipp {
  readonly #runs: RunArrays;
  readonly #states = new SearchStates();
  readonly #open = new IntHeap();
  readonly #best = new BestTable();
  readonly #uses: Uses;
  /** By stage: ticks to the stage's target over the empty road, and from there to the goal. */
  readonly #tables: Int32Array[] = [];
  readonly #rest: number[] = [];
  #zone: Zone;
  #question: PlanQuestion;
  #first: RunArrays | undefined;
  #latest = 0;
  /** Of the end of the run that `#nextStart` looked at last. */
  #until = 0;
  #gap = 0;

  constructor(zone: Zone, question: PlanQuestion) {
    this.#runs = zone.table.arrays;
    this.#uses = new Uses(zone.network.poses.blocks, zone.network.blocks.count);
    this.#zone = zone;
    this.#question = question;
  }

  find(zone: Zone, question: PlanQuestion): PlanAnswer {
    this.#begin(zone, question);
    const { vias, goal } = question;
    const states = this.#states;
    this.#until = this.#uses.freeUntil(question.from, question.fromTick);
    this.#gap = ENDLESS;
    this.#reach(-1, -1, question.fromTick, 0, question.fromTick);
    let expansions = 0;
    for (;;) {
      const state = this.#open.pop();
      if (state < 0) return { kind: "none", expansions };
      this.#enterLater(state);
      const pose = intAt(states.pose, state);
      const stage = intAt(states.stage, state);
      const tick = intAt(states.tick, state);
      const until = intAt(states.until, state);
      if (this.#best.isBeaten(this.#place(pose, stage), until, tick, intAt(states.cost, state))) continue;
      if (stage === vias.length && pose === goal && until > ENDLESS) return this.#answer(state, expansions);
      if (++expansions > question.maxExpansions) return { kind: "gave-up", expansions };
      this.#expand(state, pose);
    }
  }

  #begin(zone: Zone, question: PlanQuestion): void {
    const { vias, goal, firstRun } = question;
    this.#zone = zone;
    this.#question = question;
    this.#first = firstRun === undefined ? undefined : runArrays(zone.network, zone.settings, [firstRun]);
    this.#latest = Math.min(ENDLESS - 1, zone.tick + zone.settings.planHorizonTicks);
    this.#uses.begin(zone.claims, question.vehicle, zone.tick);
    this.#states.count = 0;
    this.#open.clear();
    this.#best.begin();
    this.#tables.length = 0;
    this.#rest.length = 0;
    for (const via of vias) this.#tables.push(zone.distances.to(via.pose));
    this.#tables.push(zone.distances.to(goal));
    let rest = 0;
    this.#rest[vias.length] = 0;
    for (let stage = vias.length - 1; stage >= 0; stage--) {
      const via = at(vias, stage);
      rest = Math.min(ENDLESS, rest + via.dwellTicks + intAt(at(this.#tables, stage + 1), via.pose));
      this.#rest[stage] = rest;
    }
  }

  #place(pose: number, stage: number): number {
    return pose * this.#tables.length + stage;
  }

  #runsOf(run: number): RunArrays {
    return run < this.#runs.count ? this.#runs : (this.#first ?? this.#runs);
  }

  #expand(state: number, pose: number): void {
    const { outgoing } = this.#zone.table;
    if (this.#first !== undefined && intAt(this.#states.parent, state) < 0) {
      if (!this.#mayLeave(this.#first, 0)) return;
      this.#enter(state, this.#runs.count, intAt(this.#states.tick, state));
      return;
    }
    const runs = outgoing[pose] ?? EMPTY;
    for (let i = 0; i < runs.length; i++) {
      const run = runs[i] ?? 0;
      const isOpen = this.#zone.shutRuns[run] === 0;
      if (isOpen || (intAt(this.#states.parent, state) < 0 && this.#mayLeave(this.#runs, run)))
        this.#enter(state, run, intAt(this.#states.tick, state));
    }
  }

  /** Closed ground may be left by a vehicle that holds all there is of it on its way. */
  #mayLeave({ blockFrom, blocks }: RunArrays, run: number): boolean {
    const { claims, closedCount } = this.#zone;
    for (let i = intAt(blockFrom, run); i < intAt(blockFrom, run + 1); i++) {
      const block = intAt(blocks, i);
      if (at(closedCount, block) > 0 && claims.holder(block) !== this.#question.vehicle) return false;
    }
    return true;
  }

  /** The sibling of a state: the same run from the same place, into the next interval of its end. */
  #enterLater(state: number): void {
    const states = this.#states;
    const parent = intAt(states.parent, state);
    const gap = intAt(states.gap, state);
    if (parent < 0 || gap >= ENDLESS) return;
    const run = intAt(states.run, state);
    const ticks = this.#ticksInto(run);
    this.#enter(parent, run, Math.max(intAt(states.start, state) + 1, gap - ticks));
  }

  /** How long after its beginning a run needs the ground of its end. */
  #ticksInto(run: number): number {
    if (!this.#zone.settings.simultaneousMoves) return 0;
    const runs = this.#runsOf(run);
    return intAt(runs.ticks, run < this.#runs.count ? run : 0);
  }

  /** Enters a run as early as others allow, not before `earliest`, into an interval that was not reached as early yet. */
  #enter(from: number, run: number, earliest: number): void {
    const states = this.#states;
    const { settings } = this.#zone;
    const runs = this.#runsOf(run);
    const r = run < this.#runs.count ? run : 0;
    const ready = intAt(states.tick, from);
    const until = intAt(states.until, from);
    const stopped = intAt(states.stopped, from) === 1;
    const ticks = intAt(runs.ticks, r);
    let start = earliest;
    while (start < until && start <= this.#latest) {
      const waits = stopped || start > ready;
      const extra = waits ? intAt(runs.startTicks, r) : 0;
      const later = this.#nextStart(runs, r, start, extra, until);
      if (later > start) {
        start = later;
        continue;
      }
      const weight = intAt(runs.weight, r) + (waits && !stopped ? settings.cost.stopTicks : 0);
      const arrival = start + extra + ticks;
      const cost = intAt(states.cost, from) + arrival - ready + weight;
      if (this.#reach(from, run, arrival, extra, cost) || this.#gap >= ENDLESS) return;
      start = Math.max(start + 1, this.#gap - this.#ticksInto(run));
    }
  }

  /**
   * `start` when the run can be entered then; else when it can at the earliest, as far as the first use in the way
   * tells. If it can, `#until` and `#gap` say until when its end stays free, and when it is free again after that.
   * What the body covers where the run begins is free until `until` anyway.
   */
  #nextStart(runs: RunArrays, r: number, start: number, extra: number, until: number): number {
    const uses = this.#uses;
    const through = start + extra + intAt(runs.ticks, r) + 1;
    const left = intAt(runs.leftFrom, r);
    let soonest = ENDLESS + 1;
    let gap = ENDLESS + 1;
    for (let i = intAt(runs.blockFrom, r); i < left; i++) {
      const enter = intAt(runs.enterTicks, i);
      const clear = intAt(runs.clearTicks, i);
      const use = uses.next(intAt(runs.blocks, i), start + enter);
      const usedFrom = intAt(uses.pool, use);
      if (usedFrom < (clear === ENDLESS ? through : start + extra + clear))
        return Math.max(start + 1, intAt(uses.pool, use + 1) - enter);
      if (clear === ENDLESS && usedFrom < soonest) {
        soonest = usedFrom;
        gap = intAt(uses.pool, use + 1);
      }
    }
    this.#until = soonest;
    this.#gap = gap;
    if (start + extra + intAt(runs.leaveTicks, r) <= until) return start;
    const end = intAt(runs.blockFrom, r + 1);
    for (let i = left; i < end; i++) {
      const use = uses.next(intAt(runs.blocks, i), start);
      if (intAt(uses.pool, use) < start + extra + intAt(runs.clearTicks, i))
        return Math.max(start + 1, intAt(uses.pool, use + 1));
    }
    return start;
  }

  /**
   * Stands at the end of a run, where the ground is free until `#until`; false when that was reached as early before,
   * or leads nowhere.
   */
  #reach(parent: number, run: number, arrival: number, extra: number, costThere: number): boolean {
    const states = this.#states;
    const { from, vias } = this.#question;
    const runs = this.#runsOf(run);
    const r = run < this.#runs.count ? run : 0;
    const pose = parent < 0 ? from : intAt(runs.to, r);
    const until = this.#until;
    let tick = arrival;
    let stage = parent < 0 ? 0 : intAt(states.stage, parent);
    let stopped = parent < 0 && this.#question.standing;
    while (stage < vias.length) {
      const via = at(vias, stage);
      if (via.pose !== pose) break;
      if (via.dwellTicks > 0) {
        if (!stopped) tick += parent < 0 ? this.#question.stopTicks : intAt(runs.stopTicks, r);
        tick += via.dwellTicks;
        stopped = true;
      }
      stage++;
    }
    if (tick > arrival && tick >= until) return false;
    const cost = costThere + tick - arrival;
    const left = intAt(at(this.#tables, stage), pose) + at(this.#rest, stage);
    // From closed ground no table knows a way: it may still be left.
    if (left >= ENDLESS && parent >= 0) return false;
    if (tick > this.#latest) return false;
    if (!this.#best.improve(this.#place(pose, stage), until, tick, cost)) return false;
    const state = states.add();
    states.pose[state] = pose;
    states.stage[state] = stage;
    states.tick[state] = tick;
    states.until[state] = until;
    states.gap[state] = this.#gap;
    states.cost[state] = cost;
    states.parent[state] = parent;
    states.run[state] = run;
    states.start[state] = parent < 0 ? arrival : arrival - extra - intAt(runs.ticks, r);
    states.extra[state] = extra;
    states.stopped[state] = stopped ? 1 : 0;
    this.#open.push(Math.min(ENDLESS, cost + left), -tick, state);
    return true;
  }

  #answer(goal: number, expansions: number): PlanAnswer {
    const states = this.#states;
    const { vias, firstRun } = this.#question;
    let depth = 0;
    for (let state = goal; intAt(states.parent, state) >= 0; state = intAt(states.parent, state)) depth++;
    const steps: PlanStep[] = [];
    const viaAt = new Array<number>(vias.length).fill(0);
    for (let state = goal; intAt(states.parent, state) >= 0; depth--) {
      const parent = intAt(states.parent, state);
      const run = intAt(states.run, state);
      const taken = run < this.#runs.count ? at(this.#zone.table.runs, run) : firstRun;
      if (taken === undefined) throw new Error("bug: a plan begins with a first run that was not asked for");
      steps.push({
        run: taken,
        startTick: intAt(states.start, state),
        extraTicks: intAt(states.extra, state),
      });
      for (let stage = intAt(states.stage, parent); stage < intAt(states.stage, state); stage++)
        viaAt[stage] = depth;
      state = parent;
    }
    steps.reverse();
    return { kind: "found", steps, arrivalTick: intAt(states.tick, goal), viaAt, expansions };
  }
}

/** The earliest way, by the zone's own search. */
export function plan(zone: Zone, question: PlanQuestion): PlanAnswer {
  zone.search ??= new Sipp(zone, question);
  return zone.search.find(zone, question);
}
