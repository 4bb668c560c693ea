import type { FleetAdapter, VehicleId } from "@baton/fleet-adapter";
import type { NodeId, Side, StationId } from "@baton/maps";
import type { ShutPairs } from "../dispatch/lane-pairs.ts";
import type { DispatchRules } from "../dispatch/rules.ts";
import type { LineCraneState, LineState } from "../dispatch/view.ts";
import type { Yard } from "../dispatch/yard.ts";
import type { Forecast } from "../handoff/port.ts";
import type { Reservation } from "../reservation/port.ts";
import type { MissionIndex } from "./mission-index.ts";

export interface IdleMoves {
  targetOf(vehicleId: VehicleId): StationId | undefined;
  mayTry(vehicleId: VehicleId): boolean;
  /** Where one that is on its way can turn to another end. */
  turnsAt(vehicleId: VehicleId): NodeId | undefined;
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
  /** Vehicles that do not drive on by themselves. */
  readonly failed: ReadonlySet<VehicleId>;
  readonly moves: IdleMoves;
  /** Vehicles of the ledger that have not reported since the start, and the stops that are kept for them. */
  readonly unheard: ReadonlyMap<VehicleId, readonly NodeId[]>;
  readonly lineCranes?: readonly LineCraneState[];
  /** The same set until a station is closed or opened. */
  readonly closedStations: ReadonlySet<StationId>;
  readonly shutPairs?: ShutPairs;
  homeOf(vehicleId: VehicleId): Side;
}
