import type { Clock, Timers, VehicleId } from "@baton/fleet-adapter";
import type { Network, NodeId, Pose } from "@baton/maps";
import type { CommittedLeg } from "./core/committed-leg.ts";
import type { CoreSettings, Kinematics } from "./core/kinematics.ts";
import type { LeaderId, Ledger } from "./ledger/ledger.ts";
import type { Reservation, Witnesses } from "./port.ts";

export interface ReservationOptions {
  readonly network: Network;
  readonly kinematics: Kinematics;
  readonly ledger: Ledger;
  readonly leaderId: LeaderId;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: ReservationLog;
  readonly tickMs?: number;
  /** How many ticks of the stream are kept; 3,000 are ten minutes at 200 ms. */
  readonly keepTicks?: number;
  readonly settings?: Partial<Omit<CoreSettings, "kinematics" | "tickMs">>;
  /** Who asks vehicles where they are when the ledger may have lost ticks; without, such a ledger is not led. */
  readonly witnesses?: Witnesses;
  /** Real milliseconds, for measuring only. */
  readonly stopwatchMs?: () => number;
}

/** The part of a pino logger that is used. */
export interface ReservationLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The real-time core as a side's composition needs it, be it one tick loop or several. */
export interface SideReservation extends Reservation {
  /**
   * Takes leadership, goes on where the last leader was, and begins to tick. A ledger that may have lost ticks is
   * rebuilt first from what vehicles say. Throws `LedgerUnreachable` (try again), `LedgerMismatch` or
   * `NetworkContradiction` (a person must look).
   */
  start(): Promise<void>;
  /** Ends the loop after the tick in work. Vehicles keep what they hold. */
  stop(): Promise<void>;
  /** Called after each tick that is true in the ledger, with all legs; before events are told. */
  onCommitted(listener: (legs: readonly CommittedLeg[]) => void): () => void;
  /**
   * A person vouches for a vehicle that was not accounted for when the ledger was rebuilt, or whose leg was lost: see
   * `Found`. It is asked once more (two accounts). Its section is open again after `ok`.
   */
  vouch(vehicleId: VehicleId, found: Found): Promise<VouchOutcome>;
  /** Why nobody may vouch for a vehicle that says this of itself as `stands-idle`; undefined when one may. Changes nothing. */
  whyNotIdleAt(vehicleId: VehicleId, nodeId: NodeId, pose: Pose): string | undefined;
  /** The fencing epoch under which this process leads; 0 before it has led. Asked at every write. */
  epoch(): number;
  metrics(): ReservationMetrics;
}

/** One tick loop. */
export interface ReservationService extends SideReservation {
  /** One tick now; the one in work, if there is one. */
  tick(): Promise<TickReport>;
}

/**
 * What a person has seen. `where-it-says`: it stands, or drives, as it says itself, and goes on with what it holds.
 * `stands-idle`: it stands at a place where one may stand, its order was cancelled: it is admitted there anew.
 * `removed`: it is not on this side's ground any more. Whoever sent it somewhere hears that this leg is over, and refused (`order-lost`).
 */
export type Found = "where-it-says" | "stands-idle" | "removed";

export type VouchOutcome =
  | { readonly kind: "ok" }
  /** It does not answer, or says something that does not go with the ground it holds: have it removed, admit it anew. */
  | { readonly kind: "refused"; readonly why: string };

export interface TickReport {
  readonly tick: number;
  readonly outcome: "committed" | "unchanged" | "ledger-unreachable" | "not-leading";
  readonly planned: number;
  readonly grantedBlocks: number;
  readonly releasedBlocks: number;
}

export interface ReservationMetrics {
  readonly ticks: number;
  /** Ticks that were due while one was still in work. */
  readonly overruns: number;
  readonly vehicles: number;
  readonly pendingLegs: number;
  readonly epoch: number;
  readonly leading: boolean;
  readonly ledgerReachable: boolean;
  /** Of the last ticks, in real milliseconds. */
  readonly coreMsMean: number;
  readonly coreMsP99: number;
  readonly coreMsMax: number;
  readonly commitMsMean: number;
  readonly commitMsP99: number;
  readonly commitMsMax: number;
  /** Core and commit together. */
  readonly tickMsP99: number;
  /** Since the start: legs planned; how often someone went before others; waiting legs that were planned anew. */
  readonly planned: number;
  readonly jumps: number;
  readonly replans: number;
}
