import type { VehicleSheet } from "../model/factsheet.ts";

/** For tests: a vehicle that can do and takes everything, but for what is said otherwise. */
export function sheet(change: Partial<VehicleSheet> = {}): VehicleSheet {
  const ability = (actionType: string, scopes: readonly ("INSTANT" | "NODE")[]) =>
    [actionType, { actionType, scopes, blockingTypes: undefined, parameters: undefined }] as const;
  return {
    manufacturer: "sim",
    serialNumber: "vn-01",
    seriesName: "carrier",
    lengthM: 15,
    widthM: 3,
    maxHeightM: 2,
    maxSpeedMps: 7,
    maxAccelerationMps2: 0.3,
    maxBrakingMps2: 0.5,
    maxLoadKg: 70_000,
    loadTypes: undefined,
    limits: { idNumericalOnly: false, minOrderIntervalMs: 0 },
    orderFields: undefined,
    actions: new Map([
      ability("pick", ["NODE"]),
      ability("drop", ["NODE"]),
      ability("startCharging", ["NODE", "INSTANT"]),
      ability("cancelOrder", ["INSTANT"]),
    ]),
    zoneTypes: [],
    ...change,
  };
}
