import type { VehicleId } from "@baton/fleet-adapter";
import type { StationId } from "@baton/maps";
import { DEFAULT_RULES } from "../rules.ts";
import type { DispatchVehicle, DispatchView, MissionOf } from "../view.ts";
import type { Yard } from "../yard.ts";

/** A vehicle of Viet Nam's that stands at a station and could be sent at once, but for what is said otherwise. */
export function vehicleAt(
  yard: Yard,
  name: string,
  stationId: string,
  change: Partial<DispatchVehicle> = {},
): DispatchVehicle {
  return {
    vehicleId: name as VehicleId,
    home: "vn",
    charging: false,
    maxLoadKg: 70_000,
    lengthM: 15,
    heard: true,
    ours: true,
    online: true,
    localised: true,
    admitted: true,
    batteryPct: 80,
    loaded: false,
    missionId: undefined,
    movingTo: undefined,
    nodeId: yard.stations.find((one) => one.stationId === stationId)?.nodeId,
    stationId: stationId as StationId,
    ...change,
  };
}

/** What dispatch sees of a yard in which nothing is going on, but for what is said otherwise. */
export function viewOf(yard: Yard, change: Partial<DispatchView> = {}): DispatchView {
  return {
    nowMs: 0,
    line: { state: "open", untilMs: undefined },
    yard,
    rules: DEFAULT_RULES,
    vehicles: [],
    missions: [],
    heldStations: new Map(),
    inboundCount: 0,
    ...change,
  };
}

/** What a container of forty feet asks for that nothing is said of. */
export const demandOf = (missionId: string) => ({
  missionId,
  priority: 0,
  sinceMs: 0,
  dueAtMs: undefined,
  perishable: false,
  grossKg: 20_000,
  loadLengthM: 12.192,
});

/** A container that waits for a vehicle. */
export const wantsVehicle = (
  missionId: string,
  change: Partial<MissionOf<"wants-vehicle">> = {},
): MissionOf<"wants-vehicle"> => ({
  ...demandOf(missionId),
  kind: "wants-vehicle",
  promisedTo: undefined,
  ...change,
});

/** Stations that some mission has. */
export const held = (...stationIds: string[]) =>
  new Map(stationIds.map((stationId) => [stationId as StationId, "m-x"]));
