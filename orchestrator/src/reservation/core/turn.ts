import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId } from "@baton/maps";
import type { LegId, LegRequest } from "../port.ts";
import { sayEta } from "./announce.ts";
import { nodeOf, poseOfPath } from "./legs.ts";
import { restFor } from "./places.ts";
import { isQueued } from "./queue.ts";
import { adoptTail, planTail, reinstate, type Tail, withdraw } from "./tail.ts";
import { ENDLESS } from "./ticks.ts";
import type { Leg, VehicleRecord } from "./vehicle.ts";
import type { PendingLeg, Zone } from "./zone.ts";

/**
 * Sends a vehicle elsewhere on its way: what is not granted of its leg is taken out of the queues, and a way is planned
 * from where the grants end to another end. When there is one, the leg becomes the other one, in the tick in which the old
 * end is given up: at no moment is the vehicle without a place that is its own. When there is none, all is put back exactly.
 *
 * Nothing new has to be proved of it: a tail that is taken out and planned again around everybody else keeps the joint plan
 * feasible whether it leads to the same end or to another. What is granted is not touched, so the vehicle brakes for nothing
 * that it was told, no grant ends in a junction, and the ground ahead of its tail stays its own.
 */

/** The leg that was asked for in its stead may take its place now: it is ours alone, its stops are made, its end is not granted. */
export function canTurn(leg: Leg): boolean {
  const { commandedBy, partnerStretch } = leg.request;
  if (leg.completed || commandedBy !== "us" || partnerStretch !== undefined) return false;
  if (leg.stops.some((stop) => !stop.proceeded)) return false;
  return leg.grantedRuns < leg.runs.length || leg.cut || isQueued(leg);
}

/** A vehicle on its way may begin it: a first stretch that is granted as a whole, or a partner's, begins where a vehicle stands. */
function canBeTurnedTo({ request, throughPose }: PendingLeg): boolean {
  return request.commandedBy === "us" && request.partnerStretch === undefined && throughPose === undefined;
}

type TurnOutcome =
  | { readonly kind: "turned"; readonly expansions: number }
  /** Not now, and perhaps from the old leg's end only. */
  | { readonly kind: "not-now"; readonly expansions: number }
  | { readonly kind: "no-place" | "no-way"; readonly expansions: number };

export function turn(zone: Zone, vehicle: VehicleRecord, leg: Leg, pending: PendingLeg): TurnOutcome {
  if (!canTurn(leg) || !canBeTurnedTo(pending) || vehicle.failed !== undefined)
    return { kind: "not-now", expansions: 0 };
  const from = poseOfPath(leg, leg.grantedRuns);
  // The end of what is granted is told as a node with nothing to do there, which cannot be changed any more (see `stay.ts`).
  if (from === pending.goal && leg.grantedRuns > 0) return { kind: "not-now", expansions: 0 };
  const rest = restFor(zone, vehicle, pending.goal, from);
  if (rest === undefined) return { kind: "no-place", expansions: 0 };
  const { request, goal, stops, orderedAs } = leg;
  const tail = withdraw(zone, vehicle);
  if (tail === undefined) return { kind: "not-now", expansions: 0 };
  Object.assign(leg, {
    request: pending.request,
    goal: pending.goal,
    stops: pending.vias.map((via) => ({
      ...via,
      beforeRun: ENDLESS,
      proceeded: pending.proceeded.has(via.pose),
      waitingSinceTick: undefined,
    })),
    orderedAs: orderOf(leg, request),
  });
  const answer = planTail(zone, tail, { rest });
  if (answer.kind !== "found") {
    Object.assign(leg, { request, goal, stops, orderedAs });
    reinstate(zone, tail);
    return { kind: "no-way", expansions: answer.expansions };
  }
  const { vehicleId } = vehicle;
  zone.events.push({ kind: "legAbandoned", vehicleId, legId: request.legId, ok: true });
  adoptTail(zone, tail, answer);
  if (isSilent(leg, tail)) sayEta(zone, vehicle, leg);
  // What it was shown beyond its grants leads elsewhere.
  if (leg.grantedRuns > 0) leg.revision++;
  // Another leg over what may be the same runs.
  zone.written.itineraries.delete(vehicleId);
  zone.pending.delete(vehicleId);
  zone.cuts.delete(vehicleId);
  return { kind: "turned", expansions: answer.expansions };
}

/** The order goes on under the name that the vehicle knows it by; one that it was told nothing of has no name yet. */
function orderOf(leg: Leg, { legId }: LegRequest): LegId | undefined {
  return leg.grantedRuns === 0 ? undefined : (leg.orderedAs ?? legId);
}

/** `adoptTail` has said no time of arrival, since it is the old leg's. */
function isSilent(leg: Leg, { before }: Tail): boolean {
  return leg.cut || leg.etaTick === before.etaTick;
}

/** One that was asked for now or not at all is over when the vehicle cannot be sent there now. */
export function giveUpTurn(zone: Zone, { request }: PendingLeg): void {
  const { vehicleId, legId } = request;
  zone.pending.delete(vehicleId);
  zone.events.push({ kind: "legRefused", vehicleId, legId, reason: "not-turned" });
}

/** See `Reservation.turningNode`. */
export function turningNode(zone: Zone, vehicleId: VehicleId, onLeg?: LegId): NodeId | undefined {
  const vehicle = zone.vehicles.get(vehicleId);
  const leg = vehicle?.leg;
  if (onLeg !== undefined && leg?.request.legId !== onLeg) return undefined;
  if (leg === undefined || vehicle?.failed !== undefined || !canTurn(leg)) return undefined;
  return nodeOf(zone, poseOfPath(leg, leg.grantedRuns));
}
