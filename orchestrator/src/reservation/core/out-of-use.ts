import type { OutOfUse } from "../port.ts";
import type { Zone } from "./zone.ts";

/** What cannot be used for now. */
export function outOfUseOf(zone: Zone): OutOfUse {
  const failed = [...zone.vehicles.values()].flatMap(({ vehicleId, failed: reason }) =>
    reason === undefined ? [] : [{ vehicleId, reason }],
  );
  return { closures: [...zone.closures.values()], failed };
}
