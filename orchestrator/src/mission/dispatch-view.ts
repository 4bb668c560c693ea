import type { Factsheet, FleetAdapter, VehicleId, VehicleRecord, VehicleState } from "@baton/fleet-adapter";
import type { NodeId, Side, StationId } from "@baton/maps";
import { containerLengthM } from "../dispatch/cost.ts";
import { classOf } from "../dispatch/first-sight.ts";
import type { DispatchRules } from "../dispatch/rules.ts";
import type {
  Demand,
  DispatchMission,
  DispatchVehicle,
  DispatchView,
  EmptyRuns,
  LineCraneState,
  LineState,
} from "../dispatch/view.ts";
import type { Yard } from "../dispatch/yard.ts";
import { indexOf } from "../dispatch/yard-index.ts";
import type { DeclineCode, Forecast } from "../handoff/port.ts";
import type { Reservation } from "../reservation/port.ts";
import { heldStations } from "./begin.ts";
import {
  byCrane,
  byVehicle,
  byVisit,
  cargoOf,
  isEmptyRun,
  jobIdOf,
  legOf,
  type MissionContext,
  priorityOf,
} from "./context.ts";
import type { MissionIndex } from "./mission-index.ts";
import { wantsDock } from "./steps/lane-steps.ts";
import { beforeCrane } from "./steps/yard-steps.ts";

export interface IdleMoves {
  targetOf(vehicleId: VehicleId): StationId | undefined;
  mayTry(vehicleId: VehicleId): boolean;
}

/** Where a side's dispatch looks. */
export interface DispatchSources {
  readonly nowMs: number;
  readonly yard: Yard;
  readonly rules: DispatchRules;
  readonly line: LineState;
  readonly missions: Pick<MissionIndex, "open" | "ofVehicle" | "changes" | "emptyRefusedAtMs">;
  /** Vehicles may go over the line with nothing aboard. */
  readonly sendsEmpties: boolean;
  readonly partnerForecast: Forecast | undefined;
  readonly fleet: Pick<FleetAdapter, "vehicles">;
  readonly reservation: Pick<Reservation, "isAdmitted">;
  readonly moves: IdleMoves;
  /** Vehicles of the ledger that have not reported since the start, and the stops that are kept for them. */
  readonly unheard: ReadonlyMap<VehicleId, readonly NodeId[]>;
  readonly lineCranes?: readonly LineCraneState[];
  /** The same set until a station is closed or opened. */
  readonly closedStations: ReadonlySet<StationId>;
  homeOf(vehicleId: VehicleId): Side;
}

/** A vehicle stands at a station when it is this near to its stop, metres. */
const AT_STATION_M = 1.5;

/** What open missions come to for dispatch, as long as none of them changes. */
interface MissionsPart {
  readonly changes: number;
  readonly contexts: readonly MissionContext[];
  readonly rows: readonly DispatchMission[];
  readonly heldStations: ReadonlyMap<StationId, string>;
  readonly inboundCount: number;
  readonly empties: Omit<EmptyRuns, "keptOut" | "wantedBeyond">;
  /** When the newest vehicle with nothing aboard had the partner's yes. */
  readonly setOutAtMs: number;
  /** Since when containers wait in their bays for the partner's yes. */
  readonly offeredSinceMs: readonly number[];
}

/**
 * What dispatch decides on, from missions, vehicles and the ledger: nothing of it is stored twice. Of what has not changed
 * since it was looked at last nothing is made again; and whether anything has changed that could change a decision is known.
 */
export class DispatchPicture {
  #missions: MissionsPart | undefined;
  /** In the order in which the fleet names them. */
  readonly #vehicles = new Map<VehicleId, VehicleLook>();
  #rows: readonly DispatchVehicle[] = [];
  readonly #missionRows = new WeakMap<
    MissionContext,
    { readonly promisedTo: VehicleId | undefined; readonly row: DispatchMission }
  >();
  #line: LineState | undefined;
  /** The partner has a use for a vehicle with nothing aboard. */
  #isWanted = false;
  #closedStations: ReadonlySet<StationId> | undefined;
  #isNews = true;

  /**
   * What a round of dispatch would decide on, if it might decide something that one on the last news did not, or is to be
   * held `anyway`. Time alone is no news.
   */
  news(sources: DispatchSources, anyway: boolean): DispatchView | undefined {
    const missions = this.#missionsNow(sources);
    const vehicles = this.#vehiclesNow(sources);
    if (this.#line?.state !== sources.line.state) this.#isNews = true;
    this.#line = sources.line;
    const isWanted = (sources.partnerForecast?.vehiclesWanted ?? 0) > 0;
    if (this.#isWanted !== isWanted) this.#isNews = true;
    this.#isWanted = isWanted;
    if (this.#closedStations !== sources.closedStations) this.#isNews = true;
    this.#closedStations = sources.closedStations;
    if (!this.#isNews && !anyway) return undefined;
    this.#isNews = false;
    return viewOf(missions, vehicles, sources);
  }

  /** What a round would decide on now. */
  view(sources: DispatchSources): DispatchView {
    return viewOf(this.#missionsNow(sources), this.#vehiclesNow(sources), sources);
  }

  #missionsNow(sources: DispatchSources): MissionsPart {
    const { missions } = sources;
    const before = this.#missions;
    if (before?.changes === missions.changes) return before;
    const contexts = [...missions.open()];
    const promised = promisesOf(contexts);
    const rows = contexts.map((context) => this.#rowOf(context, promised, sources));
    const heldStations = new Map<StationId, string>();
    let inboundCount = 0;
    let outbound = 0;
    let isAsking = false;
    let setOutAtMs = Number.NEGATIVE_INFINITY;
    const offeredSinceMs: number[] = [];
    for (const context of contexts) {
      for (const place of heldBy(context)) heldStations.set(place.stationId, context.missionId);
      if (context.bound === "inbound" && context.step !== "close" && byVisit(context) === undefined)
        inboundCount++;
      if (context.bound === "inbound") continue;
      if (isKeptOut(context)) offeredSinceMs.push(context.stepSinceMs);
      if (!isEmptyRun(context) || context.clearOfGround) continue;
      outbound++;
      if (context.step === "offer") isAsking = true;
      for (const { step, atMs } of context.timeline)
        if (step === "offer") setOutAtMs = Math.max(setOutAtMs, atMs);
    }
    const empties = { outbound, isAsking, refusedAtMs: missions.emptyRefusedAtMs };
    const now = {
      changes: missions.changes,
      contexts,
      rows,
      heldStations,
      inboundCount,
      empties,
      setOutAtMs,
      offeredSinceMs,
    };
    this.#missions = now;
    if (before === undefined || !isSameForDispatch(before, now)) this.#isNews = true;
    return now;
  }

  /** A context is an object of its own: its row is made once, and again when a vehicle is promised to it or no more. */
  #rowOf(
    context: MissionContext,
    promised: ReadonlyMap<string, VehicleId>,
    sources: DispatchSources,
  ): DispatchMission {
    const promisedTo = promised.get(context.missionId);
    const known = this.#missionRows.get(context);
    if (known !== undefined && known.promisedTo === promisedTo) return known.row;
    const row = missionOf(context, promised, sources);
    this.#missionRows.set(context, { promisedTo, row });
    return row;
  }

  /** Looked at one by one, since nobody says when a vehicle is admitted or may be tried again; made anew is what differs. */
  #vehiclesNow(sources: DispatchSources): readonly DispatchVehicle[] {
    const records = sources.fleet.vehicles();
    const unnamed = [...sources.unheard.keys()].filter((vehicleId) => !records.has(vehicleId));
    const count = records.size + unnamed.length;
    let isSame = count === this.#rows.length;
    let at = 0;
    const lookOver = (record: VehicleRecord): void => {
      const known = this.#vehicles.get(record.vehicleId);
      const now = lookAt(record, sources, known);
      if (this.#rows[at] !== now.row) isSame = false;
      at += 1;
      if (now === known) return;
      if (known === undefined || !isSameToDecide(known.row, now.row)) this.#isNews = true;
      this.#vehicles.set(record.vehicleId, now);
    };
    for (const record of records.values()) lookOver(record);
    for (const vehicleId of unnamed)
      lookOver({ vehicleId, connection: "offline", factsheet: undefined, state: undefined });
    if (isSame) return this.#rows;
    if (count !== this.#rows.length) this.#isNews = true;
    for (const vehicleId of this.#vehicles.keys())
      if (!records.has(vehicleId) && !sources.unheard.has(vehicleId)) this.#vehicles.delete(vehicleId);
    this.#rows = Array.from(this.#vehicles.values(), ({ row }) => row);
    return this.#rows;
  }
}

function viewOf(
  { contexts, rows, heldStations, inboundCount, empties, setOutAtMs, offeredSinceMs }: MissionsPart,
  vehicles: readonly DispatchVehicle[],
  sources: DispatchSources,
): DispatchView {
  const { nowMs, yard, rules, line, lineCranes, closedStations } = sources;
  const missions = rows.map((row, at) => {
    const context = contexts[at];
    // The one thing in it that goes on with time.
    return row.kind === "unloading" && context !== undefined
      ? { ...row, freeAtMs: freeAtMs(context, sources) }
      : row;
  });
  const cranes = lineCranes === undefined ? {} : { lineCranes };
  const keptOut = offeredSinceMs.filter((sinceMs) => nowMs - sinceMs >= rules.keptOutMs).length;
  const wantedBeyond = wantedBeyondNow(sources, setOutAtMs);
  const runs = sources.sendsEmpties ? { empties: { ...empties, wantedBeyond, keptOut } } : {};
  const closed = closedStations.size === 0 ? {} : { closedStations };
  return {
    nowMs,
    yard,
    rules,
    line,
    vehicles,
    missions,
    heldStations,
    inboundCount,
    ...closed,
    ...cranes,
    ...runs,
  };
}

const EMPTY_RUN_FACTS = ["outbound", "isAsking", "refusedAtMs"] as const;

/** What was said before a vehicle set out may have been meant for that one. */
const wantedBeyondNow = ({ partnerForecast }: DispatchSources, setOutAtMs: number): number =>
  partnerForecast !== undefined && partnerForecast.atMs > setOutAtMs ? partnerForecast.vehiclesWanted : 0;

/** A container in its bay whose vehicle the partner, which is open, has not taken so far. */
const isKeptOut = (context: MissionContext): boolean =>
  !isEmptyRun(context) &&
  context.status === "running" &&
  context.step === "offer" &&
  byVehicle(context) !== undefined &&
  context.handoff?.overReason !== CLOSED;
const CLOSED: DeclineCode = "border-closed";

function isSameForDispatch(before: MissionsPart, now: MissionsPart): boolean {
  if (before.inboundCount !== now.inboundCount || before.rows.length !== now.rows.length) return false;
  if (EMPTY_RUN_FACTS.some((fact) => before.empties[fact] !== now.empties[fact])) return false;
  if (before.heldStations.size !== now.heldStations.size) return false;
  for (const [stationId, missionId] of now.heldStations)
    if (before.heldStations.get(stationId) !== missionId) return false;
  return now.rows.every((row, at) => isSameRow(before.rows[at], row));
}

/** By all that a mission wants, but for when a vehicle will be free, which goes on with time. */
function isSameRow(before: DispatchMission | undefined, now: DispatchMission): boolean {
  if (before === now) return true;
  if (before?.kind !== now.kind || before.missionId !== now.missionId) return false;
  const were = new Map<string, unknown>(Object.entries(before));
  return Object.entries(now).every(([name, value]) => name === "freeAtMs" || were.get(name) === value);
}

/**
 * By what decides whether and where a vehicle is sent. Where one is that is under way matters when it is there, and of its
 * battery only steps: time sees to the rest.
 */
function isSameToDecide(before: DispatchVehicle, now: DispatchVehicle): boolean {
  const isIdle = now.missionId === undefined && now.movingTo === undefined;
  return (
    before.missionId === now.missionId &&
    before.movingTo === now.movingTo &&
    before.stationId === now.stationId &&
    before.heard === now.heard &&
    before.ours === now.ours &&
    before.online === now.online &&
    before.localised === now.localised &&
    before.admitted === now.admitted &&
    before.charging === now.charging &&
    before.loaded === now.loaded &&
    before.home === now.home &&
    before.maxLoadKg === now.maxLoadKg &&
    before.lengthM === now.lengthM &&
    before.shortcomings === now.shortcomings &&
    (!isIdle || before.nodeId === now.nodeId)
  );
}

/** A context is an object of its own: what it holds is worked out once. */
const heldBefore = new WeakMap<MissionContext, ReturnType<typeof heldStations>>();

function heldBy(context: MissionContext): ReturnType<typeof heldStations> {
  const known = heldBefore.get(context);
  if (known !== undefined) return known;
  const held = heldStations(context, (step) => legOf(context, step)?.left === true);
  heldBefore.set(context, held);
  return held;
}

/** Which inbound vehicle is meant to load which outbound container. */
function promisesOf(open: readonly MissionContext[]): ReadonlyMap<string, VehicleId> {
  const promised = new Map<string, VehicleId>();
  for (const { bound, returnMissionId, vehicle } of open) {
    if (bound === "inbound" && returnMissionId !== undefined && vehicle !== undefined)
      promised.set(returnMissionId, vehicle.vehicleId);
  }
  return promised;
}

function missionOf(
  context: MissionContext,
  promised: ReadonlyMap<string, VehicleId>,
  sources: DispatchSources,
): DispatchMission {
  const { missionId, status, step, slot, vehicle, places, stepSinceMs: sinceMs } = context;
  const priority = priorityOf(context);
  const other = { kind: "other", missionId } as const;
  if (isEmptyRun(context)) return other;
  if (context.bound === "outbound") {
    // Held or not, it is going to need a bay.
    if (vehicle !== undefined && places.buffer === undefined) {
      const isLoaded = status === "running" && (step === "arm-seal" || step === "identify");
      return { kind: "wants-bay", missionId, priority, sinceMs, isLoaded };
    }
    if (status === "running" && wantsDock(context))
      return { kind: "wants-dock", missionId, priority, sinceMs, fromNodeId: places.buffer?.nodeId };
    if (status === "running" && wantsPad(context)) {
      const padStationId = byCrane(context)?.padStationId;
      const notBeforeMs = context.handoff?.againAtMs ?? 0;
      if (padStationId !== undefined)
        return { kind: "wants-pad", missionId, priority, sinceMs, padStationId, notBeforeMs };
    }
    if (status !== "running" || vehicle !== undefined) return other;
    const demand = demandOf(context);
    if (step === "assign-vehicle")
      return { ...demand, kind: "wants-vehicle", promisedTo: promised.get(missionId) };
    if (slot === undefined || context.calledAtMs !== undefined)
      return { ...demand, kind: "on-its-way", promisedTo: promised.get(missionId) };
    return step === "admit-truck" ? { ...demand, kind: "wants-call", callFromMs: slot.callFromMs } : other;
  }
  // A visitor goes home: it is nobody's here to load.
  if (status !== "running" || step !== "unload" || vehicle === undefined || byVisit(context) !== undefined)
    return other;
  if (places.crane === undefined)
    return { kind: "wants-crane", missionId, priority, sinceMs, fromNodeId: beforeCrane(context)?.nodeId };
  const { vehicleId } = vehicle;
  const { stationId: craneStationId } = places.crane;
  return { kind: "unloading", missionId, vehicleId, craneStationId, freeAtMs: freeAtMs(context, sources) };
}

/** It goes by the crane, and is to be offered from its bay. */
const wantsPad = (context: MissionContext): boolean =>
  context.step === "offer" && byCrane(context) !== undefined && context.places.pad === undefined;

function demandOf(context: MissionContext): Demand {
  const { missionId, stepSinceMs: sinceMs } = context;
  const { priority, dueAtMs, perishable, declaredGrossKg: grossKg, sizeType } = cargoOf(context);
  const loadLengthM = containerLengthM(sizeType);
  return { missionId, priority, sinceMs, dueAtMs, perishable: perishable === true, grossKg, loadLengthM };
}

/** When the container will be off the vehicle: the way to the crane as far as it is not driven, and the lift. */
function freeAtMs(context: MissionContext, { nowMs, yard, rules }: DispatchSources): number {
  const job = context.jobs[jobIdOf(context, "unload")];
  if (job !== undefined) return Math.max(nowMs, job.askedAtMs + rules.liftMs);
  const from = beforeCrane(context)?.nodeId;
  const to = context.places.crane?.nodeId;
  const wayM = from === undefined || to === undefined ? 0 : (yard.wayM(from, to) ?? 0);
  const beganAtMs = context.stepSinceMs;
  return Math.max(nowMs, beganAtMs + (wayM / rules.paceMps) * 1_000) + rules.liftMs;
}

/** A vehicle's row, and all that it was made from. */
interface VehicleLook extends Pick<VehicleRecord, "connection" | "state" | "factsheet"> {
  readonly home: Side;
  readonly admitted: boolean;
  readonly missionId: string | undefined;
  readonly movingTo: StationId | undefined;
  /** Stops that are kept for one that was not heard since the start. */
  readonly kept: readonly NodeId[] | undefined;
  readonly row: DispatchVehicle;
}

function lookAt(
  { vehicleId, connection, state, factsheet }: VehicleRecord,
  sources: DispatchSources,
  known: VehicleLook | undefined,
): VehicleLook {
  const { yard, missions, reservation, moves } = sources;
  const home = sources.homeOf(vehicleId);
  const admitted = reservation.isAdmitted(vehicleId) && moves.mayTry(vehicleId);
  const missionId = missions.ofVehicle(vehicleId)?.missionId;
  const kept = state === undefined ? sources.unheard.get(vehicleId) : undefined;
  const places = kept?.flatMap((nodeId) => stationIdAt(yard, nodeId) ?? []);
  const movingTo = moves.targetOf(vehicleId) ?? places?.[1];
  if (
    known !== undefined &&
    known.state === state &&
    known.connection === connection &&
    known.factsheet === factsheet &&
    known.home === home &&
    known.admitted === admitted &&
    known.missionId === missionId &&
    known.movingTo === movingTo &&
    known.kept === kept
  )
    return known;
  const seen = state === undefined ? { ...UNSEEN, stationId: places?.[0] } : seenOf(yard, state);
  const size = sizeOf(yard, factsheet);
  // Field by field: made for every vehicle that drives, every second.
  const row: DispatchVehicle = {
    vehicleId,
    home,
    heard: state !== undefined,
    ours: seen.ours,
    online: connection === "online",
    asleep: connection === "asleep",
    localised: seen.localised,
    admitted,
    batteryPct: seen.batteryPct,
    charging: seen.charging,
    loaded: seen.loaded,
    maxLoadKg: size.maxLoadKg,
    lengthM: size.lengthM,
    missionId,
    movingTo,
    nodeId: seen.nodeId,
    stationId: seen.stationId,
  };
  return { connection, state, factsheet, home, admitted, missionId, movingTo, kept, row };
}

type Seen = Pick<
  DispatchVehicle,
  "ours" | "localised" | "batteryPct" | "charging" | "loaded" | "nodeId" | "stationId"
>;
const UNSEEN: Seen = {
  ours: false,
  localised: false,
  batteryPct: 0,
  charging: false,
  loaded: false,
  nodeId: undefined,
  stationId: undefined,
};

function seenOf(yard: Yard, state: VehicleState): Seen {
  const stationId = state.driving ? undefined : stationAt(yard, state.pose);
  return {
    ours: state.control?.authority === yard.side,
    localised: state.pose !== undefined && state.operatingMode === "automatic" && !state.emergencyStop,
    batteryPct: state.batteryPct,
    charging: state.charging,
    loaded: state.loadIds.length > 0,
    nodeId: nodeOf(yard, stationId) ?? state.lastNodeId,
    stationId,
  };
}

type Size = Pick<DispatchVehicle, "maxLoadKg" | "lengthM" | "shortcomings">;
const sizeBefore = new WeakMap<Yard, WeakMap<Factsheet, Size>>();

/** What it can carry, by its class; nothing while its class is not known. A factsheet comes once in a vehicle's session. */
function sizeOf(yard: Yard, factsheet: VehicleRecord["factsheet"]): Size {
  if (factsheet === undefined) return sizeBy(yard, factsheet);
  const inYard = sizeBefore.get(yard) ?? new WeakMap<Factsheet, Size>();
  sizeBefore.set(yard, inYard);
  const size = inYard.get(factsheet) ?? sizeBy(yard, factsheet);
  inYard.set(factsheet, size);
  return size;
}

function sizeBy(yard: Yard, factsheet: VehicleRecord["factsheet"]): Size {
  const classId = classOf(yard, factsheet);
  const vehicleClass = yard.vehicleClasses.find((one) => one.vehicleClassId === classId);
  return {
    maxLoadKg: factsheet?.maxLoadKg ?? vehicleClass?.maxLoadKg ?? 0,
    lengthM: factsheet?.lengthM ?? vehicleClass?.lengthM ?? 0,
    ...(factsheet?.shortcomings === undefined || factsheet.shortcomings.length === 0
      ? {}
      : { shortcomings: factsheet.shortcomings.join("; ") }),
  };
}

function stationAt(
  yard: Yard,
  pose: { readonly xM: number; readonly yM: number } | undefined,
): StationId | undefined {
  if (pose === undefined) return undefined;
  for (const station of yard.stations) {
    if (station.nodeId === undefined || station.pose === undefined) continue;
    if (Math.hypot(station.pose.xM - pose.xM, station.pose.yM - pose.yM) <= AT_STATION_M)
      return station.stationId;
  }
  return undefined;
}

const stationIdAt = (yard: Yard, nodeId: NodeId): StationId | undefined =>
  yard.stations.find((station) => station.nodeId === nodeId)?.stationId;

const nodeOf = (yard: Yard, stationId: StationId | undefined): NodeId | undefined =>
  stationId === undefined ? undefined : indexOf(yard).byId.get(stationId)?.nodeId;
