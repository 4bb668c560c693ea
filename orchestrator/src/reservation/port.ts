import type { DriveAction, VehicleId } from "@baton/fleet-adapter";
import type { BlockId, Branded, EdgeId, NodeId, Pose, VehicleClassId, ZoneId } from "@baton/maps";

export type LegId = Branded<"LegId">;

/**
 * What the rest of the orchestrator asks of the real-time core. Requests are queued and take effect in the
 * next tick; what came of them arrives as events, after the tick that caused them was committed.
 */
export interface Reservation {
  /**
   * A vehicle that stands on (or is about to be handed onto) this side's ground: its body is granted where it stands, and others that
   * planned to use its place are planned around it; refused while that ground is granted to another one. `admitted` or
   * `admissionRefused` follows.
   */
  admit(admission: Admission): void;
  /**
   * Asks for the way to `toNodeId`, which stays reserved for the vehicle without end. One leg a vehicle at a time.
   * Idempotent by `legId`: a leg that is known already is announced again as it stands (planned, granted, waiting,
   * completed), so that whoever restarted learns what happened meanwhile.
   */
  requestLeg(leg: LegRequest): void;
  /** Lets the vehicle go on from a `via` node at which it was to wait. Idempotent. */
  proceed(vehicleId: VehicleId, legId: LegId, nodeId: NodeId): void;
  /**
   * Takes back a leg of which the vehicle has not been told anything (a hand-off that was withdrawn):
   * claims and grants beyond the body are given up. A vehicle that was told is sent elsewhere by `LegRequest.insteadOf`. Refused when the vehicle has left the leg's first node.
   * Of a leg with a `partnerStretch` only that is taken back, unless the vehicle has gone onto it: the leg ends where it began.
   */
  abandonLeg(vehicleId: VehicleId, legId: LegId): void;
  /** The vehicle has left this side's ground, or was removed by a person: all it holds is released. */
  dismiss(vehicleId: VehicleId): void;
  /** A report of where a vehicle is. The newest before a tick counts. */
  observe(observation: Observation): void;
  /** Takes ground out of use: nothing new is granted or planned over it until it is opened. Idempotent by `closureId`. */
  close(closure: Closure): void;
  open(closureId: ClosureId): void;
  /** The vehicle will not drive on by itself: a fixed obstacle, around which others are planned again. Idempotent. */
  fail(vehicleId: VehicleId, reason: string): void;
  /** A person has put it back to work. Idempotent. */
  recover(vehicleId: VehicleId): void;
  /** Changes how urgent a leg is; what is not granted yet may be planned again for it. */
  prioritise(vehicleId: VehicleId, legId: LegId, priority: number): void;
  /**
   * Resolves when all that was asked so far has been decided and what came of it is written: a process that dies before may not have
   * done it, and whoever asked for what no event answers asks the next one again. Never resolves where it does not come to that.
   */
  decided(): Promise<void>;
  subscribe(listener: (event: ReservationEvent) => void): () => void;
  /** Why the vehicle stands or waits, down to who has to move first. `undefined` for a vehicle that is not admitted. */
  explain(vehicleId: VehicleId): Explanation | undefined;
  /** Whether a vehicle has a place on this side's ground: what `holding` says without saying what. */
  isAdmitted(vehicleId: VehicleId): boolean;
  /** What a vehicle holds and plans at this moment, for the twin and for explaining. */
  holding(vehicleId: VehicleId): Holding | undefined;
  /**
   * Where a vehicle that drives could turn to another end (`LegRequest.insteadOf`): where its grants end. `undefined` for one that is
   * on no leg, or on another one than that of the name given, whose end is granted, that has stops before it or that is not this side's
   * to command.
   */
  turningNode(vehicleId: VehicleId, onLeg?: LegId): NodeId | undefined;
  /** Every vehicle with a place, heard of by this process or not: after a restart the ledger knows them first. */
  standing(): readonly Standing[];
  /** Closures that stand and vehicles that have failed, as the zone has taken them in. */
  outOfUse(): OutOfUse;
}

export interface Admission {
  readonly vehicleId: VehicleId;
  readonly vehicleClassId: VehicleClassId;
  /** The stop pose where it stands. */
  readonly nodeId: NodeId;
  /**
   * It may still be on its way there, driven by the partner, who has no other way for it: until it is seen on this side's
   * way, a report from before that place is taken for "not there yet", and keeps nobody from granting it ground. Refused, too, while
   * others plan to use that place.
   */
  readonly approaching?: boolean;
  /**
   * It may be admitted already: then it is taken for one that has just come, in the same tick in which all else that it held and planned is
   * given up. Refused, and nothing is changed, when its place is granted to another one.
   */
  readonly anew?: boolean;
}

export interface LegRequest {
  readonly legId: LegId;
  readonly vehicleId: VehicleId;
  /** Places on the way where the vehicle stops until `proceed`, in driving order. */
  readonly via: readonly Via[];
  readonly toNodeId: NodeId;
  /** Moves are granted to begin with only when all are free up to and including this node (a hand-off's first stretch). */
  readonly firstGrantThroughNodeId?: NodeId;
  /** What the vehicle does at the end of the leg (pick, drop, charge); goes into the vehicle's order. */
  readonly actionsAtEnd: readonly DriveAction[];
  /** Larger is more urgent; planned first within a tick. */
  readonly priority: number;
  /** Who tells the vehicle: `partner` while it is the partner's to command over our part of the strip. */
  readonly commandedBy: "us" | "partner";
  /**
   * Where the partner drives it on from the leg's end, `toNodeId`, without a stop if all goes well: the way there is planned
   * and granted, as one run, when the vehicle comes near the end of what is ours to command. The vehicle's order ends there.
   */
  readonly partnerStretch?: { readonly throughNodeId: NodeId };
  /**
   * A leg that the vehicle may be on: it is to be sent here from where its grants end, as soon as there is a way and a place; until then,
   * or if there never is, it drives that leg, to its end if need be, and comes from there. One that went aside to just this place stays
   * there. `legAbandoned` says that that leg is no more.
   */
  readonly insteadOf?: LegId;
  /**
   * With `insteadOf`, of a vehicle that has something to do at its old end which it must not be called away from: it is sent here at once, from
   * where its grants end, or this is refused (`not-turned`) and it drives on as it was told. It never comes from the old leg's end.
   * One that has failed has no way to either: the old leg is over at once, and this one is its leg for when it is back at work.
   */
  readonly orNever?: boolean;
}

export type ClosureId = Branded<"ClosureId">;

/** Ground out of use, named by the edges that lead over it: every block of their swept ground is closed. */
export interface Closure {
  readonly closureId: ClosureId;
  readonly edgeIds: readonly EdgeId[];
  readonly reason: string;
}

/** What cannot be used for now: ground that was closed, vehicles that will not drive on by themselves. */
export interface OutOfUse {
  readonly closures: readonly Closure[];
  readonly failed: readonly { readonly vehicleId: VehicleId; readonly reason: string }[];
}

/** Why a vehicle stands: the chain of who waits for whom, from this vehicle to the one that has to move first. */
export interface Explanation {
  readonly vehicleId: VehicleId;
  readonly legId: LegId | undefined;
  /** Empty when nothing is in its way. Each link waits for the next one's vehicle. */
  readonly chain: readonly ChainLink[];
  readonly head: ChainHead;
}

export interface ChainLink {
  readonly vehicleId: VehicleId;
  readonly blockId: BlockId;
  readonly heldBy: VehicleId;
  /** `queued-before`: it is the next one in the queue before the place where the leg ends. */
  readonly how: "held" | "claimed-before" | "endpoint-taken" | "queued-before";
  /** When the block is expected to be free for the one who waits; `undefined` when that cannot be told. */
  readonly projectedFreeTick: number | undefined;
  readonly projectedFreeAtMs: number | undefined;
}

/** The vehicle at the end of the chain, and what it does or lacks. */
export interface ChainHead {
  readonly vehicleId: VehicleId;
  readonly because:
    | "drives"
    | "at-rest"
    | "waits-for-proceed"
    | "waits-for-a-plan"
    | "has-failed"
    | "is-not-located"
    | "ground-closed";
}

export interface Via {
  readonly nodeId: NodeId;
  /** How long it is expected to stand there, for planning; how long it really stands is up to `proceed`. */
  readonly expectedDwellMs: number;
}

export interface Observation {
  readonly vehicleId: VehicleId;
  readonly pose: Pose;
  readonly speedMps: number;
  readonly driving: boolean;
  readonly atMs: number;
}

/** What a vehicle says of itself when it is asked for it: enough to know what ground it may be on, or drive onto. */
export interface Account {
  readonly vehicleId: VehicleId;
  readonly pose: Pose;
  /** The leg whose order it drives, or has driven last. */
  readonly legId: LegId | undefined;
  /** The node it reached last. */
  readonly lastNodeId: NodeId;
  /** Released and not behind it, in driving order; the first edge is the one that begins at `lastNodeId`. */
  readonly releasedEdgeIds: readonly EdgeId[];
  readonly releasedNodeIds: readonly NodeId[];
  /** Nothing is left of its order, neither released nor planned; also without an order. */
  readonly isOrderDone: boolean;
  /** It was asked after this process took the lead, and this is its answer: nothing older counts. */
  readonly confirmedProbe: boolean;
}

/** Who can ask vehicles where they are. Needed where the ledger may lose writes: a replica that was promoted. */
export interface Witnesses {
  /**
   * Asks every vehicle that this side commands for a fresh state, those named and any other, and resolves with what
   * was answered in time. A vehicle that does not answer is left out. Rejects with `WitnessesAway` when not one of
   * several does: then it is more likely that nobody can be asked.
   */
  accounts(known: readonly VehicleId[]): Promise<readonly Account[]>;
}

/** Vehicles cannot be asked where they are. Retryable; nothing is granted meanwhile. */
export class WitnessesAway extends Error {
  readonly code = "witnesses-away";
}

/** Where a vehicle may be found standing: where it comes to rest, and before that where it set out, unless it was seen to have left. */
export interface Standing {
  readonly vehicleId: VehicleId;
  readonly nodeIds: readonly NodeId[];
}

export interface Holding {
  readonly legId: LegId | undefined;
  /** Edges of the leg not left behind yet: granted first, then planned. */
  readonly grantedEdgeIds: readonly EdgeId[];
  readonly plannedEdgeIds: readonly EdgeId[];
  readonly waitingFor: WaitingFor | undefined;
}

/** Why a vehicle stands: the block it needs next, who has it, and when it is expected to be free. */
export interface WaitingFor {
  readonly blockId: string;
  readonly heldBy: VehicleId;
  readonly how: "held" | "claimed-before";
  readonly projectedFreeAtMs: number | undefined;
}

export type ReservationEvent =
  | { readonly kind: "admitted"; readonly vehicleId: VehicleId }
  | {
      readonly kind: "admissionRefused";
      readonly vehicleId: VehicleId;
      /** `not-its-ground`: the place is in a fence for others, or the vehicle has its place in a fence and this is not in it. */
      readonly reason: "unknown-node" | "ground-held" | "not-its-ground";
      readonly heldBy?: VehicleId;
    }
  | {
      readonly kind: "legPlanned";
      readonly vehicleId: VehicleId;
      readonly legId: LegId;
      readonly etaAtMs: number;
    }
  /** Not possible for now (endpoint reserved, no way): the request stays queued and is tried again each tick; said once. */
  | {
      readonly kind: "legWaiting";
      readonly vehicleId: VehicleId;
      readonly legId: LegId;
      readonly reason: "endpoint-taken" | "no-way" | "not-admitted" | "ground-closed";
    }
  /** Wrong for good, under this id at least: see `LegRefusal`. */
  | {
      readonly kind: "legRefused";
      readonly vehicleId: VehicleId;
      readonly legId: LegId;
      readonly reason: LegRefusal;
    }
  | {
      readonly kind: "legAbandoned";
      readonly vehicleId: VehicleId;
      readonly legId: LegId;
      readonly ok: boolean;
    }
  /** Redis has confirmed the way up to this node. */
  | {
      readonly kind: "granted";
      readonly vehicleId: VehicleId;
      readonly legId: LegId;
      readonly throughNodeId: NodeId;
    }
  /** The vehicle reached (and passed or stands at) a node of its leg. */
  | {
      readonly kind: "reached";
      readonly vehicleId: VehicleId;
      readonly legId: LegId;
      readonly nodeId: NodeId;
      readonly edgeId: EdgeId | undefined;
    }
  /** The vehicle stands at a `via` node and waits for `proceed`. */
  | {
      readonly kind: "waitingAt";
      readonly vehicleId: VehicleId;
      readonly legId: LegId;
      readonly nodeId: NodeId;
    }
  | {
      readonly kind: "legCompleted";
      readonly vehicleId: VehicleId;
      readonly legId: LegId;
      readonly nodeId: NodeId;
    }
  /** Nothing of this side's ground is held by the vehicle any more (it has crossed the line). */
  | { readonly kind: "clearOfGround"; readonly vehicleId: VehicleId }
  /** Something that a person should know of; `vehicleId` when it is about one. Repeated only after it was over. */
  | {
      readonly kind: "trouble";
      readonly code: TroubleCode;
      readonly vehicleId: VehicleId | undefined;
      /** Which zone of a side that has several. */
      readonly zoneId?: ZoneId;
      readonly detail: string;
    };

/**
 * `busy`: the vehicle has a leg already. `order-lost`: the vehicle has an order for this leg of which the ledger knows
 * nothing any more, so the leg is to be asked for under another id. `not-turned`: asked for with `orNever`, and it drives on as it did.
 */
export type LegRefusal = "unknown-node" | "unreachable" | "busy" | "order-lost" | "not-turned";

export type TroubleCode =
  /** A report that does not fit the vehicle's way: not used to free ground, and nothing new is granted to it. */
  | "off-path"
  /** Its way is shut by a failed vehicle or closed ground, and there is no other; it goes on by itself when that ends. */
  | "trapped"
  /** Redis does not answer: nothing is granted until it does. `ledger-back` follows. */
  | "ledger-unreachable"
  | "ledger-back"
  /** Of a side with several zones: the loop of the zone named in `zoneId` stands, its vehicles keep what they hold; it leads again. */
  | "zone-down"
  | "zone-up"
  /** Another process leads the zone now: this one grants nothing any more. */
  | "leadership-lost"
  /** The ledger refused a tick that the core holds for right: a bug; everything stands. */
  | "ledger-refused"
  /** The core found itself inconsistent: a bug; everything stands. */
  | "halted";
