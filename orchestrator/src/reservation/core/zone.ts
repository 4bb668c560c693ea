import type { VehicleId } from "@baton/fleet-adapter";
import type { Network, NodeId } from "@baton/maps";
import type { Admission, LegId, LegRequest, ReservationEvent } from "../port.ts";
import { Claims } from "./claims.ts";
import { DistanceTables } from "./heuristic.ts";
import type { CoreSettings } from "./kinematics.ts";
import { compileRuns, type RunTable } from "./runs.ts";
import type { VehicleRecord } from "./vehicle.ts";

/** What others ask of the zone; taken in at the beginning of a tick, in the order asked. */
export type Command =
  | { readonly kind: "admit"; readonly admission: Admission }
  | { readonly kind: "requestLeg"; readonly request: LegRequest }
  | {
      readonly kind: "proceed";
      readonly vehicleId: VehicleId;
      readonly legId: LegId;
      readonly nodeId: NodeId;
    }
  | { readonly kind: "abandonLeg"; readonly vehicleId: VehicleId; readonly legId: LegId }
  | { readonly kind: "dismiss"; readonly vehicleId: VehicleId };

/** The whole state of one zone's tick loop. Only the functions of this folder change it, one tick at a time. */
export interface Zone {
  readonly network: Network;
  readonly settings: CoreSettings;
  readonly table: RunTable;
  readonly distances: DistanceTables;
  readonly claims: Claims;
  readonly vehicles: Map<VehicleId, VehicleRecord>;
  /** Legs asked for and not planned yet, in the order asked. */
  readonly pending: Map<VehicleId, PendingLeg>;
  /** Vehicles whose stored record differs from what is here. */
  readonly changed: Set<VehicleId>;
  /** Events of the tick in work. */
  events: ReservationEvent[];
  tick: number;
}

export interface PendingLeg {
  readonly request: LegRequest;
  readonly goal: number;
  readonly vias: readonly { readonly pose: number; readonly dwellTicks: number }[];
  readonly throughPose: number | undefined;
  /** Poses of vias at which `proceed` was said before the leg was planned. */
  readonly proceeded: Set<number>;
  /** Said once a reason. */
  saidWaiting: "endpoint-taken" | "no-way" | "not-admitted" | undefined;
  notBeforeTick: number;
}

/** Throws `NetworkContradiction` for a network on which the rules here would not hold. */
export function createZone(network: Network, settings: CoreSettings): Zone {
  const table = compileRuns(network, settings);
  return {
    network,
    settings,
    table,
    distances: new DistanceTables(table),
    claims: new Claims(network.blocks.count),
    vehicles: new Map(),
    pending: new Map(),
    changed: new Set(),
    events: [],
    tick: 0,
  };
}
