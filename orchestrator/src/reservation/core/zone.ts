import type { VehicleId } from "@baton/fleet-adapter";
import type { Network, NodeId } from "@baton/maps";
import type { Admission, Closure, ClosureId, LegId, LegRequest, ReservationEvent } from "../port.ts";
import { Claims } from "./claims.ts";
import { DistanceTables } from "./heuristic.ts";
import type { CoreSettings } from "./kinematics.ts";
import { compileRuns, type RunTable } from "./runs.ts";
import type { Tick } from "./ticks.ts";
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
  | { readonly kind: "dismiss"; readonly vehicleId: VehicleId }
  | { readonly kind: "close"; readonly closure: Closure }
  | { readonly kind: "open"; readonly closureId: ClosureId }
  | { readonly kind: "fail"; readonly vehicleId: VehicleId; readonly reason: string }
  | { readonly kind: "recover"; readonly vehicleId: VehicleId }
  | {
      readonly kind: "prioritise";
      readonly vehicleId: VehicleId;
      readonly legId: LegId;
      readonly priority: number;
    };

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
  /** The tick in work, counted from `originTick` (see `ticks.ts`). */
  tick: Tick;
  /** Absolute number of tick 0; set when the first tick is known. */
  originTick: number;
  /** Ground out of use, and how many closures cover each block. */
  readonly closures: Map<ClosureId, Closure>;
  readonly closedCount: Uint8Array;
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
    originTick: 0,
    closures: new Map(),
    closedCount: new Uint8Array(network.blocks.count),
  };
}
