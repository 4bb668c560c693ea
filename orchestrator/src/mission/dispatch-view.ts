import type { VehicleId, VehicleRecord } from "@baton/fleet-adapter";
import type { StationId } from "@baton/maps";
import type {
  DispatchMission,
  DispatchVehicle,
  DispatchView,
  EmptyRuns,
  LineState,
} from "../dispatch/view.ts";
import type { DeclineCode } from "../handoff/port.ts";
import { byVehicle, byVisit, isEmptyRun, type MissionContext } from "./context.ts";
import { freeAtMs, heldBy, missionOf, promisesOf } from "./dispatch-missions.ts";
import type { DispatchSources } from "./dispatch-sources.ts";
import { isStill, lookAt, type VehicleLook } from "./dispatch-vehicles.ts";

/** Whoever forgot to say that something of a vehicle is other than it was is made good for after so long. */
const LOOK_AT_ALL_MS = 10_000;

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
  /** Vehicles with nothing aboard that come here: each makes room beyond the line for one of these. */
  readonly emptiesComing: number;
}

/**
 * What dispatch decides on, from missions, vehicles and the ledger: nothing of it is stored twice. Of what has not changed
 * since it was looked at last nothing is made again; and whether anything has changed that could change a decision is known.
 */
export class DispatchPicture {
  #missions: MissionsPart | undefined;
  /** In the order in which the fleet names them. */
  readonly #vehicles = new Map<VehicleId, VehicleLook>();
  /** The same, with the record that each was looked at with. */
  #looked: { readonly record: VehicleRecord; readonly look: VehicleLook }[] = [];
  readonly #touched = new Set<VehicleId>();
  #lookAtAllAtMs = Number.NEGATIVE_INFINITY;
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

  /** Missions or idle moves say something else of a vehicle than they did; what it says itself, and the ledger of it, need not be told. */
  touch(vehicleId: VehicleId): void {
    this.#touched.add(vehicleId);
  }

  /**
   * What a round of dispatch would decide on, if it might decide something that one on the last news did not, or is to be
   * held `anyway`. Time alone is no news.
   */
  news(sources: DispatchSources, anyway: boolean): DispatchView | undefined {
    const missions = this.#missionsNow(sources);
    const waitsMs = this.#lookAtAllAtMs - sources.nowMs;
    // A clock that was set back puts nothing off.
    const vehicles = this.#vehiclesNow(sources, waitsMs <= 0 || waitsMs > LOOK_AT_ALL_MS);
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
    return viewOf(this.#missionsNow(sources), this.#vehiclesNow(sources, true), sources);
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
    let emptiesComing = 0;
    for (const context of contexts) {
      for (const place of heldBy(context)) heldStations.set(place.stationId, context.missionId);
      if (context.bound === "inbound" && context.step !== "close" && byVisit(context) === undefined)
        inboundCount++;
      if (context.bound === "inbound") {
        if (isEmptyRun(context)) emptiesComing++;
        continue;
      }
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
      emptiesComing,
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

  /** Of who has said nothing and is not touched only what nobody tells is looked at, or everything of `all`; made anew is what differs. */
  #vehiclesNow(sources: DispatchSources, all: boolean): readonly DispatchVehicle[] {
    const records = sources.fleet.vehicles();
    if (all) this.#lookAtAllAtMs = sources.nowMs + LOOK_AT_ALL_MS;
    const unnamed = [...sources.unheard.keys()].filter((vehicleId) => !records.has(vehicleId));
    const count = records.size + unnamed.length;
    let isSame = count === this.#rows.length;
    let at = 0;
    const lookOver = (record: VehicleRecord): VehicleLook => {
      const known = this.#vehicles.get(record.vehicleId);
      const now = lookAt(record, sources, known);
      if (this.#rows[at] !== now.row) isSame = false;
      if (now === known) return now;
      if (known === undefined || !isSameToDecide(known.row, now.row)) this.#isNews = true;
      this.#vehicles.set(record.vehicleId, now);
      return now;
    };
    for (const record of records.values()) {
      const last = this.#looked[at];
      const isAsItWas =
        !all &&
        last?.record === record &&
        !this.#touched.has(record.vehicleId) &&
        isStill(last.look, sources);
      if (!isAsItWas) this.#looked[at] = { record, look: lookOver(record) };
      at += 1;
    }
    this.#touched.clear();
    for (const vehicleId of unnamed) {
      lookOver({ vehicleId, connection: "offline", factsheet: undefined, state: undefined });
      at += 1;
    }
    if (isSame) return this.#rows;
    if (count !== this.#rows.length) this.#isNews = true;
    for (const vehicleId of this.#vehicles.keys())
      if (!records.has(vehicleId) && !sources.unheard.has(vehicleId)) this.#vehicles.delete(vehicleId);
    this.#rows = Array.from(this.#vehicles.values(), ({ row }) => row);
    return this.#rows;
  }
}

function viewOf(
  {
    contexts,
    rows,
    heldStations,
    inboundCount,
    empties,
    setOutAtMs,
    offeredSinceMs,
    emptiesComing,
  }: MissionsPart,
  vehicles: readonly DispatchVehicle[],
  sources: DispatchSources,
): DispatchView {
  const { nowMs, yard, rules, line, lineCranes, closedStations, shutPairs } = sources;
  const missions = rows.map((row, at) => {
    const context = contexts[at];
    // The one thing in it that goes on with time.
    return row.kind === "unloading" && context !== undefined
      ? { ...row, freeAtMs: freeAtMs(context, sources) }
      : row;
  });
  const cranes = lineCranes === undefined ? {} : { lineCranes };
  const waitLong = offeredSinceMs.filter((sinceMs) => nowMs - sinceMs >= rules.keptOutMs).length;
  const keptOut = Math.max(0, waitLong - emptiesComing);
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
    ...(shutPairs === undefined ? {} : { shutPairs }),
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
    before.unfit === now.unfit &&
    before.charging === now.charging &&
    before.loaded === now.loaded &&
    before.home === now.home &&
    before.maxLoadKg === now.maxLoadKg &&
    before.lengthM === now.lengthM &&
    before.shortcomings === now.shortcomings &&
    (!isIdle || before.nodeId === now.nodeId)
  );
}
