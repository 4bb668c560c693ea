import type { VehicleId, VehicleRecord } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import type { Calendar } from "../../dispatch/calendar.ts";
import { classOf } from "../../dispatch/first-sight.ts";
import type { DispatchView } from "../../dispatch/view.ts";
import type { Yard } from "../../dispatch/yard.ts";
import type { MissionContext } from "../context.ts";
import type { Procedure } from "../procedure.ts";
import type { MissionVehicle } from "../records.ts";

/** What is known when someone asks for a mission. */
export interface IntakeView {
  readonly yard: Yard;
  readonly procedures: readonly Procedure[];
  readonly atMs: number;
  /** For the mission, if it comes to one. */
  readonly missionId: string;
  readonly spareId: string;
  /** All that are known, also those that are over. */
  readonly missions: readonly MissionContext[];
  /** Of both sides: each must be open for a container to cross. */
  readonly calendars: readonly Calendar[];
  missionOfVehicle(vehicleId: VehicleId): MissionContext | undefined;
  dispatchView(): DispatchView;
  vehicleRecord(vehicleId: string): VehicleRecord | undefined;
  homeOf(vehicleId: VehicleId): Side;
}

export interface Refusal {
  readonly kind: "refused";
  /** Stable. */
  readonly code: string;
  readonly detail: string;
}

export type Intake =
  | { readonly kind: "context"; readonly context: MissionContext }
  | { readonly kind: "exists"; readonly missionId: string }
  | Refusal;

export const refused = (code: string, detail: string): Refusal => ({ kind: "refused", code, detail });

/** A vehicle of ours as a mission knows it, from what it has told of itself. */
export function missionVehicle(
  view: Pick<IntakeView, "yard" | "vehicleRecord" | "homeOf">,
  vehicleId: string,
): MissionVehicle | undefined {
  const record = view.vehicleRecord(vehicleId);
  if (record?.state === undefined) return undefined;
  const { factsheet, state } = record;
  const vehicleClassId = classOf(view.yard, factsheet);
  const size = factsheet ?? view.yard.vehicleClasses.find((one) => one.vehicleClassId === vehicleClassId);
  if (vehicleClassId === undefined || size === undefined) return undefined;
  const dot = record.vehicleId.indexOf(".");
  return {
    vehicleId: record.vehicleId,
    vehicleClassId,
    home: view.homeOf(record.vehicleId),
    manufacturer: factsheet?.manufacturer ?? record.vehicleId.slice(0, dot),
    serialNumber: factsheet?.serialNumber ?? record.vehicleId.slice(dot + 1),
    lengthM: size.lengthM,
    widthM: size.widthM,
    batteryPct: state.batteryPct,
    loadIds: [...state.loadIds],
  };
}
