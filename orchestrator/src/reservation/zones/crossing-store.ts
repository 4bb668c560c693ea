import type { VehicleId } from "@baton/fleet-adapter";
import type { VehicleRecord } from "./core/record.ts";

/** Where it is kept how far vehicles have come across zones. A failed call is repeated: both may be done twice. */
export interface CrossingStore {
  load(): Promise<readonly VehicleRecord[]>;
  /** The epoch of whoever runs the side from here on: higher than any before it. */
  raiseEpoch(): Promise<number>;
  /** All of them or none; `undefined` for a vehicle that is gone. */
  save(changes: ReadonlyMap<VehicleId, VehicleRecord | undefined>): Promise<void>;
}

/** For tests and fast time. */
export function createMemoryCrossingStore(): CrossingStore {
  const records = new Map<VehicleId, VehicleRecord>();
  let epoch = 0;
  return {
    raiseEpoch: async () => ++epoch,
    async load() {
      return structuredClone([...records.values()]);
    },
    async save(changes) {
      for (const [vehicleId, record] of changes) {
        if (record === undefined) records.delete(vehicleId);
        else records.set(vehicleId, structuredClone(record));
      }
    },
  };
}
