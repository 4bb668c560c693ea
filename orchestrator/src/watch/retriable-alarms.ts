import type { VehicleId, VehicleState } from "@baton/fleet-adapter";
import type { Alarms } from "../alarms/port.ts";

/** The alarm of each vehicle whose action failed and waits to be tried again or given up, until it does so no more. */
export function retriableAlarms(alarms: Alarms): { look(state: VehicleState): void } {
  const standing = new Map<VehicleId, string>();
  return {
    look({ vehicleId, retriable }) {
      const alarmId = `vehicle.action-retriable:${vehicleId}`;
      const now = retriable?.map(({ actionId }) => actionId).join(" ");
      if (standing.get(vehicleId) === now) return;
      // Another action than before is another alarm.
      if (standing.delete(vehicleId)) alarms.clear(alarmId);
      if (now === undefined) return;
      standing.set(vehicleId, now);
      const said = (retriable ?? []).map(({ detail }) => detail).join("; ");
      alarms.raise({
        alarmId,
        code: "vehicle.action-retriable",
        facts: { said },
        detail: `${said}: it stands and waits; look, then have it try again or give it up`,
        priority: "high",
        vehicleId,
      });
    },
  };
}
