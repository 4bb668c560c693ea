import type { VehicleId } from "@baton/fleet-adapter";
import { otherSide, type Side, type StationId } from "@baton/maps";
import type { DispatchRules } from "../rules.ts";
import type { DispatchMission, DispatchVehicle, DispatchView } from "../view.ts";
import type { Yard } from "../yard.ts";
import { indexOf } from "../yard-index.ts";
import { batteryPctAt, type ModelMission, type ModelVehicle } from "./crossing-state.ts";

/** All that the model of a crossing is at an instant. */
export interface CrossingState {
  readonly yards: Readonly<Record<Side, Yard>>;
  readonly rules: DispatchRules;
  readonly nowMs: number;
  readonly vehicles: readonly ModelVehicle[];
  readonly missions: ReadonlyMap<string, ModelMission>;
  /** How many vehicles with nothing aboard each side has said that it has a use for. */
  readonly wantedBy: Readonly<Partial<Record<Side, number>>>;
  readonly emptyRefusedAtMs: Readonly<Partial<Record<Side, number>>>;
}

/** What the dispatch of a side sees of it. */
export function crossingView(state: CrossingState, side: Side): DispatchView {
  const { nowMs, yards, rules, wantedBy, emptyRefusedAtMs } = state;
  const missions = [...state.missions.values()].filter((one) => one.state !== "over" && one.side === side);
  const held = new Map<StationId, string>();
  for (const { crane, bay, missionId } of missions) {
    if (crane !== undefined) held.set(crane, missionId);
    if (bay !== undefined) held.set(bay, missionId);
  }
  const promised = new Map(
    missions.flatMap(({ next, vehicle }) =>
      next === undefined || vehicle === undefined ? [] : [[next, vehicle.vehicleId] as const],
    ),
  );
  return {
    nowMs,
    yard: yards[side],
    rules,
    line: { state: "open", untilMs: undefined },
    vehicles: state.vehicles.map((vehicle) => seen(state, vehicle, side)),
    missions: missions.map((mission) => told(state, mission, promised)),
    heldStations: held,
    inboundCount: missions.filter((mission) => mission.bound === "inbound").length,
    empties: {
      outbound: missions.filter(({ isEmpty, bound }) => isEmpty && bound === "outbound").length,
      isAsking: false,
      wantedBeyond: wantedBy[otherSide(side)] ?? 0,
      refusedAtMs: emptyRefusedAtMs[side],
      keptOut: Math.max(
        0,
        missions.filter(
          ({ isEmpty, offeredSinceMs = nowMs }) => !isEmpty && nowMs - offeredSinceMs >= rules.keptOutMs,
        ).length - missions.filter(({ isEmpty, bound }) => isEmpty && bound === "inbound").length,
      ),
    },
  };
}

function seen({ yards, missions, nowMs }: CrossingState, vehicle: ModelVehicle, side: Side): DispatchVehicle {
  const { vehicleId, home, stationId, movingTo, missionId, loaded, charging } = vehicle;
  const ours = vehicle.side === side;
  const isToCrane = missions.get(missionId ?? "")?.state === "to-crane" && nowMs < vehicle.turnsUntilMs;
  const turnsIn = movingTo ?? (isToCrane ? vehicle.setOutFrom : undefined);
  const turnsAt =
    ours && turnsIn !== undefined && vehicle.stationId === undefined
      ? indexOf(yards[side]).byId.get(turnsIn)?.nodeId
      : undefined;
  const nodeId =
    stationId === undefined || !ours ? undefined : indexOf(yards[side]).byId.get(stationId)?.nodeId;
  return {
    vehicleId,
    home,
    heard: true,
    ours,
    online: true,
    localised: true,
    admitted: ours,
    batteryPct: batteryPctAt(vehicle, nowMs),
    charging,
    loaded,
    maxLoadKg: 70_000,
    lengthM: 15,
    missionId: ours ? missionId : undefined,
    movingTo: ours ? movingTo : undefined,
    ...(turnsAt === undefined ? {} : { turnsAt }),
    nodeId,
    stationId: ours ? stationId : undefined,
  };
}

function told(
  { yards, nowMs }: CrossingState,
  mission: ModelMission,
  promised: ReadonlyMap<string, VehicleId>,
): DispatchMission {
  const { missionId, priority, sinceMs, state, vehicle, crane, freeAtMs } = mission;
  const demand = {
    missionId,
    priority,
    sinceMs,
    dueAtMs: undefined,
    perishable: false,
    grossKg: 20_000,
    loadLengthM: 12.192,
  };
  const promisedTo = promised.get(missionId);
  switch (state) {
    case "wants-call":
      return { ...demand, kind: "wants-call", callFromMs: 0 };
    case "on-its-way":
      return { ...demand, kind: "on-its-way", promisedTo };
    case "wants-vehicle":
      return crane === undefined
        ? { ...demand, kind: "wants-vehicle", promisedTo }
        : { ...demand, kind: "wants-vehicle", promisedTo, craneStationId: crane };
    case "wants-crane": {
      const { byId } = indexOf(yards[mission.side]);
      const fromNodeId = mission.bay === undefined ? undefined : byId.get(mission.bay)?.nodeId;
      return { kind: "wants-crane", missionId, priority, sinceMs, fromNodeId };
    }
    case "unloading":
      return vehicle === undefined || crane === undefined
        ? { kind: "other", missionId }
        : {
            kind: "unloading",
            missionId,
            vehicleId: vehicle.vehicleId,
            craneStationId: crane,
            freeAtMs: Math.max(nowMs, freeAtMs),
          };
    case "to-crane":
    case "leaving": {
      if (mission.bay !== undefined) return { kind: "other", missionId };
      const row = {
        kind: "wants-bay",
        missionId,
        priority,
        sinceMs,
        isLoaded: state === "leaving",
      } as const;
      if (state === "leaving" || vehicle === undefined || crane === undefined) return row;
      const { grossKg, loadLengthM } = demand;
      const { vehicleId } = vehicle;
      const { changes, notBeforeMs } = mission;
      return {
        ...row,
        coming: {
          vehicleId,
          craneStationId: crane,
          grossKg,
          loadLengthM,
          promisedTo,
          changes,
          notBeforeMs,
        },
      };
    }
    default:
      return { kind: "other", missionId };
  }
}
