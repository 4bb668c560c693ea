import type { VehicleId } from "@baton/fleet-adapter";

/** A vehicle of the street world. Only the world moves it; an engine sets `path` (beyond `granted`) and `granted`. */
export interface StreetVehicle {
  readonly index: number;
  readonly vehicleId: VehicleId;
  /** The pose where its trip began, or where it rests. */
  pose: number;
  /** Moves of its trip; empty while it has no way. */
  path: readonly number[];
  /** How many moves of the path it may drive. */
  granted: number;
  /** The move of the path it is on, and seconds into it; at `granted` and 0 it stands and has to wait. */
  edge: number;
  secondsIn: number;
  /** Where it is going; -1 while it rests. */
  goal: number;
  trips: number;
  tripFromS: number;
  freeFlowS: number;
  restsUntilS: number;
  stoppedUntilS: number;
  lastMovedS: number;
}

/** Who decides what vehicles may drive: the engine under test, or a peer. */
export interface StreetEngine {
  readonly name: string;
  /** The vehicle's trip to `vehicle.goal` begins. */
  depart(vehicle: StreetVehicle): void;
  /** Once a second, after all have moved. */
  decide(nowS: number): void | Promise<void>;
  /** Vehicles that can never move again, as far as the engine can tell: none when it cannot. */
  countStuck(): number;
}

export function isStanding(vehicle: StreetVehicle): boolean {
  return vehicle.secondsIn === 0 && vehicle.edge >= vehicle.granted;
}

/** The pose where it stands or that it left last. */
export function lastPose(vehicle: StreetVehicle, moveTo: Int32Array): number {
  const move = vehicle.path[vehicle.edge - 1];
  return move === undefined ? vehicle.pose : (moveTo[move] ?? vehicle.pose);
}
