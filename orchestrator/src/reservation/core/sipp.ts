import FlatQueue from "flatqueue";
import { startTicks, stopTicks } from "./kinematics.ts";
import { at, type Run, row } from "./runs.ts";
import { ENDLESS } from "./ticks.ts";
import type { VehicleRecord, Visit } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

export interface PlanQuestion {
  readonly vehicle: VehicleRecord;
  readonly vias: readonly { readonly pose: number; readonly dwellTicks: number }[];
  readonly goal: number;
  /** When given, the plan begins with this run and no other. */
  readonly firstRun: Run | undefined;
  readonly maxExpansions: number;
}

export type PlanAnswer =
  | {
      readonly kind: "found";
      readonly steps: readonly PlanStep[];
      readonly arrivalTick: number;
      readonly viaAt: readonly number[];
      readonly expansions: number;
    }
  | { readonly kind: "none"; readonly expansions: number }
  | { readonly kind: "gave-up"; readonly expansions: number };

/** One run of a plan: entered at `startTick`; everything in it comes `extraTicks` later than at the road's speed. */
export interface PlanStep {
  readonly run: Run;
  readonly startTick: number;
  readonly extraTicks: number;
}

/** A state: standing at `pose` from `tick` on, free to stay there until `untilTick`, with `stage` vias done. */
interface State {
  readonly pose: number;
  readonly stage: number;
  readonly tick: number;
  readonly untilTick: number;
  /** It came to a stop here, so going on costs a start. */
  readonly stopped: boolean;
  readonly parent: State | undefined;
  readonly step: PlanStep | undefined;
  /** For each via done: how many runs lead to it. */
  readonly viaAt: readonly number[];
  readonly depth: number;
}

/**
 * Safe Interval Path Planning (Phillips & Likhachev 2011): the earliest way through the vias to the goal that
 * fits between the claims of all others. A state is a pose with a maximal interval in which the body may stand
 * there; of two ways into one interval only the earlier matters. A run is entered when each of its blocks is
 * free from then until the tail has left it. The goal's ground must be free for ever.
 * Cost: O(runs * intervals * blocks * claims a block), bounded by `maxExpansions`.
 */
export function plan(zone: Zone, question: PlanQuestion): PlanAnswer {
  const { vehicle, vias, goal } = question;
  const targets = [...vias.map((via) => via.pose), goal];
  const tables = targets.map((pose) => zone.distances.to(pose));
  const rest = restTicks(tables, targets, vias);
  const estimate = (state: State): number => at(at(tables, state.stage), state.pose) + at(rest, state.stage);

  const open = new FlatQueue<State>();
  const best = new Map<number, number>();
  const reach = (
    pose: number,
    tick: number,
    stage: number,
    stopped: boolean,
    parent?: State,
    step?: PlanStep,
  ): void => {
    let now: State | undefined = {
      pose,
      stage,
      tick,
      stopped,
      parent,
      step,
      untilTick: freeUntil(zone, vehicle, row(zone.network.poses.blocks, pose), tick),
      viaAt: parent?.viaAt ?? [],
      depth: parent === undefined ? 0 : parent.depth + 1,
    };
    now = dwell(zone, question, now);
    if (now === undefined) return;
    const key = keyOf(zone, now, vias.length);
    if (now.tick >= (best.get(key) ?? ENDLESS)) return;
    const priority = now.tick + estimate(now);
    if (priority >= ENDLESS || now.tick > zone.tick + zone.settings.planHorizonTicks) return;
    best.set(key, now.tick);
    open.push(now, priority);
  };

  reach(vehicle.pose, zone.tick, 0, true);
  let expansions = 0;
  for (;;) {
    const state = open.pop();
    if (state === undefined) return { kind: "none", expansions };
    if (state.tick > (best.get(keyOf(zone, state, vias.length)) ?? ENDLESS)) continue;
    if (state.stage === vias.length && state.pose === goal && freeForEver(zone, vehicle, goal, state.tick)) {
      return {
        kind: "found",
        steps: stepsTo(state),
        arrivalTick: state.tick,
        viaAt: state.viaAt,
        expansions,
      };
    }
    if (++expansions > question.maxExpansions) return { kind: "gave-up", expansions };
    const only = state.parent === undefined ? question.firstRun : undefined;
    const runs =
      only === undefined
        ? at(zone.table.outgoing, state.pose).map((index) => at(zone.table.runs, index))
        : [only];
    for (const run of runs) {
      for (const step of entries(zone, vehicle, state, run)) {
        reach(run.to, step.startTick + step.extraTicks + run.ticks, state.stage, false, state, step);
      }
    }
  }
}

/** Estimated ticks from each via to the goal, dwells included, by stage. */
function restTicks(
  tables: readonly Float64Array[],
  targets: readonly number[],
  vias: readonly { readonly dwellTicks: number }[],
): number[] {
  const rest = new Array<number>(targets.length).fill(0);
  for (let stage = targets.length - 2; stage >= 0; stage--) {
    rest[stage] =
      at(rest, stage + 1) + at(vias, stage).dwellTicks + at(at(tables, stage + 1), at(targets, stage));
  }
  return rest;
}

/** Stands at the vias that this pose is; `undefined` when others need the ground before the dwell is over. */
function dwell(zone: Zone, question: PlanQuestion, arrived: State): State | undefined {
  let state = arrived;
  for (;;) {
    const via = question.vias[state.stage];
    if (via === undefined || via.pose !== state.pose) return state;
    const speedMps = state.step?.run.entrySpeedMps ?? 0;
    const tick = state.tick + via.dwellTicks + (state.stopped ? 0 : stopTicks(zone.settings, speedMps));
    if (tick >= state.untilTick) return undefined;
    state = { ...state, tick, stage: state.stage + 1, stopped: true, viaAt: [...state.viaAt, state.depth] };
  }
}

/** Each interval of the run's end is entered at the earliest time; a generator, since most are never looked at. */
function* entries(zone: Zone, vehicle: VehicleRecord, from: State, run: Run): Generator<PlanStep> {
  let start = from.tick;
  while (start < from.untilTick && start <= zone.tick + zone.settings.planHorizonTicks) {
    const waits = from.stopped || start > from.tick;
    const extraTicks = waits ? startTicks(zone.settings, run.entrySpeedMps) : 0;
    const later = conflictEnd(zone, vehicle, run, start, extraTicks);
    if (later !== undefined) {
      start = later;
      continue;
    }
    yield { run, startTick: start, extraTicks };
    const next = nextFreeAfterGap(zone, vehicle, run.to, start + extraTicks + run.ticks);
    if (next === undefined) return;
    start = Math.max(start + 1, next);
  }
}

/** When the first claim that is in the way of entering at `start` is over; `undefined` when none is. */
function conflictEnd(
  zone: Zone,
  vehicle: VehicleRecord,
  run: Run,
  start: number,
  extraTicks: number,
): number | undefined {
  const through = start + extraTicks + run.ticks + 1;
  for (let i = 0; i < run.blocks.length; i++) {
    const clear = at(run.clearTicks, i);
    const end = clear === ENDLESS ? through : start + extraTicks + clear;
    const claim = nextClaim(zone, vehicle, at(run.blocks, i), start);
    if (claim !== undefined && claim.startTick < end) return claim.clearTick;
  }
  return undefined;
}

/** The first claim of another vehicle that is not over at `tick`. */
function nextClaim(zone: Zone, vehicle: VehicleRecord, block: number, tick: number): Visit | undefined {
  for (const visit of at(zone.claims.queues, block)) {
    if (visit.vehicle !== vehicle && visit.clearTick > tick) return visit;
  }
  return undefined;
}

/** Nobody uses the pose's ground after `tick`, not even at a time that cannot be told yet. */
function freeForEver(zone: Zone, vehicle: VehicleRecord, pose: number, tick: number): boolean {
  return row(zone.network.poses.blocks, pose).every(
    (block) => nextClaim(zone, vehicle, block, tick) === undefined,
  );
}

/** Until when the ground stays free from `tick` on. */
function freeUntil(zone: Zone, vehicle: VehicleRecord, blocks: ArrayLike<number>, tick: number): number {
  let until = ENDLESS;
  for (let i = 0; i < blocks.length; i++) {
    const claim = nextClaim(zone, vehicle, at(blocks, i), tick);
    if (claim !== undefined) until = Math.min(until, claim.startTick);
  }
  return until;
}

/** When the claim is over that ends the free interval of a pose around `tick`; `undefined` when it has no end. */
function nextFreeAfterGap(
  zone: Zone,
  vehicle: VehicleRecord,
  pose: number,
  tick: number,
): number | undefined {
  let soonest: Visit | undefined;
  for (const block of row(zone.network.poses.blocks, pose)) {
    const claim = nextClaim(zone, vehicle, block, tick);
    if (claim !== undefined && (soonest === undefined || claim.startTick < soonest.startTick))
      soonest = claim;
  }
  return soonest === undefined || soonest.clearTick === ENDLESS ? undefined : soonest.clearTick;
}

/** One number for (stage, pose, interval); disjoint intervals of one pose end at different ticks. */
function keyOf(zone: Zone, state: State, stages: number): number {
  const span = 2 ** 22;
  const end = Math.min(state.untilTick - zone.tick, span - 1);
  return (state.pose * (stages + 1) + state.stage) * span + end;
}

function stepsTo(goal: State): PlanStep[] {
  const steps: PlanStep[] = [];
  for (let state: State | undefined = goal; state !== undefined; state = state.parent) {
    if (state.step !== undefined) steps.push(state.step);
  }
  return steps.reverse();
}
