import type { VehicleId } from "@baton/fleet-adapter";
import type { VehicleClassId } from "@baton/maps";
import type { LegRequest, Observation } from "../port.ts";
import type { Run } from "./runs.ts";

export interface VehicleRecord {
  readonly vehicleId: VehicleId;
  readonly vehicleClassId: VehicleClassId;
  /** Where it stands when it is not on a leg: where the leg began, or where the last one ended. */
  pose: number;
  leg: Leg | undefined;
  /** Everything it holds and plans to hold. */
  visits: Visit[];
  /** The newest report that was believed. */
  observed: Observation | undefined;
  /** Its newest report fits the way; nothing is granted to a vehicle of which that is not known. */
  located: boolean;
  /** That it is off its way was said, and is not over. */
  offPathSaid: boolean;
  /** Why it will not drive on by itself; others are planned around it. */
  failed: string | undefined;
  /** Grows with every change that is stored. */
  version: number;
}

/** A planned leg: its path in runs, and how far it is granted and driven. */
export interface Leg {
  readonly request: LegRequest;
  readonly startPose: number;
  readonly runs: readonly Run[];
  /** The path's moves, and how far along the path each ends, in metres. */
  readonly moves: readonly number[];
  readonly moveEndM: readonly number[];
  /** How far along the path pose `k` is: run `k` leads from pose `k` to pose `k + 1`. */
  readonly poseAtM: readonly number[];
  readonly stops: readonly Stop[];
  /** Visits by the run with which they begin, and by the run during which the tail leaves. */
  readonly startsAt: readonly Visit[][];
  readonly endsAt: readonly Visit[][];
  /** Projected entry tick of each run. */
  readonly entryTick: number[];
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
  readonly beforeRun: number;
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
  /** Metres along the leg's path after which the tail is clear; `Infinity` when the body stays on it. */
  clearAtM: number;
  /** Projected: from this tick on the block is needed... */
  startTick: number;
  /** ... up to but not including this one. Later than `startTick`; `ENDLESS` for a place to stay. */
  clearTick: number;
}

/** The run in which the reference point is: equal to `runs.length` at the end of the path. */
export function currentRun(leg: Leg): number {
  if (leg.atPose >= 0) return leg.atPose;
  for (let run = 0; run < leg.runs.length; run++) {
    if ((leg.poseAtM[run + 1] ?? 0) > leg.progressM + 1e-6) return run;
  }
  return leg.runs.length;
}

/** The stop at which the leg is to wait before this run, while nobody said `proceed`. */
export function stopBefore(leg: Leg, run: number): Stop | undefined {
  return leg.stops.find((stop) => stop.beforeRun === run && !stop.proceeded);
}
