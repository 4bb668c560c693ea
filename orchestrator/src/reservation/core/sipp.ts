import type { DistanceTable } from "./distance-table.ts";
import { foundPlan } from "./found-plan.ts";
import { Uses } from "./gaps.ts";
import { intAt } from "./int-arrays.ts";
import { OpenList, RANKS } from "./open-list.ts";
import type { PlanAnswer, PlanQuestion } from "./plan.ts";
import { Reached } from "./reached.ts";
import {
  BLOCK,
  CLEAR,
  ENTER,
  GROUND_FROM,
  GROUND_SIZE,
  LEAVE_TICKS,
  LEFT_FROM,
  RUN_SIZE,
  RUN_TICKS,
  type RunArrays,
  runArrays,
  START_TICKS,
  STOP_TICKS,
  TO,
  WEIGHT,
} from "./run-arrays.ts";
import { at } from "./runs.ts";
import {
  COST,
  DRIVEN,
  ENTRY,
  EXTRA,
  GAP,
  PARENT,
  POSE,
  RUN,
  SearchStates,
  STAGE,
  START,
  STOPPED,
  TICK,
  UNTIL,
} from "./search-states.ts";
import { ENDLESS } from "./ticks.ts";
import type { Zone } from "./zone.ts";

/**
 * Safe Interval Path Planning (Phillips & Likhachev 2011): the earliest way through the stops to the goal that
 * fits between the claims of all others. A state is a pose with a maximal interval in which the body may stand
 * there; of two ways into one interval only the earlier matters. A run is entered when each of its blocks is free
 * from when it is needed until the tail has left it. The goal's ground must be free for ever.
 *
 * The bound that orders the search (A*) is the longer of two: the empty road to the goal, and the wait for the last of the others to have left
 * the goal for good, where that is known from their claims. While the second one counts many ways promise the same
 * arrival; those that drive least come first, so that nobody drives about to pass the time.
 *
 * Arrival is the earliest there is where starting and stopping cost nothing; else it may be late by one start for
 * each wait. Of ways into later intervals each is made only when the one before it was looked at.
 * All that a search needs is kept from one to the next: it allocates nothing but the plan that it found.
 * Cost: O(runs * intervals * blocks * claims a block), bounded by `maxExpansions`.
 */
export class Sipp {
  readonly #runs: RunArrays;
  readonly #states = new SearchStates();
  readonly #open = new OpenList(this.#states);
  readonly #reached = new Reached();
  readonly #uses: Uses;
  /** By stage: ticks to the stage's target over the empty road, and from there to the goal. */
  readonly #tables: DistanceTable[] = [];
  readonly #rest: number[] = [];
  #zone: Zone;
  #question: PlanQuestion;
  #first: RunArrays | undefined;
  #simultaneous = false;
  #isShut = false;
  /** No state later than this is looked at, and none that cannot lead to the goal by then. */
  #latest = 0;
  #latestArrival = 0;
  /** The last of the others has left the goal then: nobody can stay there sooner. */
  #goalFrom = 0;
  /** Ticks from where the search began through all stages to the goal, with the road to itself. */
  #leastTicks = 0;
  /** Of the end of the run that `#nextStart` looked at last. */
  #until = 0;
  #gap = 0;

  constructor(zone: Zone, question: PlanQuestion) {
    this.#runs = zone.table.arrays;
    this.#uses = new Uses(zone.network.poses.blocks, zone.claims);
    this.#zone = zone;
    this.#question = question;
  }

  find(zone: Zone, question: PlanQuestion): PlanAnswer {
    this.#begin(zone, question);
    const { vias, goal } = question;
    const states = this.#states;
    if (this.#goalFrom > Math.min(this.#latest, this.#latestArrival)) return { kind: "none", expansions: 0 };
    this.#until = this.#uses.freeUntil(question.from, question.fromTick);
    this.#gap = ENDLESS;
    this.#reach(-1, -1, question.fromTick, 0, question.fromTick, this.#leftFrom(question.from, 0));
    let expansions = 0;
    for (;;) {
      const state = this.#open.pop();
      if (state < 0) return { kind: "none", expansions };
      this.#enterLater(state);
      const { data } = states;
      const tick = intAt(data, state + TICK);
      if (this.#reached.isBeaten(intAt(data, state + ENTRY), tick, intAt(data, state + COST))) continue;
      const pose = intAt(data, state + POSE);
      const isGoal = pose === goal && intAt(data, state + STAGE) === vias.length;
      if (isGoal && intAt(data, state + UNTIL) > ENDLESS)
        return foundPlan(states, state, zone.table.runs, question, expansions);
      if (++expansions > question.maxExpansions) return { kind: "gave-up", expansions };
      this.#expand(state, pose);
    }
  }

  #begin(zone: Zone, question: PlanQuestion): void {
    const { vias, goal, firstRun } = question;
    this.#zone = zone;
    this.#question = question;
    this.#first = firstRun === undefined ? undefined : runArrays(zone.network, zone.settings, [firstRun]);
    this.#simultaneous = zone.settings.simultaneousMoves;
    this.#isShut = zone.closures.size > 0;
    this.#latest = Math.min(ENDLESS - 1, zone.tick + zone.settings.planHorizonTicks);
    this.#latestArrival = question.latestArrivalTick;
    this.#uses.begin(question.vehicle, zone.tick, question.trial);
    this.#states.clear();
    this.#open.begin(question.fromTick);
    this.#tables.length = 0;
    this.#rest.length = 0;
    for (const via of vias) this.#tables.push(zone.distances.to(via.pose));
    this.#tables.push(zone.distances.to(goal));
    this.#goalFrom = this.#uses.freeForGoodFrom(goal);
    this.#reached.begin(zone.network.poses.count * this.#tables.length);
    let rest = 0;
    this.#rest[vias.length] = 0;
    for (let stage = vias.length - 1; stage >= 0; stage--) {
      const via = at(vias, stage);
      rest = Math.min(ENDLESS, rest + via.dwellTicks + at(this.#tables, stage + 1).from(via.pose));
      this.#rest[stage] = rest;
    }
  }

  #expand(state: number, pose: number): void {
    const ready = intAt(this.#states.data, state + TICK);
    const runs = this.#runs;
    if (this.#first !== undefined && intAt(this.#states.data, state + PARENT) < 0)
      this.#enter(state, this.#first, runs.count, runs.count + 1, ready);
    else this.#enter(state, runs, intAt(runs.outFrom, pose), intAt(runs.outFrom, pose + 1), ready);
  }

  /** Closed ground may be left by a vehicle that holds all there is of it on its way. */
  #mayLeave({ runs, ground }: RunArrays, r: number): boolean {
    const { claims, closedCount } = this.#zone;
    const end = intAt(runs, r + RUN_SIZE + GROUND_FROM);
    for (let i = intAt(runs, r + GROUND_FROM); i < end; i += GROUND_SIZE) {
      const block = intAt(ground, i + BLOCK);
      if (at(closedCount, block) > 0 && claims.holder(block) !== this.#question.vehicle) return false;
    }
    return true;
  }

  /** The sibling of a state: the same run from the same place, into the next interval of its end. */
  #enterLater(state: number): void {
    const { data } = this.#states;
    const parent = intAt(data, state + PARENT);
    const gap = intAt(data, state + GAP);
    if (parent < 0 || gap >= ENDLESS) return;
    const run = intAt(data, state + RUN);
    const runs = this.#runsOf(run);
    const ticks = this.#simultaneous ? intAt(runs.runs, this.#placeIn(run) + RUN_TICKS) : 0;
    this.#enter(parent, runs, run, run + 1, Math.max(intAt(data, state + START) + 1, gap - ticks));
  }

  /** The run asked for at the beginning has a number after all others, and arrays of its own. */
  #runsOf(run: number): RunArrays {
    return run < this.#runs.count ? this.#runs : (this.#first ?? this.#runs);
  }

  /** Where its numbers begin. */
  #placeIn(run: number): number {
    return run < this.#runs.count ? RUN_SIZE * run : 0;
  }

  /**
   * Enters the runs from `first` up to, not including, `end` from the place of a state, each as early as others allow, not before
   * `earliest`, into an interval of its end that was not reached as early yet.
   */
  #enter(from: number, runs: RunArrays, first: number, end: number, earliest: number): void {
    const { data } = this.#states;
    const stage = intAt(data, from + STAGE);
    const ready = intAt(data, from + TICK);
    const until = Math.min(intAt(data, from + UNTIL), this.#latest + 1);
    const spent = intAt(data, from + COST);
    const stopped = data[from + STOPPED] === 1;
    const isFirst = intAt(data, from + PARENT) < 0;
    const viaPose = this.#question.vias[stage]?.pose ?? -1;
    const rest = this.#rest[stage] ?? 0;
    const stages = this.#tables.length;
    const reached = this.#reached;
    for (let run = first; run < end; run++) {
      const r = this.#placeIn(run);
      if (this.#isShut && this.#zone.shutRuns[run] !== 0 && !(isFirst && this.#mayLeave(runs, r))) continue;
      const to = intAt(runs.runs, r + TO);
      const ticks = intAt(runs.runs, r + RUN_TICKS);
      const place = to * stages + stage;
      let left = -1;
      let start = earliest;
      while (start < until) {
        const waits = stopped || start > ready;
        const extra = waits ? intAt(runs.runs, r + START_TICKS) : 0;
        const there = start + extra + ticks;
        if (there > this.#latest) break;
        const gap = to === viaPose ? -1 : reached.gapAfter(place, there, spent + there - ready);
        if (gap >= ENDLESS) break;
        if (gap >= 0) {
          start = Math.max(start + 1, this.#simultaneous ? gap - ticks : gap);
          continue;
        }
        if (left < 0) left = this.#leftFrom(to, stage);
        if (left >= ENDLESS || there + left + rest > this.#latestArrival) break;
        const later = this.#nextStart(runs, r, start, extra, until);
        if (later > start) {
          start = later;
          continue;
        }
        const weight =
          intAt(runs.runs, r + WEIGHT) + (waits && !stopped ? this.#zone.settings.cost.stopTicks : 0);
        const cost = spent + there - ready + weight;
        if (this.#reach(from, run, there, extra, cost, left) || this.#gap >= ENDLESS) break;
        start = Math.max(start + 1, this.#simultaneous ? this.#gap - ticks : this.#gap);
      }
    }
  }

  /**
   * `start` when the run can be entered then; else when it can at the earliest, as far as the first use in the way
   * tells. If it can, `#until` and `#gap` say until when its end stays free, and when it is free again after that.
   * What the body covers where the run begins is free until `until` anyway.
   */
  #nextStart(runs: RunArrays, r: number, start: number, extra: number, until: number): number {
    const uses = this.#uses;
    const { ground } = runs;
    const through = start + extra + intAt(runs.runs, r + RUN_TICKS) + 1;
    const left = intAt(runs.runs, r + LEFT_FROM);
    let soonest = ENDLESS + 1;
    let gap = ENDLESS + 1;
    for (let i = intAt(runs.runs, r + GROUND_FROM); i < left; i += GROUND_SIZE) {
      const enter = intAt(ground, i + ENTER);
      const clear = intAt(ground, i + CLEAR);
      const use = uses.next(intAt(ground, i + BLOCK), start + enter);
      const usedFrom = intAt(uses.times.pool, use);
      if (usedFrom < (clear === ENDLESS ? through : start + extra + clear))
        return Math.max(start + 1, intAt(uses.times.pool, use + 1) - enter);
      if (clear === ENDLESS && usedFrom < soonest) {
        soonest = usedFrom;
        gap = intAt(uses.times.pool, use + 1);
      }
    }
    this.#until = soonest;
    this.#gap = gap;
    if (start + extra + intAt(runs.runs, r + LEAVE_TICKS) <= until) return start;
    const end = intAt(runs.runs, r + RUN_SIZE + GROUND_FROM);
    for (let i = left; i < end; i += GROUND_SIZE) {
      const use = uses.next(intAt(ground, i + BLOCK), start);
      if (intAt(uses.times.pool, use) < start + extra + intAt(ground, i + CLEAR))
        return Math.max(start + 1, intAt(uses.times.pool, use + 1));
    }
    return start;
  }

  /** Ticks to the target of a stage over the empty road. */
  #leftFrom(pose: number, stage: number): number {
    return this.#tables[stage]?.from(pose) ?? ENDLESS;
  }

  /**
   * Stands at the end of a run, `leftThere` from the stage's target, where the ground is free until `#until`; false when that was reached as early before,
   * or leads nowhere.
   */
  #reach(
    parent: number,
    run: number,
    arrival: number,
    extra: number,
    costThere: number,
    leftThere: number,
  ): boolean {
    const { from, vias } = this.#question;
    const runs = this.#runsOf(run);
    const r = this.#placeIn(run);
    const pose = parent < 0 ? from : intAt(runs.runs, r + TO);
    const until = this.#until;
    let tick = arrival;
    const before = parent < 0 ? 0 : intAt(this.#states.data, parent + STAGE);
    let stage = before;
    let stopped = parent < 0 && this.#question.standing;
    while (stage < vias.length) {
      const via = at(vias, stage);
      if (via.pose !== pose) break;
      if (via.dwellTicks > 0) {
        if (!stopped) tick += parent < 0 ? this.#question.stopTicks : intAt(runs.runs, r + STOP_TICKS);
        tick += via.dwellTicks;
        stopped = true;
      }
      stage++;
    }
    if (tick > arrival && tick >= until) return false;
    const cost = costThere + tick - arrival;
    const left = (stage === before ? leftThere : this.#leftFrom(pose, stage)) + (this.#rest[stage] ?? 0);
    // From closed ground no table knows a way: it may still be left.
    if (left >= ENDLESS && parent >= 0) return false;
    if (tick > this.#latest || (left < ENDLESS && tick + left > this.#latestArrival)) return false;
    const entry = this.#reached.improve(pose * this.#tables.length + stage, until, this.#gap, tick, cost);
    if (entry < 0) return false;
    const state = this.#states.add();
    const { data } = this.#states;
    data[state + POSE] = pose;
    data[state + STAGE] = stage;
    data[state + TICK] = tick;
    data[state + UNTIL] = until;
    data[state + GAP] = this.#gap;
    data[state + COST] = cost;
    data[state + PARENT] = parent;
    data[state + RUN] = run;
    data[state + START] = parent < 0 ? arrival : arrival - extra - intAt(runs.runs, r + RUN_TICKS);
    data[state + EXTRA] = extra;
    data[state + STOPPED] = stopped ? 1 : 0;
    data[state + ENTRY] = entry;
    const toGo = left < ENDLESS ? left : 0;
    const driven =
      parent < 0
        ? 0
        : intAt(data, parent + DRIVEN) +
          intAt(runs.runs, r + RUN_TICKS) +
          intAt(runs.runs, r + WEIGHT) +
          (tick - arrival);
    data[state + DRIVEN] = driven;
    if (parent < 0) this.#leastTicks = toGo;
    const detour = Math.max(0, driven + toGo - this.#leastTicks);
    this.#open.push(cost + Math.max(toGo, this.#goalFrom - tick), rankOf(detour), state);
    return true;
  }
}

/** Of ways that may arrive as early those that drive least are looked at first: 2, 4, 8 ticks of detour make the ranks. */
function rankOf(detourTicks: number): number {
  return Math.min(RANKS - 1, 32 - Math.clz32(detourTicks >> 1));
}

/** The earliest way, by the zone's own search. */
export function plan(zone: Zone, question: PlanQuestion): PlanAnswer {
  zone.search ??= new Sipp(zone, question);
  return zone.search.find(zone, question);
}
