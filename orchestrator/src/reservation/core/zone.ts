import type { VehicleId } from "@baton/fleet-adapter";
import type { Network, NodeId, VehicleClassId } from "@baton/maps";
import type { Admission, LegId, LegRequest, Observation, ReservationEvent } from "../port.ts";
import { Claims, type Visit } from "./claims.ts";
import { DistanceTables } from "./heuristic.ts";
import type { CoreSettings } from "./kinematics.ts";
import { compileRuns, type Run, type RunTable } from "./runs.ts";

/** What others ask of the zone; taken in at the beginning of a tick, in the order asked. */
export type Command =
  | { readonly kind: "admit"; readonly admission: Admission }
  | { readonly kind: "requestLeg"; readonly request: LegRequest }
  | {
      readonly kind: "proceed";
      readonly vehicleId: VehicleId;
      readonly legId: LegId;
      readonly nodeId: NodeId;
    }
  | { readonly kind: "abandonLeg"; readonly vehicleId: VehicleId; readonly legId: LegId }
  | { readonly kind: "dismiss"; readonly vehicleId: VehicleId };

/** The whole state of one zone's tick loop. Only the functions of this folder change it, one tick at a time. */
export interface Zone {
  readonly network: Network;
  readonly settings: CoreSettings;
  readonly table: RunTable;
  readonly distances: DistanceTables;
  readonly claims: Claims;
  readonly vehicles: Map<VehicleId, VehicleRecord>;
  /** Legs asked for and not planned yet, in the order asked. */
  readonly pending: Map<VehicleId, PendingLeg>;
  /** Vehicles whose stored record differs from what is here. */
  readonly changed: Set<VehicleId>;
  /** Events of the tick in work. */
  events: ReservationEvent[];
  tick: number;
}

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

export interface PendingLeg {
  readonly request: LegRequest;
  readonly goal: number;
  readonly vias: readonly { readonly pose: number; readonly dwellTicks: number }[];
  readonly throughPose: number | undefined;
  /** Poses of vias at which `proceed` was said before the leg was planned. */
  readonly proceeded: Set<number>;
  /** Said once a reason. */
  saidWaiting: "endpoint-taken" | "no-way" | "not-admitted" | undefined;
  notBeforeTick: number;
}

/** Throws `NetworkContradiction` for a network on which the rules here would not hold. */
export function createZone(network: Network, settings: CoreSettings): Zone {
  const table = compileRuns(network, settings);
  return {
    network,
    settings,
    table,
    distances: new DistanceTables(table),
    claims: new Claims(network.blocks.count),
    vehicles: new Map(),
    pending: new Map(),
    changed: new Set(),
    events: [],
    tick: 0,
  };
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
