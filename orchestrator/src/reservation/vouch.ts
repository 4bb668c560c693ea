import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId, Pose } from "@baton/maps";
import { holderBeside } from "./core/admission.ts";
import { closureAround } from "./core/rebuild.ts";
import { at, standable } from "./core/runs.ts";
import { contradiction, isRebuiltLeg } from "./core/testimony.ts";
import type { Zone } from "./core/zone.ts";
import { eventsOfLostLegs } from "./lost-legs.ts";
import type { Account, Reservation, Witnesses } from "./port.ts";
import type { Found, VouchOutcome } from "./service-port.ts";
import type { Telling } from "./telling.ts";

interface Means {
  /** As it is at the moment: another one when the ledger was led anew. */
  readonly zone: () => Zone;
  readonly reservation: Pick<Reservation, "admit" | "decided" | "dismiss" | "open" | "recover">;
  readonly telling: Telling;
  readonly witnesses: Witnesses | undefined;
}

/**
 * Takes a person's word for a vehicle, with the vehicle's own beside it (but for one that is gone). What follows from
 * it is asked of the zone, and true after the next tick.
 */
export async function vouch(means: Means, vehicleId: VehicleId, found: Found): Promise<VouchOutcome> {
  const { reservation } = means;
  if (!means.zone().vehicles.has(vehicleId)) return { kind: "refused", why: "it is not admitted" };
  if (found === "removed") return giveUp(means, vehicleId);
  const accounts = await means.witnesses?.accounts([vehicleId]);
  const account = accounts?.find((each) => each.vehicleId === vehicleId && each.confirmedProbe);
  if (account === undefined) return { kind: "refused", why: "it does not answer" };
  if (found === "stands-idle") return admitAnew(means, account);
  const zone = means.zone();
  const vehicle = zone.vehicles.get(vehicleId);
  if (vehicle === undefined) return { kind: "refused", why: "it is not admitted" };
  if (vehicle.leg !== undefined && isRebuiltLeg(vehicle.leg.request.legId))
    return { kind: "refused", why: "the ledger has lost its leg: have its order cancelled" };
  const why = contradiction(zone, vehicle, account);
  if (why !== undefined) return { kind: "refused", why };
  reservation.recover(vehicleId);
  reservation.open(closureAround(vehicleId));
  return { kind: "ok" };
}

/** Why a vehicle that reports this cannot be taken for one that stands at a place of its own; undefined when it can. */
export function whyNotIdleAt(
  zone: Zone,
  vehicleId: VehicleId,
  nodeId: NodeId,
  pose: Pose,
): string | undefined {
  const { network, settings } = zone;
  const index = network.poseIndex(nodeId);
  if (
    index === undefined ||
    !standable(network, index) ||
    Math.hypot(at(network.poses.xM, index) - pose.xM, at(network.poses.yM, index) - pose.yM) >
      settings.standToleranceM
  )
    return `it does not stand at a place where one may stand (its last is ${nodeId})`;
  const holder = holderBeside(zone, vehicleId, index);
  if (holder !== undefined) return `the ground where it stands (${nodeId}) is granted to ${holder.vehicleId}`;
  return undefined;
}

/** Its ground is free; whoever wanted it to drive somewhere hears that it will not, once that is so. */
function giveUp({ zone, reservation, telling }: Means, vehicleId: VehicleId): VouchOutcome {
  const leg = zone().vehicles.get(vehicleId)?.leg;
  const lost = eventsOfLostLegs(vehicleId, [
    zone().pending.get(vehicleId)?.request,
    leg?.completed === false ? leg.request : undefined,
  ]);
  reservation.dismiss(vehicleId);
  reservation.open(closureAround(vehicleId));
  void reservation.decided().then(() => {
    for (const event of lost) telling.event(event);
  });
  return { kind: "ok" };
}

/** From here on it is as one that has just come; a leg that was asked for it is to be asked for under another id. */
function admitAnew({ zone: now, reservation, telling }: Means, account: Account): VouchOutcome {
  const zone = now();
  const { network } = zone;
  const { vehicleId, lastNodeId: nodeId, pose } = account;
  if (!account.isOrderDone) return { kind: "refused", why: "it has an order: have that cancelled first" };
  const why = whyNotIdleAt(zone, vehicleId, nodeId, pose);
  if (why !== undefined) return { kind: "refused", why };
  const vehicle = zone.vehicles.get(vehicleId);
  const inForce = vehicle?.leg?.request.legId;
  const lost = [
    zone.pending.get(vehicleId)?.request.legId,
    // Its order was given up, so that this one does not come back either.
    inForce === undefined || isRebuiltLeg(inForce) ? undefined : inForce,
  ];
  const vehicleClassId = vehicle?.vehicleClassId ?? network.vehicleClassId;
  // At once: given up first, its ground could go to whoever planned to come over it.
  reservation.admit({ vehicleId, vehicleClassId, nodeId, anew: true });
  reservation.open(closureAround(vehicleId));
  for (const legId of lost) {
    if (legId !== undefined) telling.event({ kind: "legRefused", vehicleId, legId, reason: "order-lost" });
  }
  return { kind: "ok" };
}
