import type { VehicleState } from "@baton/fleet-adapter";
import { isBeyondLine } from "./beyond-line.ts";
import type { MissionContext } from "./context.ts";
import type { MissionEvent } from "./events.ts";

/** A battery goes into the manifest; a mission is not woken for every tenth of a per cent. */
const BATTERY_STEP_PCT = 5;

type VehicleNews = Omit<Extract<MissionEvent, { type: "vehicle" }>, "atMs" | "spareId">;

/** What a state of its vehicle says to a mission that it does not know yet; vehicles report many times a second. */
export function vehicleNews(
  { side, bound, vehicle, handoff }: MissionContext,
  { loadIds, batteryPct, pose }: VehicleState,
): VehicleNews | undefined {
  if (vehicle === undefined) return undefined;
  const beyondLine =
    bound === "outbound" &&
    handoff?.switched === true &&
    pose !== undefined &&
    isBeyondLine(side, pose, vehicle);
  const isSameLoad =
    vehicle.loadIds.length === loadIds.length && loadIds.every((one) => vehicle.loadIds.includes(one));
  const isSameBattery = Math.abs(vehicle.batteryPct - batteryPct) < BATTERY_STEP_PCT;
  if (isSameLoad && isSameBattery && !beyondLine) return undefined;
  return { type: "vehicle", loadIds, batteryPct, beyondLine };
}
