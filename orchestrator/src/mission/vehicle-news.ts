import type { Factsheet, VehicleState } from "@baton/fleet-adapter";
import { isBeyondLine } from "./beyond-line.ts";
import { byVehicle, byVisit, type MissionContext } from "./context.ts";
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
    byVehicle(context) !== undefined &&
    handoff?.switched === true &&
    pose !== undefined &&
    isBeyondLine(side, pose, vehicle);
  const isSameLoad =
    vehicle.loadIds.length === loadIds.length && loadIds.every((one) => vehicle.loadIds.includes(one));
  const isSameBattery = Math.abs(vehicle.batteryPct - batteryPct) < BATTERY_STEP_PCT;
  const rolls = context.rollsToLine !== true && rollsToLine(context, state, factsheet);
  const isAtPad = context.visit?.isAtPad !== true && standsAtPad(context, state);
  if (isSameLoad && isSameBattery && !beyondLine && !rolls && !isAtPad) return undefined;
  return {
    type: "vehicle",
    loadIds,
    batteryPct,
    beyondLine,
    ...(rolls ? { rollsToLine: true } : {}),
    ...(isAtPad ? { isAtPad: true } : {}),
  };
}

/** As near to its place as a vehicle that stands there is. */
const AT_PAD_M = 1;

/** Whether the vehicle by its own report stands at the exchange pad, as a visitor of ours. */
function standsAtPad(context: MissionContext, { pose, driving, speedMps }: VehicleState): boolean {
  const line = byVisit(context);
  if (line === undefined || context.bound === "outbound" || pose === undefined) return false;
  if (driving || speedMps > 0) return false;
  return Math.hypot(pose.xM - line.padXM, pose.yM - line.padYM) <= AT_PAD_M;
}
