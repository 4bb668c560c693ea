import { Step } from "@baton/orchestrator/contract";
import Type, { type Static } from "typebox";

/**
 * What one run of a scenario leaves behind: everything that its reports are made from. Plain data, JSON as it stands; the
 * same seed gives the same record but for `cost`. Times are milliseconds since the epoch of the simulated world.
 */

const Instant = Type.Number();
const SideField = Type.Enum(["vn", "cn"]);
const StationKind = Type.Enum([
  "crane",
  "portal",
  "weighbridge",
  "scanner",
  "buffer",
  "inspection-dock",
  "exit-gate",
  "entry-gate",
  "hold-line",
  "first-stop",
  "parking",
  "charger",
  "transfer-pad",
  "exchange-pad",
  "truck-gate",
]);
const DirectionField = Type.Enum(["export", "import"]);

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

/** Side of the squares of the heat map, metres. */
export const HEAT_CELL_M = 5;

/** A vehicle on its way with a mission that is not held, that has not moved for so long, is stuck. */
export const STUCK_MS = 20 * 60_000;

/** A mission of one side, from its order on. A container has one on each side. */
const MissionRun = Type.Object({
  missionId: Type.String(),
  side: SideField,
  bound: Type.Enum(["outbound", "inbound"]),
  direction: DirectionField,
  /** Absent for an empty vehicle that is sent over the line. */
  containerNo: Type.Optional(Type.String()),
  vehicleId: Type.Optional(Type.String()),
  /** When each step was entered, in order. */
  steps: Type.Array(Type.Object({ step: Step, atMs: Instant })),
  /** Spans in which it was held, and why. */
  holds: Type.Array(Type.Object({ code: Type.String(), fromMs: Instant, untilMs: Type.Optional(Instant) })),
  status: Type.Enum(["running", "held", "done", "returned"]),
  endMs: Type.Optional(Instant),
  /** When it was given a vehicle that was on its way to a place. */
  calledOffMs: Type.Optional(Type.Array(Instant)),
  /** When its vehicle, on its way to the crane, was sent elsewhere, and another one was to come. */
  vehicleLeftMs: Type.Optional(Type.Array(Instant)),
});
export type MissionRun = Static<typeof MissionRun>;

/** One hand-off as its giver saw it. */
const HandoffRun = Type.Object({
  handoffId: Type.String(),
  direction: DirectionField,
  vehicleId: Type.String(),
  offeredMs: Instant,
  acceptedMs: Type.Optional(Instant),
  /** The vehicle stands at the hold line, everything is there. */
  readyMs: Type.Optional(Instant),
  goMs: Type.Optional(Instant),
  switchedMs: Type.Optional(Instant),
  /** The tail is past the hold node. */
  clearMs: Type.Optional(Instant),
  /** Whether the vehicle stood anywhere from `ready` until then; otherwise it rolled through. */
  hasStood: Type.Optional(Type.Boolean()),
  ended: Type.Enum(["done", "declined", "withdrawn", "revoked", "open"]),
});
export type HandoffRun = Static<typeof HandoffRun>;

const SideSample = Type.Object({
  /** Open missions by step. */
  missionsAt: Type.Record(Type.String(), Type.Number()),
  held: Type.Number(),
  /** Orders whose truck is not in yet. */
  trucksWaiting: Type.Number(),
  /** Seconds since the sample before in which a vehicle was in the station, by station. */
  busyS: Type.Record(Type.String(), Type.Number()),
});
export type SideSample = Static<typeof SideSample>;

/** The world at one instant. */
const Sample = Type.Object({
  atMs: Instant,
  /** Vehicle-seconds since the sample before by what they were busy with, in the order of `ACTIVITIES`. */
  activityS: Type.Array(Type.Number()),
  /** Of all vehicles: metres driven since the sample before, loaded and empty. */
  loadedM: Type.Number(),
  emptyM: Type.Number(),
  sides: Type.Object({ vn: SideSample, cn: SideSample }),
});
export type Sample = Static<typeof Sample>;

const Trace = Type.Object({
  vehicleId: Type.String(),
  /** Flat: instant (ms since `beginMs`), chainage (metres from the line, Viet Nam negative), loaded (1 or 0); by threes. */
  points: Type.Array(Type.Number()),
  /** The direction in which it drove. */
  direction: DirectionField,
});
export type Trace = Static<typeof Trace>;

/** `[column, row, standing seconds, driving seconds]`; a cell begins at column and row times `HEAT_CELL_M`. */
const HeatCell = Type.Tuple([Type.Integer(), Type.Integer(), Type.Number(), Type.Number()]);
export type HeatCell = Static<typeof HeatCell>;

const AlarmRun = Type.Object({
  side: SideField,
  code: Type.String(),
  priority: Type.String(),
  raisedMs: Instant,
  endMs: Type.Optional(Instant),
});
export type AlarmRun = Static<typeof AlarmRun>;

/** What the independent eye saw. Anything but empty lists is a failure of the run. */
const SafetyFindings = Type.Object({
  /** Pairs of bodies that overlapped, first seen. */
  overlaps: Type.Array(Type.Object({ atMs: Instant, first: Type.String(), second: Type.String() })),
  /** Vehicles below a container that a crane at the line carried from pad to pad, first seen; older records do not say. */
  underLoad: Type.Optional(
    Type.Array(Type.Object({ atMs: Instant, vehicleId: Type.String(), craneId: Type.String() })),
  ),
  /** Vehicles that have not moved for longer than `STUCK_MS` while they had a mission that was not held, at the end. */
  stuck: Type.Array(Type.Object({ vehicleId: Type.String(), sinceMs: Instant, why: Type.String() })),
  /** Containers that are nowhere, or in two places. */
  unaccounted: Type.Array(Type.Object({ containerNo: Type.String(), detail: Type.String() })),
});
export type SafetyFindings = Static<typeof SafetyFindings>;

/** What the run took on this machine; not part of what has to be the same. */
const RunCost = Type.Object({
  wallMs: Type.Number(),
  cpuMs: Type.Number(),
  events: Type.Number(),
  ticks: Type.Number(),
});
export type RunCost = Static<typeof RunCost>;

/** A place where vehicles stop or pass, for its use. */
const StationRun = Type.Object({
  stationId: Type.String(),
  side: SideField,
  kind: StationKind,
  bound: Type.Enum(["outbound", "inbound", "yard"]),
});
export type StationRun = Static<typeof StationRun>;

/** How many containers a day the run's lanes are meant to carry, and where that figure comes from. */
const Target = Type.Object({
  perDay: Type.Object({ export: Type.Number(), import: Type.Number() }),
  source: Type.String(),
});
export type Target = Static<typeof Target>;

export const RunRecord = Type.Object({
  recordVersion: Type.Literal(1),
  scenarioId: Type.String(),
  title: Type.String(),
  /** What running it answers. */
  question: Type.String(),
  siteId: Type.String(),
  seed: Type.String(),
  /** Figures of the scenario that were others in this run, `path=value`. */
  overrides: Type.Array(Type.String()),
  beginMs: Instant,
  /** Figures count from here: before it the world fills. */
  countFromMs: Instant,
  endMs: Instant,
  vehicles: Type.Integer(),
  stations: Type.Array(StationRun),
  /** Absent where the scenario names no load. */
  target: Type.Optional(Target),
  /** SHA-256 over both sides' ledgers, tick by tick. */
  hash: Type.String(),
  missions: Type.Array(MissionRun),
  handoffs: Type.Array(HandoffRun),
  /** One a minute, in order. */
  samples: Type.Array(Sample),
  /** Where vehicles were on the lanes, for a time-space diagram; a window of the run, by vehicle. */
  traces: Type.Array(Trace),
  /** Seconds that bodies stood or drove over each stretch of the ground (`HEAT_CELL_M` squares, site frame). */
  heat: Type.Array(HeatCell),
  alarms: Type.Array(AlarmRun),
  safety: SafetyFindings,
  cost: RunCost,
});
export type RunRecord = Static<typeof RunRecord>;
