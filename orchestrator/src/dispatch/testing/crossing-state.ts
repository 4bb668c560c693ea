import type { VehicleId } from "@baton/fleet-adapter";
import type { Side, StationId } from "@baton/maps";
import { DEFAULT_RULES } from "../rules.ts";

export interface ModelVehicle {
  readonly vehicleId: VehicleId;
  readonly home: Side;
  side: Side;
  stationId: StationId | undefined;
  movingTo: StationId | undefined;
  /** On its way, when it is there; and how often it has set out: who is sent elsewhere does not arrive. */
  arrivesAtMs: number;
  trips: number;
  /** Where it set out, and until when it could still turn there. */
  setOutFrom: StationId | undefined;
  turnsUntilMs: number;
  missionId: string | undefined;
  loaded: boolean;
  batteryPct: number;
  charging: boolean;
  /** Until when its battery is reckoned. */
  sinceMs: number;
}

export interface ModelMission {
  readonly missionId: string;
  readonly side: Side;
  readonly bound: "outbound" | "inbound";
  readonly priority: number;
  /** A vehicle with nothing aboard. */
  readonly isEmpty: boolean;
  /** Since when the partner has been asked. */
  offeredSinceMs: number | undefined;
  state:
    | "wants-call"
    | "on-its-way"
    | "wants-vehicle"
    | "to-crane"
    | "leaving"
    | "lane"
    | "wants-crane"
    | "unloading"
    | "other"
    | "over";
  sinceMs: number;
  vehicle: ModelVehicle | undefined;
  crane: StationId | undefined;
  bay: StationId | undefined;
  next: string | undefined;
  freeAtMs: number;
  /** How often its vehicle was sent elsewhere, and until when that is not tried again. */
  changes: number;
  notBeforeMs: number;
}

/** A vehicle with nothing to do. */
export function idleVehicle(
  vehicleId: VehicleId,
  side: Side,
  stationId: StationId,
  batteryPct: number,
): ModelVehicle {
  return {
    vehicleId,
    home: side,
    side,
    stationId,
    movingTo: undefined,
    arrivesAtMs: 0,
    trips: 0,
    setOutFrom: undefined,
    turnsUntilMs: 0,
    missionId: undefined,
    loaded: false,
    batteryPct,
    charging: false,
    sinceMs: 0,
  };
}

/** A mission at its beginning. */
export function newMission(
  of: Pick<ModelMission, "missionId" | "side" | "bound" | "priority" | "isEmpty">,
  nowMs: number,
): ModelMission {
  return {
    ...of,
    offeredSinceMs: undefined,
    state: "wants-call",
    sinceMs: nowMs,
    vehicle: undefined,
    crane: undefined,
    bay: undefined,
    next: undefined,
    freeAtMs: 0,
    changes: 0,
    notBeforeMs: 0,
  };
}

/** A vehicle's battery lasts for about 8 h of driving at the pace of a yard, and is charged in 1.5 h. */
const PCT_A_METRE = 100 / (8 * 3_600 * DEFAULT_RULES.paceMps);
const PCT_A_SECOND_CHARGING = 100 / (1.5 * 3_600);

/** What is left in a battery at an instant; what is charged meanwhile counts. */
export function batteryPctAt({ batteryPct, charging, sinceMs }: ModelVehicle, nowMs: number): number {
  if (!charging) return batteryPct;
  return Math.min(100, batteryPct + ((nowMs - sinceMs) / 1_000) * PCT_A_SECOND_CHARGING);
}

/** Takes what so many metres cost out of a vehicle's battery. */
export function spend(vehicle: ModelVehicle, metres: number, nowMs: number): void {
  vehicle.batteryPct = Math.max(0, batteryPctAt(vehicle, nowMs) - metres * PCT_A_METRE);
  vehicle.sinceMs = nowMs;
}
