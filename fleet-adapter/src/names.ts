import type { EdgeId, NodeId } from "@baton/maps";
import type { ActionId, FleetOrderId, VehicleId } from "./port.ts";

/** A vehicle as its maker names it, in every protocol. */
export interface VehicleAddress {
  readonly manufacturer: string;
  readonly serialNumber: string;
}

/** The reverse of `vehicleIdOf`; a manufacturer has no dot in its name, a serial number may. */
export function vehicleAddressOf(vehicleName: string): VehicleAddress | undefined {
  const dot = vehicleName.indexOf(".");
  if (dot <= 0 || dot === vehicleName.length - 1) return undefined;
  return { manufacturer: vehicleName.slice(0, dot), serialNumber: vehicleName.slice(dot + 1) };
}

/** The edge where text from a message becomes a name of one kind: the only casts of this room. */

/** `<manufacturer>.<serialNumber>`: how a vehicle is named inside Baton. */
export function vehicleIdOf(vehicle: VehicleAddress): VehicleId {
  return `${vehicle.manufacturer}.${vehicle.serialNumber}` as VehicleId;
}

export function orderIdOf(text: string): FleetOrderId {
  return text as FleetOrderId;
}

export function actionIdOf(text: string): ActionId {
  return text as ActionId;
}

export function nodeIdOf(text: string): NodeId {
  return text as NodeId;
}

export function edgeIdOf(text: string): EdgeId {
  return text as EdgeId;
}
