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
  if (vehicle.failed !== undefined || !isTurnable(leg, pending)) return { kind: "not-now", expansions: 0 };
  const rest = restFor(zone, vehicle, pending.goal, poseOfPath(leg, leg.grantedRuns));
  if (rest === undefined) return { kind: "no-place", expansions: 0 };
  const { request, goal, stops, orderedAs } = leg;
  const tail = withdraw(zone, vehicle);
  if (tail === undefined) return { kind: "not-now", expansions: 0 };
  become(leg, pending);
  const answer = planTail(zone, tail, { rest });
  if (answer.kind !== "found") {
    Object.assign(leg, { request, goal, stops, orderedAs });
    reinstate(zone, tail);
    return { kind: "no-way", expansions: answer.expansions };
  }
  sayLeft(zone, vehicle, request);
  adoptTail(zone, tail, answer);
  if (isSilent(leg, tail)) sayEta(zone, vehicle, leg);
  settleTurn(zone, vehicle, leg);
  return { kind: "turned", expansions: answer.expansions };
}

/**
 * The same for a vehicle that has failed: it has no way to either end, so none is planned, and the leg becomes the other one as it stands, cut
 * where its grants end. Once it is back at work it is led to the new end, and never to the old one, which it was only shown. Returns whether it is so now.
 */
export function turnFailed(zone: Zone, vehicle: VehicleRecord, leg: Leg, pending: PendingLeg): boolean {
  if (vehicle.failed === undefined || !leg.cut || !isTurnable(leg, pending)) return false;
  sayLeft(zone, vehicle, leg.request);
  become(leg, pending);
  settleTurn(zone, vehicle, leg);
  return true;
}

function isTurnable(leg: Leg, pending: PendingLeg): boolean {
  if (!canTurn(leg) || !canBeTurnedTo(pending)) return false;
  // The end of what is granted is told as a node with nothing to do there, which cannot be changed any more (see `stay.ts`).
  return leg.grantedRuns === 0 || poseOfPath(leg, leg.grantedRuns) !== pending.goal;
}

/** From here on it is the leg that was asked for in its stead, no way to whose stops is known yet. */
function become(leg: Leg, { request, goal, vias, proceeded }: PendingLeg): void {
  Object.assign(leg, {
    orderedAs: orderOf(leg, leg.request),
    request,
    goal,
    stops: vias.map((via) => ({
      ...via,
      beforeRun: ENDLESS,
      proceeded: proceeded.has(via.pose),
      waitingSinceTick: undefined,
    })),
  });
}

function sayLeft(zone: Zone, { vehicleId }: VehicleRecord, { legId }: LegRequest): void {
  zone.events.push({ kind: "legAbandoned", vehicleId, legId, ok: true });
}

function settleTurn(zone: Zone, { vehicleId }: VehicleRecord, leg: Leg): void {
  // What it was shown beyond its grants leads elsewhere.
  if (leg.grantedRuns > 0) leg.revision++;
  // Another leg over what may be the same runs.
  zone.written.itineraries.delete(vehicleId);
  zone.changed.add(vehicleId);
  zone.pending.delete(vehicleId);
  zone.cuts.delete(vehicleId);
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
  if (vehicle !== undefined && onLeg !== undefined && waitsInVain(zone, vehicle, onLeg))
    return nodeOf(zone, vehicle.pose);
  if (onLeg !== undefined && leg?.request.legId !== onLeg) return undefined;
  if (leg === undefined || !canTurn(leg)) return undefined;
  return nodeOf(zone, poseOfPath(leg, leg.grantedRuns));
}

/** The leg that was asked for last of a vehicle that has failed, and that it is not on: it will not begin it by itself. */
export function waitsInVain(zone: Zone, { vehicleId, failed }: VehicleRecord, legId: LegId): boolean {
  return failed !== undefined && zone.pending.get(vehicleId)?.request.legId === legId;
}
