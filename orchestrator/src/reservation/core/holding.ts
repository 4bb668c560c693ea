import type { VehicleId } from "@baton/fleet-adapter";
import type { EdgeId } from "@baton/maps";
import type { Holding, WaitingFor } from "../port.ts";
import { isGranted } from "./claims.ts";
import { obstacleOf } from "./explain.ts";
import { at } from "./runs.ts";
import { msAt } from "./ticks.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** What a vehicle holds and plans, as far as the ledger has confirmed it. */
export function holdingOf(zone: Zone, vehicleId: VehicleId): Holding | undefined {
  const vehicle = zone.vehicles.get(vehicleId);
  if (vehicle === undefined) return undefined;
  const leg = vehicle.leg;
  if (leg === undefined || leg.confirmedRuns < 0 || leg.completed) {
    return {
      legId: leg?.completed === true ? leg.request.legId : undefined,
      grantedEdgeIds: [],
      plannedEdgeIds: [],
      waitingFor: waitingFor(zone, vehicle),
    };
  }
  const grantedEdgeIds: EdgeId[] = [];
  const plannedEdgeIds: EdgeId[] = [];
  const grantedM = at(leg.poseAtM, leg.confirmedRuns);
  leg.moves.forEach((move, i) => {
    if (i < leg.reachedMoves) return;
    const edgeId = at(zone.network.moves.edgeIds, move);
    (at(leg.moveEndM, i) <= grantedM + 1e-6 ? grantedEdgeIds : plannedEdgeIds).push(edgeId);
  });
  const told = leg.confirmedRuns === leg.grantedRuns;
  return {
    legId: leg.request.legId,
    grantedEdgeIds,
    plannedEdgeIds,
    waitingFor: told ? waitingFor(zone, vehicle) : undefined,
  };
}

/** The first link of the chain that `explain` tells. */
function waitingFor(zone: Zone, vehicle: VehicleRecord): WaitingFor | undefined {
  const obstacle = obstacleOf(zone, vehicle);
  if (obstacle === undefined) return undefined;
  const { visit } = obstacle;
  return {
    blockId: at(zone.network.blocks.ids, visit.block),
    heldBy: visit.vehicle.vehicleId,
    how: isGranted(visit) ? "held" : "claimed-before",
    projectedFreeAtMs: msAt(zone, visit.clearTick),
  };
}
