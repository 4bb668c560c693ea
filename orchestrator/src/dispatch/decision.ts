import type { VehicleId } from "@baton/fleet-adapter";
import type { StationId } from "@baton/maps";
import type { AssignmentCost } from "./cost.ts";

export type DispatchCommand =
  /** It goes over the line with nothing aboard, if the partner has a use for it. */
  | { readonly kind: "send-empty-over"; readonly vehicleId: VehicleId; readonly bufferStationId: StationId }
  /** The truck may come in. */
  | { readonly kind: "call-truck"; readonly missionId: string }
  | {
      readonly kind: "assign-vehicle";
      readonly missionId: string;
      readonly vehicleId: VehicleId;
      readonly craneStationId: StationId;
      /** Why this one: what it costs, by part. */
      readonly cost: AssignmentCost;
      /** It is on its way to the crane of this mission, which gives it up when it turns. */
      readonly from?: string;
    }
  | { readonly kind: "assign-bay"; readonly missionId: string; readonly bufferStationId: StationId }
  | { readonly kind: "assign-dock"; readonly missionId: string; readonly dockStationId: StationId }
  | { readonly kind: "assign-pad"; readonly missionId: string; readonly padStationId: StationId }
  | { readonly kind: "assign-crane"; readonly missionId: string; readonly craneStationId: StationId }
  | {
      readonly kind: "park";
      readonly vehicleId: VehicleId;
      readonly stationId: StationId;
      readonly charge: boolean;
      /** It is on its way to the crane of this mission, which gives it up when it turns. */
      readonly from?: string;
    };

/** Why a mission or a vehicle is not on its way; stable codes, which whoever shows them translates. */
export const NOT_DISPATCHED = [
  // both, after a start
  "fleet-unheard",
  // missions
  "waits-for-slot",
  "lane-full",
  "border-closed",
  "no-vehicle",
  "waits-for-vehicle",
  "no-crane",
  "no-outbound-bay",
  "no-dock",
  "waits-for-pad",
  "no-line-crane",
  "no-way",
  "no-vehicle-fits",
  // vehicles
  "unheard",
  "not-ours",
  "offline",
  "asleep",
  "not-localised",
  "not-admitted",
  "has-failed",
  "in-error",
  "stopped",
  "not-able",
  "fenced",
  "loaded",
  "battery-low",
  "charging",
  "on-mission",
  "moving",
  "no-mission",
  "no-parking",
] as const;
export type NotDispatched = (typeof NOT_DISPATCHED)[number];

/** A code with the few facts that explain it: instants in ms UTC (`...Ms`), counts, ids. */
export interface DispatchReason {
  readonly code: NotDispatched;
  readonly facts?: Readonly<Record<string, string | number>>;
}

export interface DispatchDecision {
  /** Vehicles with nothing aboard that the partner could send. */
  readonly vehiclesWanted: number;
  readonly commands: readonly DispatchCommand[];
  readonly missionReasons: ReadonlyMap<string, DispatchReason>;
  readonly vehicleReasons: ReadonlyMap<VehicleId, DispatchReason>;
}
