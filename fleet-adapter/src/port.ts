import type { Branded, EdgeId, NodeId, Point, Pose, Side } from "@baton/maps";

export type VehicleId = Branded<"VehicleId">;
export type FleetOrderId = Branded<"FleetOrderId">;
export type ActionId = Branded<"ActionId">;

/**
 * What the orchestrator asks of any fleet, whatever protocol its vehicles speak.
 *
 * Frames: every pose that crosses this port is in the site frame; the adapter turns it into the map
 * frame of its own side. All methods return at once: delivery is the adapter's business (it repeats a
 * message until the vehicle's state reflects it), and what came of it arrives as an event.
 */
export interface FleetAdapter {
  /** Connects, subscribes, and begins to deliver events. */
  start(): Promise<void>;
  /** Ends delivery and disconnects. Vehicles keep what they hold. */
  stop(): Promise<void>;
  /** Called for each event, in the order received; the returned function ends it. */
  subscribe(listener: (event: FleetEvent) => void): () => void;
  /**
   * States which way a vehicle may go: `released` nodes and edges are granted (VDA 5050 base), the rest is
   * planned (horizon). Calling it again with the same `orderId` and a higher `revision` extends the base or
   * replaces the horizon; the base itself never shrinks. Idempotent.
   */
  drive(vehicleId: VehicleId, order: DriveOrder): void;
  /**
   * Gives up the vehicle's order where it stands, and whatever was stated to come after it; `orderEnded`
   * follows when the vehicle has confirmed. An order stated after the call waits until then. The order does
   * not come back: the way on is a new order. After a restart, `drive` the order again before cancelling it.
   */
  cancel(vehicleId: VehicleId): void;
  /** Asks for something now. Idempotent by `actionId`; `actionChanged` reports what became of it. */
  instruct(vehicleId: VehicleId, instruction: Instruction): void;
  /** Vehicles heard of so far, with the newest state of each. */
  vehicles(): ReadonlyMap<VehicleId, VehicleRecord>;
}

export interface VehicleRecord {
  readonly vehicleId: VehicleId;
  readonly connection: ConnectionState;
  readonly factsheet: Factsheet | undefined;
  readonly state: VehicleState | undefined;
  /** When anything was heard from it last, on this process's clock, kept messages of the broker not counted after the first; `state.atMs` is the vehicle's own word. */
  readonly heardAtMs?: number;
}

/** `asleep`: it hibernates (VDA 5050 3.0): it is there, stands, says nothing and hears only that it is to wake up. */
export type ConnectionState = "online" | "offline" | "broken" | "asleep";

export interface DriveOrder {
  readonly orderId: FleetOrderId;
  /** Grows with each change of one order; the first is 0. */
  readonly revision: number;
  readonly nodes: readonly DriveNode[];
  /** `edges[i]` leads from `nodes[i]` to `nodes[i + 1]`. */
  readonly edges: readonly DriveEdge[];
}

export interface DriveNode {
  readonly nodeId: NodeId;
  readonly released: boolean;
  readonly actions: readonly DriveAction[];
}

export interface DriveEdge {
  readonly edgeId: EdgeId;
  readonly released: boolean;
  readonly maxSpeedMps: number;
}

/** Something to do while standing at a node, named as in VDA 5050 2.1 section 6.8.2. */
export type DriveAction =
  | {
      readonly actionId: ActionId;
      readonly kind: "pick";
      readonly loadId: string;
      readonly stationId: string;
    }
  | {
      readonly actionId: ActionId;
      readonly kind: "drop";
      readonly loadId: string;
      readonly stationId: string;
    }
  | { readonly actionId: ActionId; readonly kind: "startCharging" };

export type Instruction =
  /** Stop inside the base. Taken from either side, latched per side; motion needs both latches clear. */
  | { readonly actionId: ActionId; readonly kind: "pause" }
  | { readonly actionId: ActionId; readonly kind: "resume" }
  | { readonly actionId: ActionId; readonly kind: "startCharging" }
  | { readonly actionId: ActionId; readonly kind: "stopCharging" }
  | { readonly actionId: ActionId; readonly kind: "stateRequest" }
  /** The vehicle keeps a report of what led to this. */
  | { readonly actionId: ActionId; readonly kind: "logReport"; readonly reason: string }
  /** Tells a vehicle that has lost its way where it stands; site frame. A person has to have looked. */
  | {
      readonly actionId: ActionId;
      readonly kind: "initialisePosition";
      readonly pose: Pose;
      readonly lastNodeId: NodeId;
    }
  /** What becomes of an action that failed and can be tried again (VDA 5050 3.0). */
  | { readonly actionId: ActionId; readonly kind: "retry" | "skipRetry"; readonly failedActionId: ActionId }
  /** To sleep, without an order, and awake again (VDA 5050 3.0). */
  | { readonly actionId: ActionId; readonly kind: "hibernate" | "wake" }
  | { readonly actionId: ActionId; readonly kind: "factsheetRequest" }
  /** The hand-off's point of no return: compare-and-set of the vehicle's control register. */
  | {
      readonly actionId: ActionId;
      readonly kind: "transferControl";
      readonly from: Side;
      readonly expectedEpoch: number;
      readonly to: Side;
      readonly handoffId: string;
      /** For a vehicle that rolls: only if what it is released to drive ends at this node. */
      readonly baseEndsAtNodeId?: NodeId;
    };

export type ActionStatus = "waiting" | "running" | "finished" | "failed";

/** The vehicle's own control register: who may command it. Only the authority in it may change it. */
export interface ControlRegister {
  readonly authority: Side;
  /** Grows by one with every change, never shrinks, survives the vehicle's restart. */
  readonly epoch: number;
  /** The hand-off that made the last change, if any. */
  readonly handoffId?: string;
}

export interface VehicleState {
  readonly vehicleId: VehicleId;
  /** When the vehicle says it was in this state. */
  readonly atMs: number;
  /** Site frame; undefined while the vehicle is not localised. */
  readonly pose: Pose | undefined;
  readonly speedMps: number;
  readonly driving: boolean;
  readonly pausedBy: readonly Side[];
  readonly orderId: FleetOrderId | undefined;
  /** The highest revision of this run's `DriveOrder` that the vehicle is known to hold; -1 when none of this run. */
  readonly orderRevision: number;
  readonly lastNodeId: NodeId | undefined;
  readonly lastNodeSequence: number;
  /** Released nodes not reached yet. */
  readonly nodesAhead: number;
  /** Those, in driving order; and the released edges to them, the one being driven first: it begins at `lastNodeId`. */
  readonly releasedNodeIds: readonly NodeId[];
  readonly releasedEdgeIds: readonly EdgeId[];
  /** Nodes and edges of its order beyond those, planned and not released (VDA 5050: the horizon). */
  readonly plannedAhead: number;
  readonly batteryPct: number;
  readonly charging: boolean;
  /** Containers on board, by number. */
  readonly loadIds: readonly string[];
  readonly operatingMode:
    | "automatic"
    | "intervened"
    | "semiautomatic"
    | "manual"
    | "service"
    | "teach-in"
    /** It is starting up: what it says of itself need not be so yet. */
    | "startup";
  readonly emergencyStop: boolean;
  /** Something is in its protective field; absent where a vehicle has no word for it. */
  readonly fieldViolation?: boolean;
  readonly control: ControlRegister | undefined;
  readonly errors: readonly VehicleError[];
  /** Actions that failed and wait to be tried again or given up (`retry`, `skipRetry`); absent when none does. */
  readonly retriable?: readonly RetriableAction[];
  /**
   * Ways on which it says that it will drive, by its own plan (VDA 5050 3.0 section 6.8), the one that reaches farthest
   * first; points from where it is on, site frame. Absent when it tells none, and while it is not localised.
   */
  readonly plannedWays?: readonly (readonly Point[])[];
}

export interface RetriableAction {
  readonly actionId: ActionId;
  /** In the vehicle's words: what it is, and why it failed where it says so. */
  readonly detail: string;
}

/** What vehicles report by types that the standard predefines, by what a person has to do about it. */
export type VehicleErrorKind =
  | "message-not-understood"
  | "order-not-possible"
  | "order-out-of-step"
  | "order-too-long"
  | "no-way"
  | "not-at-start"
  | "not-available"
  | "map-unknown"
  | "lost-its-place"
  | "left-its-ground"
  /** It is in a zone that it needs leave for, and has it no more (VDA 5050 3.0 section 6.4.1.1). */
  | "lost-its-permission";

export interface VehicleError {
  readonly type: string;
  /** Undefined for a type of the maker's own. */
  readonly kind?: VehicleErrorKind;
  readonly fatal: boolean;
  readonly description: string;
}

/** What a vehicle says of itself once. */
export interface Factsheet {
  readonly manufacturer: string;
  readonly serialNumber: string;
  readonly seriesName: string;
  readonly lengthM: number;
  readonly widthM: number;
  readonly maxSpeedMps: number;
  readonly maxLoadKg: number;
  /** What any mission asks for and this vehicle cannot do, a sentence each; it gets none while there is one. */
  readonly shortcomings?: readonly string[];
  /** VDA 5050 action types that it supports. */
  readonly actionTypes: readonly string[];
  /** It can be handed over while it rolls to the end of its base (see `transferControl`); else it has to stand. */
  readonly rollingHandoff?: boolean;
}

export type FleetEvent =
  | {
      readonly kind: "connection";
      readonly vehicleId: VehicleId;
      readonly connection: ConnectionState;
      readonly atMs: number;
    }
  | { readonly kind: "factsheet"; readonly vehicleId: VehicleId; readonly factsheet: Factsheet }
  | { readonly kind: "state"; readonly vehicleId: VehicleId; readonly state: VehicleState }
  | {
      readonly kind: "actionChanged";
      readonly vehicleId: VehicleId;
      readonly actionId: ActionId;
      readonly status: ActionStatus;
      readonly detail: string;
      readonly atMs: number;
    }
  /** The order is over on the vehicle: done with nothing left, or cancelled. */
  | {
      readonly kind: "orderEnded";
      readonly vehicleId: VehicleId;
      readonly orderId: FleetOrderId;
      readonly how: "finished" | "cancelled";
    }
  /** What a person was told of as `not-reflected` shows in the vehicle's state now, or is not asked for any more. */
  | { readonly kind: "confirmed"; readonly vehicleId: VehicleId; readonly atMs: number }
  /** Something is wrong that needs a person: an order refused, never reflected, a message that makes no sense. */
  | {
      readonly kind: "trouble";
      readonly vehicleId: VehicleId | undefined;
      readonly code:
        | "order-refused"
        | "not-reflected"
        | "invalid-message"
        | "vehicle-error"
        | "beyond-base"
        /** One that is not known yet, beyond the number that this side takes notice of; it is not heard. */
        | "too-many-vehicles";
      readonly detail: string;
      /** The detail in other languages, by ISO 639-1 code, where the vehicle has them (VDA 5050 3.0). */
      readonly translations?: Readonly<Record<string, string>>;
      /** Of a vehicle's error or refusal, where its type is one of the standard. */
      readonly errorKind?: VehicleErrorKind;
      readonly atMs: number;
    };
