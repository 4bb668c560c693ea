import type { EdgeId, NodeId } from "@baton/maps";
import type { ActionId, FleetOrderId, VehicleId } from "../port.ts";
import { type VehicleAddress, vehicleNameOf } from "./wire/index.ts";

/** The edge where text from a message becomes a name of one kind: the only casts of this room. */

export function vehicleIdOf(address: VehicleAddress): VehicleId {
  return vehicleNameOf(address) as VehicleId;
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
