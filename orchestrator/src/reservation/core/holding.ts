import type { VehicleId } from "@baton/fleet-adapter";
import type { EdgeId } from "@baton/maps";
import type { Holding, WaitingFor } from "../port.ts";
import { isEndless, isGranted } from "./claims.ts";
import { blocker } from "./grant.ts";
import { at, row } from "./runs.ts";
import { msAt } from "./ticks.ts";
import { stopBefore, type VehicleRecord, type Visit } from "./vehicle.ts";
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
      waitingFor: waitingForEndpoint(zone, vehicle),
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
  const waits = leg.confirmedRuns === leg.grantedRuns && stopBefore(leg, leg.grantedRuns) === undefined;
  const first = waits ? blocker(zone, vehicle, leg) : undefined;
  return {
    legId: leg.request.legId,
    grantedEdgeIds,
    plannedEdgeIds,
    waitingFor: first === undefined ? undefined : explain(zone, first),
  };
}

/** A leg that could not be planned yet waits for who has its endpoint. */
function waitingForEndpoint(zone: Zone, vehicle: VehicleRecord): WaitingFor | undefined {
  const pending = zone.pending.get(vehicle.vehicleId);
  if (pending === undefined) return undefined;
  for (const block of row(zone.network.poses.blocks, pending.goal)) {
    const taken = at(zone.claims.queues, block).find(
      (visit) => visit.vehicle !== vehicle && isEndless(visit),
    );
    if (taken !== undefined) return explain(zone, taken);
  }
  return undefined;
}

function explain(zone: Zone, visit: Visit): WaitingFor {
  return {
    blockId: at(zone.network.blocks.ids, visit.block),
    heldBy: visit.vehicle.vehicleId,
    how: isGranted(visit) ? "held" : "claimed-before",
    projectedFreeAtMs: msAt(zone, visit.clearTick),
  };
}
