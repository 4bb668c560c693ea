import type { Factsheet, VehicleRecord, VehicleState } from "@baton/fleet-adapter";
import type { NodeId, Side, StationId } from "@baton/maps";
import { classOf } from "../dispatch/first-sight.ts";
import type { DispatchVehicle } from "../dispatch/view.ts";
import type { Yard } from "../dispatch/yard.ts";
import { indexOf } from "../dispatch/yard-index.ts";
import type { DispatchSources } from "./dispatch-sources.ts";
import { comesToCrane } from "./exchange.ts";

/** A vehicle stands at a station when it is this near to its stop, metres. */
const AT_STATION_M = 1.5;

/** A vehicle's row, and all that it was made from. */
export interface VehicleLook extends Pick<VehicleRecord, "connection" | "state" | "factsheet"> {
  readonly home: Side;
  readonly admitted: boolean;
  readonly failed: boolean;
  readonly missionId: string | undefined;
  readonly movingTo: StationId | undefined;
  readonly turnsAt: NodeId | undefined;
  /** To the crane of the container that it is to load. */
  readonly isOnTheWay: boolean;
  /** Stops that are kept for one that was not heard since the start. */
  readonly kept: readonly NodeId[] | undefined;
  readonly row: DispatchVehicle;
}

/** A vehicle as dispatch is to see it; what was known of it when nothing has changed. */
export function lookAt(
  { vehicleId, connection, state, factsheet }: VehicleRecord,
  sources: DispatchSources,
  known: VehicleLook | undefined,
): VehicleLook {
  const { yard, missions, reservation, moves } = sources;
  const home = sources.homeOf(vehicleId);
  const admitted = reservation.isAdmitted(vehicleId) && moves.mayTry(vehicleId);
  const failed = sources.failed.has(vehicleId);
  const mission = missions.ofVehicle(vehicleId);
  const missionId = mission?.missionId;
  const kept = state === undefined ? sources.unheard.get(vehicleId) : undefined;
  const places = kept?.flatMap((nodeId) => stationIdAt(yard, nodeId) ?? []);
  const movingTo = moves.targetOf(vehicleId) ?? places?.[1];
  const isOnTheWay = mission !== undefined && comesToCrane(mission);
  const turnsAt = movingTo === undefined && !isOnTheWay ? undefined : moves.turnsAt(vehicleId);
  if (
    known !== undefined &&
    known.state === state &&
    known.connection === connection &&
    known.factsheet === factsheet &&
    known.home === home &&
    known.admitted === admitted &&
    known.failed === failed &&
    known.missionId === missionId &&
    known.movingTo === movingTo &&
    known.turnsAt === turnsAt &&
    known.isOnTheWay === isOnTheWay &&
    known.kept === kept
  )
    return known;
  const seen = state === undefined ? { ...UNSEEN, stationId: places?.[0] } : seenOf(yard, state);
  const unfit = failed ? "has-failed" : seen.unfit;
  const size = sizeOf(yard, factsheet);
  // Field by field: made for every vehicle that drives, every second.
  const able: DispatchVehicle = {
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
    ...(turnsAt === undefined ? {} : { turnsAt }),
    ...(unfit === undefined ? {} : { unfit }),
    nodeId: seen.nodeId,
    stationId: seen.stationId,
  };
  const { shortcomings } = size;
  const row = shortcomings === undefined ? able : { ...able, shortcomings };
  const of = { home, admitted, failed, missionId, movingTo, turnsAt, isOnTheWay, kept };
  return { connection, state, factsheet, ...of, row };
}

/**
 * Whether a vehicle that has said nothing since it was looked at, and whose missions and moves are the same, is as it was then: the
 * ledger tells nobody when it takes a vehicle in or has one as failed, and time alone lets one be tried again, or brings one that drives to where it can turn.
 */
export function isStill(
  { row, state, admitted, failed, movingTo, isOnTheWay }: VehicleLook,
  sources: DispatchSources,
): boolean {
  const { reservation, moves } = sources;
  const { vehicleId } = row;
  if (movingTo !== undefined || isOnTheWay || state === undefined) return false;
  if (failed !== sources.failed.has(vehicleId)) return false;
  return admitted === (reservation.isAdmitted(vehicleId) && moves.mayTry(vehicleId));
}

type Seen = Pick<
  DispatchVehicle,
  "ours" | "localised" | "unfit" | "batteryPct" | "charging" | "loaded" | "nodeId" | "stationId"
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
    ...unfitBy(state),
    batteryPct: state.batteryPct,
    charging: state.charging,
    loaded: state.loadIds.length > 0,
    nodeId: nodeOf(yard, stationId) ?? state.lastNodeId,
    stationId,
  };
}

/** By its own word. */
function unfitBy({ errors, pausedBy }: VehicleState): Pick<DispatchVehicle, "unfit"> {
  if (errors.some(({ fatal }) => fatal)) return { unfit: "in-error" };
  return pausedBy.length > 0 ? { unfit: "stopped" } : {};
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
