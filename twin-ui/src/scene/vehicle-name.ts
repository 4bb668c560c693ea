/** The part of a vehicle's id that people say: what follows the manufacturer. */
export function shortVehicleName(vehicleId: string): string {
  const dot = vehicleId.indexOf(".");
  return dot < 0 ? vehicleId : vehicleId.slice(dot + 1);
}
