import type { Factsheet, VehicleState } from "@baton/fleet-adapter";
import { isBeyondLine } from "./beyond-line.ts";
import type { MissionContext } from "./context.ts";
import type { MissionEvent } from "./events.ts";
import { rollsToLine } from "./rolls-to-line.ts";

/** A battery goes into the manifest; a mission is not woken for every tenth of a per cent. */
const BATTERY_STEP_PCT = 5;

type VehicleNews = Omit<Extract<MissionEvent, { type: "vehicle" }>, "atMs" | "spareId">;

/** What a state of its vehicle says to a mission that it does not know yet; vehicles report many times a second. */
export function vehicleNews(
  context: MissionContext,
  state: VehicleState,
  factsheet: Factsheet | undefined,
): VehicleNews | undefined {
  const { side, bound, vehicle, handoff } = context;
  const { loadIds, batteryPct, pose } = state;
  if (vehicle === undefined) return undefined;
  const beyondLine =
    bound === "outbound" &&
    handoff?.switched === true &&
    pose !== undefined &&
    isBeyondLine(side, pose, vehicle);
  const isSameLoad =
    vehicle.loadIds.length === loadIds.length && loadIds.every((one) => vehicle.loadIds.includes(one));
  const isSameBattery = Math.abs(vehicle.batteryPct - batteryPct) < BATTERY_STEP_PCT;
  const rolls = context.rollsToLine !== true && rollsToLine(context, state, factsheet);
  if (isSameLoad && isSameBattery && !beyondLine && !rolls) return undefined;
  return { type: "vehicle", loadIds, batteryPct, beyondLine, ...(rolls ? { rollsToLine: true } : {}) };
}
