import type { FleetEvent, VehicleId, VehicleRecord } from "./port.ts";

/** Keeps the newest of what is told in a vehicle's record. */
export function remember(records: Map<VehicleId, VehicleRecord>, event: FleetEvent): void {
  if (event.kind !== "connection" && event.kind !== "factsheet" && event.kind !== "state") return;
  const record = records.get(event.vehicleId);
  if (record === undefined) return;
  if (event.kind === "connection") records.set(event.vehicleId, { ...record, connection: event.connection });
  if (event.kind === "factsheet") records.set(event.vehicleId, { ...record, factsheet: event.factsheet });
  if (event.kind === "state") records.set(event.vehicleId, { ...record, state: event.state });
}
