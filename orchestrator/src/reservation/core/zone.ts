import type { VehicleId } from "@baton/fleet-adapter";
import type { Network, NodeId } from "@baton/maps";
import type { Admission, Closure, ClosureId, LegId, LegRequest, ReservationEvent } from "../port.ts";
import type { Claims } from "./claims.ts";
import type { DistanceTables } from "./heuristic.ts";
import type { CoreSettings } from "./kinematics.ts";
import type { PlanAnswer, PlanQuestion } from "./plan.ts";
import type { Random } from "./random.ts";
import type { RunTable } from "./run-table.ts";
import type { Tick } from "./ticks.ts";
import type { Trial } from "./trial.ts";
import type { VehicleRecord } from "./vehicle.ts";
import type { Written } from "./written.ts";

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
  /** By the head of each FIFO queue: its places, the head last. */
  readonly queues: ReadonlyMap<number, readonly number[]>;
  readonly jumps: { tryJump(zone: Zone, vehicle: VehicleRecord): boolean };
  readonly vehicles: Map<VehicleId, VehicleRecord>;
  /** Legs asked for and not planned yet, in the order asked. */
  readonly pending: Map<VehicleId, PendingLeg>;
  /** Vehicles whose leg is cut and to be planned again. */
  readonly cuts: Map<VehicleId, Cut>;
  /** Legs that became more urgent, to be let by. */
  readonly hurried: Set<VehicleId>;
  /** Vehicles whose stored record differs from what is here. */
  readonly changed: Set<VehicleId>;
  /** What the ledger has, as far as it is needed to know what to write. */
  readonly written: Written;
  /** Events of the tick in work. */
  events: ReservationEvent[];
  /** The tick in work, counted from `originTick` (see `ticks.ts`). */
  tick: Tick;
  /** Absolute number of tick 0; set when the first tick is known. */
  originTick: number;
  /** Ground out of use, and how many closures cover each block. */
  readonly closures: Map<ClosureId, Closure>;
  readonly closedCount: Uint8Array;
  /** By run: 1 when closed ground is on it. */
  readonly shutRuns: Uint8Array;
  /** For choices that may be any, and are the same in every run. */
  readonly random: Random;
  /** Kept from plan to plan, so that planning allocates nothing but plans. */
  search: { find(zone: Zone, question: PlanQuestion): PlanAnswer } | undefined;
  trial: Trial | undefined;
}

export interface PendingLeg {
  readonly request: LegRequest;
  readonly goal: number;
  readonly vias: readonly { readonly pose: number; readonly dwellTicks: number }[];
  readonly throughPose: number | undefined;
  /** Poses of vias at which `proceed` was said before the leg was planned. */
  readonly proceeded: Set<number>;
  /** Said once a reason. */
  saidWaiting: WaitingReason | undefined;
  readonly sinceTick: number;
  notBeforeTick: number;
  /** How often no way was found. */
  tries: number;
  /** Its vehicle was told that its way ends where it is to go (see `stay.ts`). */
  toldToStay: boolean;
}

export type WaitingReason = Extract<ReservationEvent, { kind: "legWaiting" }>["reason"];

/** What is left of a leg that was cut is to be planned again. */
export interface Cut {
  readonly sinceTick: number;
  notBeforeTick: number;
  tries: number;
  /** That the vehicle is trapped was said. */
  said: boolean;
}
