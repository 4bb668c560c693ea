import type { VehicleId, VehicleState } from "@baton/fleet-adapter";

/** What a vehicle reports that stands without an order, a load or a fault; `change` is what a test is about. */
export function standingVehicle(vehicleId: VehicleId, change: Partial<VehicleState> = {}): VehicleState {
  return {
    vehicleId,
    atMs: 0,
    pose: undefined,
    speedMps: 0,
    driving: false,
    pausedBy: [],
    orderId: undefined,
    orderRevision: -1,
    lastNodeId: undefined,
    lastNodeSequence: 0,
    nodesAhead: 0,
    releasedNodeIds: [],
    releasedEdgeIds: [],
    plannedAhead: 0,
    batteryPct: 80,
    charging: false,
    loadIds: [],
    operatingMode: "automatic",
    emergencyStop: false,
    control: undefined,
    errors: [],
    ...change,
  };
}
