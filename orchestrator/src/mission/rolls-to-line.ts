import type { Factsheet, VehicleState } from "@baton/fleet-adapter";
import { byVehicle, type MissionContext } from "./context.ts";

/**
 * So long before it would be at the hold line the partner is told. At 10 km/h a vehicle brakes for 5.6 s from 7.7 m before it, so
 * that there are two seconds and a half for the partner's `go` and its order; told sooner, the partner's ground would
 * wait for the vehicle, told later, the vehicle would have to brake.
 */
const READY_AHEAD_S = 5;

/**
 * Whether the vehicle, by its own report, is about to come to the hold line with a base that ends there and nothing planned
 * beyond, and can be handed over as it rolls.
 */
export function rollsToLine(
  context: Pick<MissionContext, "line" | "bound" | "side" | "vehicle">,
  { pose, speedMps, releasedNodeIds, plannedAhead }: VehicleState,
  factsheet: Factsheet | undefined,
): boolean {
  const line = byVehicle(context);
  if (context.bound !== "outbound" || line === undefined || factsheet?.rollingHandoff !== true) return false;
  if (pose === undefined || line.holdXM === undefined || speedMps <= 0) return false;
  if (releasedNodeIds.at(-1) !== line.holdNodeId || plannedAhead > 0) return false;
  return Math.abs(line.holdXM - pose.xM) <= speedMps * READY_AHEAD_S;
}
