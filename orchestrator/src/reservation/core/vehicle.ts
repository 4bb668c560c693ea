import type { VehicleId } from "@baton/fleet-adapter";
import type { VehicleClassId } from "@baton/maps";
import type { LegId, LegRequest, Observation } from "../port.ts";
import type { Run } from "./runs.ts";
import { ENDLESS } from "./ticks.ts";

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

export interface VehicleRecord {
  readonly vehicleId: VehicleId;
  readonly vehicleClassId: VehicleClassId;
  /** Where it stands when it is not on a leg: where the leg began, or where the last one ended. */
  pose: number;
  leg: Leg | undefined;
  /** Everything it holds and plans to hold, in the order of the runs with which it begins: so what is granted comes first. */
  visits: Visit[];
  /** The newest report that was believed. */
  observed: Observation | undefined;
  /** When a report of it was taken in last, believed or not. */
  seenTick: number;
  /** Its newest report fits the way; nothing is granted to a vehicle of which that is not known. */
  located: boolean;
  /** That it is off its way was said, and is not over. */
  offPathSaid: boolean;
  /** The partner drives it to where it was admitted; it has not been seen there, or on its way from there, yet. */
  approaching: boolean;
  /** Why it will not drive on by itself; others are planned around it. */
  failed: string | undefined;
  /**
   * It has driven the order of this leg to its end, and the ledger lost whether that was the leg's: it would refuse
   * another order of this name. Until it has a leg again.
   */
  spentLegId: LegId | undefined;
  /** Grows with every change that is stored. */
  version: number;
  /** What the projection of its leg keeps from tick to tick. */
  readonly timing: Timing;
}

/** A planned way: runs that follow one another, and where its parts are along it. Replaced as a whole, never changed. */
export interface Way {
  readonly runs: readonly Run[];
  /** The way's moves, and how far along the way each ends, in metres. */
  readonly moves: readonly number[];
  readonly moveEndM: readonly number[];
  /** How far along the way pose `k` is: run `k` leads from pose `k` to pose `k + 1`. */
  readonly poseAtM: readonly number[];
}

/** What may be replaced of a leg beyond its grants (see `tail.ts`): the way and all that is kept a run of it. */
export interface Course extends Way {
  /** Visits by the run with which they begin, and by the run during which the tail leaves. */
  readonly startsAt: (readonly Visit[])[];
  readonly endsAt: (readonly Visit[])[];
  /** Projected entry tick of each run. */
  readonly entryTick: number[];
}

/** A planned leg: its path in runs, and how far it is granted and driven. */
export interface Leg extends Mutable<Course> {
  request: LegRequest;
  /** The leg under whose name the vehicle has its order, when it was sent here on its way (see `turn.ts`). */
  orderedAs: LegId | undefined;
  readonly startPose: number;
  /** Moves on once, to the end of the partner's stretch (see `partner-stretch.ts`). */
  goal: number;
  overLine: boolean;
  /** Its way ends where its grants end, and neither at the goal nor in its queue: what is left is to be planned again. */
  cut: boolean;
  /** Replaced as a whole when the vehicle is sent elsewhere. */
  stops: readonly Stop[];
  etaTick: number;
  /** Runs granted; those that the ledger is known to have confirmed (-1 before the plan itself was committed). */
  grantedRuns: number;
  confirmedRuns: number;
  /** How far along the path the reference point was seen; never shrinks. */
  progressM: number;
  /** The pose of the path at which it stands now, or -1. */
  atPose: number;
  /** Moves whose end was announced as reached. */
  reachedMoves: number;
  completed: boolean;
  clearAnnounced: boolean;
  /** Grows with each change of what the vehicle is to be told. */
  revision: number;
}

/** A `via` of the leg: nothing from run `beforeRun` on is granted until someone says `proceed`. */
export interface Stop {
  readonly pose: number;
  /** `ENDLESS` while no way leads to it (the leg is cut). */
  beforeRun: number;
  readonly dwellTicks: number;
  proceeded: boolean;
  /** When it was seen standing there first. */
  waitingSinceTick: number | undefined;
}

/**
 * One use of one block by one vehicle, from when its body first needs it until its tail has left it for good:
 * a claim while its first run is planned, a grant once Redis has confirmed that run. A path that comes back to a
 * block after having left it has two visits to it.
 */
export interface Visit {
  readonly vehicle: VehicleRecord;
  readonly block: number;
  /** First run of the leg that needs the block; -1 when the body covered it before the leg began. */
  readonly first: number;
  /** Last run that needs it; `ENDLESS` while the vehicle stands without a leg. */
  last: number;
  /** From the beginning of its first run until the block is needed, and from that of its last run, at the road's speed, until it is left (see `Run`). */
  enterTicks: number;
  leaveTicks: number;
  /** Metres along the leg's path after which the tail is clear; `Infinity` when the body stays on it. */
  clearAtM: number;
  /** Projected: from this tick on the block is needed... */
  startTick: number;
  /** ... up to but not including this one. Later than `startTick`; `ENDLESS` for a place to stay. */
  clearTick: number;
  /** Those beside it in the block's queue; `Claims` sets them. */
  before: Visit | undefined;
  behind: Visit | undefined;
}

/** The run in which the reference point is: equal to `runs.length` at the end of the path. Cost: O(log runs). */
export function currentRun(leg: Leg): number {
  return leg.atPose >= 0 ? leg.atPose : runAt(leg, leg.progressM);
}

/** The run in which a place on the way is, so far from its beginning. */
export function runAt(leg: Leg, alongM: number): number {
  const { poseAtM } = leg;
  let low = 0;
  let high = leg.runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((poseAtM[middle + 1] ?? 0) > alongM + 1e-6) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The stop at which the leg is to wait before this run, while nobody said `proceed`. */
export function stopBefore(leg: Leg, run: number): Stop | undefined {
  return leg.stops.length === 0
    ? undefined
    : leg.stops.find((stop) => stop.beforeRun === run && !stop.proceeded);
}

/** The visit at an index that is within bounds by construction. As `at`, for what is done most often. */
export function visitAt(visits: readonly Visit[], index: number): Visit {
  const visit = visits[index];
  if (visit === undefined) throw new Error(`bug: index ${index} is outside of ${visits.length} visits`);
  return visit;
}

/** The same for the visits that begin or end with a run, and for those of a block. */
export function visitsAt<T extends readonly Visit[]>(lists: readonly T[], index: number): T {
  const list = lists[index];
  if (list === undefined)
    throw new Error(`bug: index ${index} is outside of ${lists.length} lists of visits`);
  return list;
}

/** The same for the runs of a leg. */
export function runOfLeg({ runs }: Pick<Leg, "runs">, index: number): Run {
  const run = runs[index];
  if (run === undefined) throw new Error(`bug: index ${index} is outside of ${runs.length} runs`);
  return run;
}

/** The same for what a leg has in metres or ticks. */
export function numberAt(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new Error(`bug: index ${index} is outside of ${values.length} numbers`);
  return value;
}

/**
 * What the projection of one vehicle's leg keeps from tick to tick (see `retime.ts`). An event is a run being
 * entered; event `runs.length` is the end of the leg. All ticks count from the zone's origin.
 */
export interface Timing {
  /** The leg that the rest is about, and its runs: when either is another one, all begins anew. */
  leg: Leg | undefined;
  runs: readonly Run[] | undefined;
  /** The next event that has not happened. */
  next: number;
  /** It stands at the beginning of run `next`, which is not granted yet. */
  standing: boolean;
  /** By event: when the vehicle is there, before anything that it waits for. */
  readonly arrivalTick: number[];
  /** By event: what `StaleEvents` keeps of it. */
  readonly marks: number[];
  /** Since when it has stood still though it may drive; -1 while it drives. */
  stoppedSinceTick: number;
  /** Since when it has been at the beginning of run `next`. */
  readySinceTick: number;
  /** How many stops were still to be made, and how many of them it stands at: a change is to be timed. */
  stopsLeft: number;
  stopsBegun: number;
  /** It found no way to the next place in its queue, and tries again from this tick on. */
  moveUpFromTick: number;
  /** When it was planned again last because it waited long. */
  replannedTick: number;
  /** How often others went before claims of the leg (see `jump.ts`). */
  timesJumped: number;
  /** For a search that is on: the first event of the leg that it has reached, while `reachedIn` names that search. */
  reachedFrom: number;
  reachedIn: number;
  /** How often improvement began with it and came to nothing, for the leg `triedLeg`. */
  triedInVain: number;
  triedLeg: Leg | undefined;
  /** The last trial that it was a member of (see `trial.ts`). */
  trial: number;
}

/** A vehicle that stands at a pose, holds nothing yet, and has not been seen. First what every tick looks at. */
export function createVehicle(
  vehicleId: VehicleId,
  vehicleClassId: VehicleClassId,
  pose: number,
): VehicleRecord {
  return {
    leg: undefined,
    timing: createTiming(),
    located: false,
    failed: undefined,
    visits: [],
    seenTick: -1,
    observed: undefined,
    vehicleId,
    pose,
    offPathSaid: false,
    approaching: false,
    spentLegId: undefined,
    version: 0,
    vehicleClassId,
  };
}

export function createTiming(): Timing {
  return {
    leg: undefined,
    standing: false,
    next: 0,
    readySinceTick: 0,
    stoppedSinceTick: -1,
    runs: undefined,
    arrivalTick: [],
    marks: [],
    stopsLeft: 0,
    stopsBegun: 0,
    moveUpFromTick: 0,
    replannedTick: -ENDLESS,
    timesJumped: 0,
    reachedFrom: 0,
    reachedIn: 0,
    triedInVain: 0,
    triedLeg: undefined,
    trial: 0,
  };
}
