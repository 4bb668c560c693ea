import type { DriveAction, VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, NodeId } from "@baton/maps";
import type { LegId } from "../port.ts";
import { nodeOf } from "./legs.ts";
import { isQueued } from "./queue.ts";
import { at } from "./runs.ts";
import { stretchRun } from "./stretch-run.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/** A leg as far as the ledger has confirmed it: all that a vehicle may be told of. */
export interface CommittedLeg {
  readonly vehicleId: VehicleId;
  readonly legId: LegId;
  /** The leg under whose name the vehicle has its order, when it was sent elsewhere on its way since. */
  readonly orderedAs?: LegId;
  /** Grows with each change of what is granted. */
  readonly revision: number;
  readonly commandedBy: "us" | "partner";
  readonly actionsAtEnd: readonly DriveAction[];
  readonly startNodeId: NodeId;
  /** The whole path, in driving order; without the partner's stretch, of which this side tells nobody. */
  readonly edgeIds: readonly EdgeId[];
  /** The path leads to the leg's end: false while the rest of it waits to be planned again, or for a place further on in a queue. */
  readonly leadsToEnd: boolean;
  /** The first so many edges are granted. */
  readonly grantedEdges: number;
  readonly completed: boolean;
}

/** `undefined` for a vehicle without a leg. To be called right after `confirmTick`. */
export function committedLegOf(zone: Zone, vehicle: VehicleRecord): CommittedLeg | undefined {
  const leg = vehicle.leg;
  if (leg === undefined || leg.confirmedRuns < 0) return undefined;
  const end = stretchRun(leg) ?? leg.runs.length;
  const moves = end === leg.runs.length ? leg.moves : leg.runs.slice(0, end).flatMap((run) => run.moves);
  let grantedEdges = 0;
  for (let k = 0; k < Math.min(leg.confirmedRuns, end); k++) grantedEdges += at(leg.runs, k).moves.length;
  return {
    vehicleId: vehicle.vehicleId,
    legId: leg.request.legId,
    ...(leg.orderedAs === undefined ? {} : { orderedAs: leg.orderedAs }),
    revision: leg.revision,
    commandedBy: leg.request.commandedBy,
    actionsAtEnd: leg.request.actionsAtEnd,
    startNodeId: nodeOf(zone, leg.startPose),
    edgeIds: moves.map((move) => at(zone.network.moves.edgeIds, move)),
    leadsToEnd: !leg.cut && !isQueued(leg),
    grantedEdges,
    completed: leg.completed,
  };
}
