import type { VehicleId, VehicleRecord } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import type { Alarms } from "../alarms/port.ts";

/**
 * A state is due at least every 30 s (VDA 5050 2.1 section 6.10, 3.0 section 6.6). The connection topic alone does not
 * say that a vehicle is well: its session with the broker may stand while its controller does not.
 */
const LONGEST_SILENCE_MS = 40_000;

/** The alarm of each vehicle of ours that is connected and says nothing, until it does or its connection is known to be gone. */
export function silenceAlarms(
  alarms: Alarms,
  side: Side,
): { look(vehicles: Iterable<VehicleRecord>, nowMs: number): void } {
  let standing: ReadonlySet<VehicleId> = new Set();
  /** Nobody can have been silent for too long until then: being heard of puts that off, and only a clock set back brings it forward. */
  let quietUntilMs = Number.NEGATIVE_INFINITY;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  const alarmIdOf = (vehicleId: VehicleId): string => `vehicle.silent:${vehicleId}`;
  return {
    look(vehicles, nowMs) {
      const isQuiet = askedAtMs <= nowMs && nowMs <= quietUntilMs;
      askedAtMs = nowMs;
      if (isQuiet) return;
      const now = new Set<VehicleId>();
      // Nor one that is not known yet.
      quietUntilMs = nowMs + LONGEST_SILENCE_MS;
      for (const { vehicleId, connection, state, heardAtMs } of vehicles) {
        // One that is not of interest now may be at the next look, with the same last word.
        quietUntilMs = Math.min(quietUntilMs, (heardAtMs ?? nowMs) + LONGEST_SILENCE_MS);
        const isOurs = (state?.control?.authority ?? side) === side;
        if (connection !== "online" || !isOurs || heardAtMs === undefined) continue;
        if (nowMs - heardAtMs <= LONGEST_SILENCE_MS) continue;
        now.add(vehicleId);
        if (standing.has(vehicleId)) continue;
        const seconds = Math.round((nowMs - heardAtMs) / 1000);
        alarms.raise({
          alarmId: alarmIdOf(vehicleId),
          code: "vehicle.silent",
          facts: { seconds },
          detail: `connected, but no state for ${seconds} s; it keeps its ground, and nothing new is granted to it: look whether it stands, restart its controller`,
          priority: "high",
          vehicleId,
        });
      }
      for (const vehicleId of standing) if (!now.has(vehicleId)) alarms.clear(alarmIdOf(vehicleId));
      standing = now;
    },
  };
}
