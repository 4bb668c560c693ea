import type { VehicleId } from "@baton/fleet-adapter";
import type { Admission } from "../port.ts";
import { isGranted } from "./claims.ts";
import { tryAllAgain } from "./closures.ts";
import { isItsGround } from "./fenced.ts";
import { occupy } from "./legs.ts";
import { at, row } from "./runs.ts";
import { withdraw } from "./tail.ts";
import { createVehicle, type VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * Takes a vehicle in where it stands, when that ground is granted to nobody else; whoever only planned to use it is planned around it. One
 * that has yet to come there has to find it free of plans, too.
 */
export function admit(zone: Zone, admission: Admission): void {
  const { vehicleId, nodeId, anew = false, approaching = false } = admission;
  const known = zone.vehicles.get(vehicleId);
  if (known !== undefined && !anew) {
    zone.events.push({ kind: "admitted", vehicleId });
    return;
  }
  const pose = zone.network.poseIndex(nodeId);
  if (pose === undefined) {
    zone.events.push({ kind: "admissionRefused", vehicleId, reason: "unknown-node" });
    return;
  }
  if (!isItsGround(zone, vehicleId, pose)) {
    zone.events.push({ kind: "admissionRefused", vehicleId, reason: "not-its-ground" });
    return;
  }
  // To stand in the way of a plan without end cuts the other one off: one that stands there does so whether it is taken in or not.
  const isElsewhere = known === undefined && approaching;
  const inTheWay = isElsewhere ? userOf(zone, pose) : holderBeside(zone, vehicleId, pose);
  if (inTheWay !== undefined) {
    const heldBy = inTheWay.vehicleId;
    zone.events.push({ kind: "admissionRefused", vehicleId, reason: "ground-held", heldBy });
    return;
  }
  makeRoom(zone, vehicleId, pose);
  if (known !== undefined) dismiss(zone, vehicleId);
  const vehicle = comeTo(admission, pose);
  zone.vehicles.set(vehicleId, vehicle);
  occupy(zone, vehicle);
  zone.changed.add(vehicleId);
  zone.events.push({ kind: "admitted", vehicleId });
}

/** Whom a vehicle that says that it stands at a pose cannot have there: the ground is granted to another one. */
export function holderBeside(zone: Zone, vehicleId: VehicleId, pose: number): VehicleRecord | undefined {
  for (const block of row(zone.network.poses.blocks, pose)) {
    const holder = zone.claims.holder(block);
    if (holder !== undefined && holder.vehicleId !== vehicleId) return holder;
  }
  return undefined;
}

/** The vehicle is gone: all that it held and planned is free. */
export function dismiss(zone: Zone, vehicleId: VehicleId): void {
  zone.pending.delete(vehicleId);
  const vehicle = zone.vehicles.get(vehicleId);
  if (vehicle === undefined) return;
  const granted = vehicle.visits.filter(isGranted);
  for (const visit of vehicle.visits) if (!granted.includes(visit)) zone.claims.remove(visit);
  for (const visit of granted) zone.claims.remove(visit);
  zone.vehicles.delete(vehicleId);
  zone.cuts.delete(vehicleId);
  tryAllAgain(zone);
  zone.changed.add(vehicleId);
}

/** Who uses the ground of a pose first, or plans to. */
function userOf(zone: Zone, pose: number): VehicleRecord | undefined {
  for (const block of row(zone.network.poses.blocks, pose)) {
    const first = at(zone.claims.queues, block)[0];
    if (first !== undefined) return first.vehicle;
  }
  return undefined;
}

/** Others that plan to use the ground of a pose are cut where their grants end, to be planned around who stands there. */
function makeRoom(zone: Zone, vehicleId: VehicleId, pose: number): void {
  for (const block of row(zone.network.poses.blocks, pose)) {
    const planned = at(zone.claims.queues, block).filter(({ vehicle }) => vehicle.vehicleId !== vehicleId);
    for (const visit of planned) withdraw(zone, visit.vehicle);
  }
}

function comeTo({ vehicleId, vehicleClassId, approaching = false }: Admission, pose: number): VehicleRecord {
  const vehicle = createVehicle(vehicleId, vehicleClassId, pose);
  vehicle.located = approaching;
  vehicle.approaching = approaching;
  return vehicle;
}
