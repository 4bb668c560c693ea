import type { FleetAdapter, VehicleId, VehicleRecord } from "@baton/fleet-adapter";
import type { NodeId, StationId } from "@baton/maps";
import type { DispatchMission, DispatchRules, DispatchVehicle, DispatchView } from "../dispatch/dispatch.ts";
import type { Yard } from "../dispatch/yard.ts";
import type { Reservation } from "../reservation/port.ts";
import { heldStations } from "./begin.ts";
import { isOver, legOf, type MissionContext } from "./context.ts";

export interface IdleMoves {
  targetOf(vehicleId: VehicleId): StationId | undefined;
  mayTry(vehicleId: VehicleId): boolean;
}

/** A vehicle stands at a station when it is this near to its stop, metres. */
const AT_STATION_M = 1.5;

/** The mission that has a vehicle; an outbound one has it until it has left our ground. */
export function missionOfVehicle(
  missions: readonly MissionContext[],
  vehicleId: VehicleId,
): MissionContext | undefined {
  return missions.find(
    (context) => !isOver(context) && !context.clearOfGround && context.vehicle?.vehicleId === vehicleId,
  );
}

/** What dispatch decides on, made anew each time from missions, vehicles and the ledger: nothing of it is stored twice. */
export function dispatchViewOf(
  yard: Yard,
  rules: DispatchRules,
  missions: readonly MissionContext[],
  fleet: Pick<FleetAdapter, "vehicles">,
  reservation: Pick<Reservation, "holding">,
  moves: IdleMoves,
): DispatchView {
  const held = new Map<StationId, string>();
  for (const context of missions) {
    const left = (step: MissionContext["step"]): boolean => legOf(context, step)?.left === true;
    for (const place of heldStations(context, left)) held.set(place.stationId, context.missionId);
  }
  return {
    yard,
    rules,
    vehicles: [...fleet.vehicles().values()].map((record) =>
      vehicleOf(yard, record, missions, reservation, moves),
    ),
    missions: missions.filter((context) => !isOver(context)).map(missionOf),
    heldStations: held,
    inboundCount: missions.filter((context) => !isOver(context) && context.bound === "inbound").length,
  };
}

function missionOf(context: MissionContext): DispatchMission {
  const { missionId, stepSinceMs: sinceMs } = context;
  const { priority } = context.consignment;
  if (context.status !== "running") return { kind: "other", missionId };
  if (context.step === "assign-vehicle") return { kind: "wants-vehicle", missionId, priority, sinceMs };
  if (context.bound === "outbound" && context.vehicle === undefined) return { kind: "on-its-way", missionId };
  if (context.step === "unload" && context.places.crane === undefined) {
    return { kind: "wants-crane", missionId, priority, sinceMs, fromNodeId: context.places.buffer?.nodeId };
  }
  return { kind: "other", missionId };
}

function vehicleOf(
  yard: Yard,
  { vehicleId, connection, state }: VehicleRecord,
  missions: readonly MissionContext[],
  reservation: Pick<Reservation, "holding">,
  moves: IdleMoves,
): DispatchVehicle {
  const holding = reservation.holding(vehicleId);
  const stationId = state === undefined || state.driving ? undefined : stationAt(yard, state.pose);
  return {
    vehicleId,
    ours: state?.control?.authority === yard.side,
    online: connection === "online",
    localised: state?.pose !== undefined && state.operatingMode === "automatic" && !state.emergencyStop,
    admitted: holding !== undefined && moves.mayTry(vehicleId),
    batteryPct: state?.batteryPct ?? 0,
    loaded: (state?.loadIds.length ?? 0) > 0,
    missionId: missionOfVehicle(missions, vehicleId)?.missionId,
    movingTo: moves.targetOf(vehicleId),
    nodeId: nodeOf(yard, stationId) ?? state?.lastNodeId,
    stationId,
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

const nodeOf = (yard: Yard, stationId: StationId | undefined): NodeId | undefined =>
  stationId === undefined
    ? undefined
    : yard.stations.find((station) => station.stationId === stationId)?.nodeId;
