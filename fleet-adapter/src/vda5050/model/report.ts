import type { Point, Side } from "@baton/maps";
import type { ActionState } from "./action.ts";

/** Who sent a message, as its header says. */
export interface Sender {
  readonly manufacturer: string;
  readonly serialNumber: string;
}

/**
 * All that a vehicle says of itself at one instant, whichever version it speaks (topic `state`: VDA 5050 2.1
 * section 6.10, 3.0 section 7.8). Metres, seconds, radians; poses in the frame of the map named.
 */
export interface Report extends Sender {
  /** Counts the states of one life of the vehicle. */
  readonly headerId: number;
  /** When the vehicle says it was in this state. */
  readonly atMs: number;
  /** The current order or the one finished last; empty when there never was one. */
  readonly orderId: string;
  readonly orderUpdateId: number;
  readonly lastNodeId: string;
  readonly lastNodeSequenceId: number;
  readonly driving: boolean;
  readonly paused: boolean;
  /** The base runs short and the vehicle will slow down. */
  readonly newBaseRequest: boolean;
  readonly operatingMode: OperatingMode;
  readonly nodeStates: readonly NodeState[];
  readonly edgeStates: readonly EdgeState[];
  readonly position: MapPosition | undefined;
  readonly speedMps: number;
  /** Undefined for a vehicle that cannot tell whether it is loaded. */
  readonly loads: readonly Load[] | undefined;
  /** Actions of the order; in 2.x the instant ones, too. */
  readonly actionStates: readonly ActionState[];
  /** Instant actions where the version lists them apart (3.0); they stay until `clearInstantActions`. */
  readonly instantActionStates: readonly ActionState[];
  readonly power: Power;
  readonly errors: readonly ReportedError[];
  readonly safety: Safety;
  /** What the vehicle waits to be allowed to do, and what it was allowed (3.0 section 6.9); none in 2.x. */
  readonly requests: readonly AccessRequest[];
  /** Zone sets on the vehicle (3.0 section 6.4.2); none in 2.x. */
  readonly zoneSets: readonly ZoneSetState[];
  /**
   * Ways on which it says that it will drive, the one that reaches farthest first: its planned path, and its intermediate
   * one (3.0 section 6.8). Points from where it is on, in the frame of the map that it is on; none in 2.x.
   */
  readonly plannedWays: readonly (readonly Point[])[];
  /** Vendor extension; absent on a vehicle that cannot be handed over. */
  readonly control: ReportedControl | undefined;
}

/** 2.0 and 2.1 know neither `STARTUP` nor `INTERVENED`. */
export type OperatingMode =
  | "STARTUP"
  | "AUTOMATIC"
  | "SEMIAUTOMATIC"
  | "INTERVENED"
  | "MANUAL"
  | "SERVICE"
  | "TEACH_IN";

/** A node still to be reached. */
export interface NodeState {
  readonly nodeId: string;
  readonly sequenceId: number;
  readonly released: boolean;
}

/** An edge still to be driven, or being driven. */
export interface EdgeState {
  readonly edgeId: string;
  readonly sequenceId: number;
  readonly released: boolean;
}

export interface MapPosition {
  readonly xM: number;
  readonly yM: number;
  readonly headingRad: number;
  readonly mapId: string;
  /** False: where it says it is cannot be trusted. */
  readonly localised: boolean;
}

export interface Load {
  readonly loadId?: string;
  readonly loadType?: string;
  readonly weightKg?: number;
}

export interface Power {
  readonly chargePct: number;
  readonly charging: boolean;
}

/**
 * `WARNING`: it goes on; `URGENT` (3.0): it goes on, a person should look at once; `CRITICAL` (3.0): it stands and
 * could take a new order; `FATAL`: it stands and a person has to go there (3.0 section 6.6.5.1, 2.1 section 6.10.5).
 */
export type ErrorLevel = "WARNING" | "URGENT" | "CRITICAL" | "FATAL";

/** Something wrong with the vehicle, or with what it was told. */
export interface ReportedError {
  readonly errorType: string;
  readonly errorLevel: ErrorLevel;
  readonly errorDescription?: string;
  readonly errorHint?: string;
  readonly errorReferences?: readonly { readonly referenceKey: string; readonly referenceValue: string }[];
  /** By ISO 639-1 code (3.0 section 6.6.5.3). */
  readonly translations?: Readonly<Record<string, string>>;
  readonly hintTranslations?: Readonly<Record<string, string>>;
}

export interface Safety {
  /** `AUTOACK` is of 2.x: released by itself once its cause has gone. */
  readonly emergencyStop: "NONE" | "AUTOACK" | "MANUAL" | "REMOTE";
  /** Something is in the protective field. */
  readonly fieldViolation: boolean;
}

/** The life of a request as the vehicle tells it (3.0 sections 6.4.3, 6.6.10 and 6.9). */
export type RequestStatus = "REQUESTED" | "QUEUED" | "GRANTED" | "REVOKED" | "EXPIRED";

interface Requested {
  /** Unique per vehicle among its active requests. */
  readonly requestId: string;
  readonly status: RequestStatus;
}

/** To drive into a `RELEASE` zone. */
export interface ZoneRequest extends Requested {
  readonly kind: "zone";
  readonly zoneId: string;
  readonly zoneSetId: string;
}

/** To drive its own way inside a `COORDINATED_REPLANNING` zone. */
interface ReplanningRequest extends Requested {
  readonly kind: "replanning";
  readonly zoneId: string;
  readonly zoneSetId: string;
}

/** To leave the trajectory of an edge of its base, within the edge's corridor. */
interface CorridorRequest extends Requested {
  readonly kind: "corridor";
  readonly edgeId: string;
  readonly sequenceId: number;
}

export type AccessRequest = ZoneRequest | ReplanningRequest | CorridorRequest;

export interface ZoneSetState {
  readonly zoneSetId: string;
  readonly mapId: string;
  readonly enabled: boolean;
}

/** The vehicle's control register and pause latches, as it reports them. */
export interface ReportedControl {
  readonly authority: Side;
  readonly epoch: number;
  readonly handoffId?: string;
  readonly pausedBy: readonly Side[];
}

/** Whether the vehicle has a session with the broker (2.1 section 6.14, 3.0 section 6.5). */
export interface ConnectionNews extends Sender {
  readonly connection: "ONLINE" | "OFFLINE" | "HIBERNATING" | "CONNECTION_BROKEN";
}
