import type { VehicleId } from "@baton/fleet-adapter";
import type { LegId } from "../../orchestrator/src/reservation/port.ts";

/** Names that a benchmark gives to its vehicles and legs: the only place where a plain text becomes one. */
export const vehicleNamed = (text: string): VehicleId => text as VehicleId;
export const legNamed = (text: string): LegId => text as LegId;
