import type { Round } from "../round.ts";
import { sendToPlace } from "./exchange.ts";

/**
 * Containers whose vehicle has failed on its way to their crane wait for another one: it is to go to a place instead, once it is back at work.
 * Not one whose way to the crane is granted to its end (`turnsAt`): it may drive on as it was told, and nobody else comes there.
 */
export function relieveFailed(round: Round): void {
  const { nowMs, vehicles } = round.view;
  for (const { missionId, coming } of round.missions("wants-bay")) {
    if (coming === undefined || nowMs < coming.notBeforeMs) continue;
    const vehicle = vehicles.find(({ vehicleId }) => vehicleId === coming.vehicleId);
    if (vehicle?.unfit !== "has-failed" || vehicle.missionId !== missionId) continue;
    if (vehicle.turnsAt !== undefined) sendToPlace(vehicle, missionId, round);
  }
}
