import type { Direction, Side } from "@baton/maps";
import type { Step } from "@baton/orchestrator/contract";

/**
 * What one run of a scenario leaves behind: everything that its reports are made from. Plain data, JSON as it stands; the
 * same seed gives the same record but for `cost`. Times are milliseconds since the epoch of the simulated world.
 */
export interface RunRecord {
  readonly recordVersion: 1;
  readonly scenarioId: string;
  readonly title: string;
  readonly siteId: string;
  readonly seed: string;
  readonly beginMs: number;
  /** Figures count from here: before it the world fills. */
  readonly countFromMs: number;
  readonly endMs: number;
  readonly vehicles: number;
  /** SHA-256 over both sides' ledgers, tick by tick. */
  readonly hash: string;
  readonly missions: readonly MissionRun[];
  readonly handoffs: readonly HandoffRun[];
  /** One a minute, in order. */
  readonly samples: readonly Sample[];
  /** Where vehicles were on the lanes, for a time-space diagram; a window of the run, by vehicle. */
  readonly traces: readonly Trace[];
  /** Seconds that bodies stood or drove over each stretch of the ground (`HEAT_CELL_M` squares, site frame). */
  readonly heat: readonly HeatCell[];
  readonly alarms: readonly AlarmRun[];
  readonly safety: SafetyFindings;
  /** Trucks that arrived for manned lanes and what became of them; empty where the scenario has none. */
  readonly cost: RunCost;
}

/** A mission of one side, from its order on. A container has one on each side. */
export interface MissionRun {
  readonly missionId: string;
  readonly side: Side;
  readonly bound: "outbound" | "inbound";
  readonly direction: Direction;
  /** Absent for an empty vehicle that is sent over the line. */
  readonly containerNo?: string;
  readonly vehicleId?: string;
  /** When each step was entered, in order. */
  readonly steps: readonly { readonly step: Step; readonly atMs: number }[];
  /** Spans in which it was held, and why. */
  readonly holds: readonly { readonly code: string; readonly fromMs: number; readonly untilMs?: number }[];
  readonly status: "running" | "held" | "done" | "returned";
  readonly endMs?: number;
}

/** One hand-off as its giver saw it. */
export interface HandoffRun {
  readonly handoffId: string;
  readonly direction: Direction;
  readonly vehicleId: string;
  readonly offeredMs: number;
  readonly acceptedMs?: number;
  /** The vehicle stands at the hold line, everything is there. */
  readonly readyMs?: number;
  readonly goMs?: number;
  readonly switchedMs?: number;
  /** The tail is past the hold node. */
  readonly clearMs?: number;
  readonly ended: "done" | "declined" | "withdrawn" | "revoked" | "open";
}

/** What a vehicle is busy with. */
export const ACTIVITIES = [
  "driving-loaded",
  "driving-empty",
  "waiting-in-lane",
  "at-station",
  "at-crane",
  "in-bay",
  "charging",
  "parked",
  "stopped",
] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** The world at one instant. */
export interface Sample {
  readonly atMs: number;
  /** Vehicles by what they are busy with, in the order of `ACTIVITIES`. */
  readonly activities: readonly number[];
  /** Of all vehicles: metres driven since the sample before, loaded and empty. */
  readonly loadedM: number;
  readonly emptyM: number;
  readonly sides: Readonly<Record<Side, SideSample>>;
}

export interface SideSample {
  /** Open missions by step. */
  readonly missionsAt: Readonly<Partial<Record<Step, number>>>;
  readonly held: number;
  /** Trucks at the truck gate that are not in yet. */
  readonly trucksWaiting: number;
  /** Seconds since the sample before in which the station's device worked or a vehicle stood in it, by station. */
  readonly busyS: Readonly<Record<string, number>>;
}

export interface Trace {
  readonly vehicleId: string;
  /** Flat: instant (ms since `beginMs`), chainage (metres from the line, Viet Nam negative), loaded (1 or 0); by threes. */
  readonly points: readonly number[];
  /** The direction in which it drove. */
  readonly direction: Direction;
}

export const HEAT_CELL_M = 5;
/** `[column, row, standing seconds, driving seconds]`; a cell begins at column and row times `HEAT_CELL_M`. */
export type HeatCell = readonly [number, number, number, number];

export interface AlarmRun {
  readonly side: Side;
  readonly code: string;
  readonly priority: string;
  readonly raisedMs: number;
  readonly endMs?: number;
}

/** What the independent eye saw. Anything but zeros and empty lists is a failure of the run. */
export interface SafetyFindings {
  /** Pairs of bodies that overlapped, first seen. */
  readonly overlaps: readonly { readonly atMs: number; readonly first: string; readonly second: string }[];
  /** Vehicles that have not moved for longer than `STUCK_MS` while they had a mission that was not held, at the end. */
  readonly stuck: readonly { readonly vehicleId: string; readonly sinceMs: number; readonly why: string }[];
  /** Containers that are nowhere, or in two places. */
  readonly unaccounted: readonly { readonly containerNo: string; readonly detail: string }[];
}

/** What the run took on this machine; not part of what has to be the same. */
export interface RunCost {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly events: number;
  readonly ticks: number;
}
