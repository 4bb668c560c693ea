import type { ControlRegister, VehicleId } from "@baton/fleet-adapter";
import type { Branded, Direction, HandoffPointId, Side } from "@baton/maps";
import type { Holder, Saying } from "./core/word.ts";
import type { Manifest } from "./manifest.ts";

export type HandoffId = Branded<"HandoffId">;

/**
 * The hand-off room as missions see it: requests are idempotent by hand-off id and survive a restart;
 * what came of them arrives as events, at least once.
 */
export interface Handoffs {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Giver, step 1: offer a vehicle with its container to the partner. */
  offer(offer: Offer): void;
  /** Giver, step 3: the vehicle stands at the hold line, our part of the strip is granted to the hand-off, the manifest is final. */
  ready(handoffId: HandoffId, manifest: Manifest): void;
  /** Giver, before the witness has switched. */
  withdraw(handoffId: HandoffId, reason: string): void;
  /** Taker, step 2: there is a place for it beyond the line, and perhaps a load for its way back. */
  accept(handoffId: HandoffId, returnLoad?: ReturnLoad): void;
  decline(handoffId: HandoffId, code: DeclineCode): void;
  /** Taker, step 4: our first blocks are granted, and stay so until the witness has switched or the giver has fenced. */
  go(handoffId: HandoffId): void;
  /**
   * Taker, before the witness has switched (border closing). Before `go` it ends at once; after `go` the giver is asked to
   * fence, and `ended` or `switched` tells which of the two the vehicle's register says.
   */
  revoke(handoffId: HandoffId, reason: string): void;
  /** Taker, step 6: the vehicle has cleared the line and its manifest was checked; writes the custody record and sends the receipt. */
  receive(handoffId: HandoffId, result: ReceiptResult): void;
  /** Resolves when all that was asked so far has been done and is in the store: before, it ends with this process. */
  kept(): Promise<void>;
  /** A state of a vehicle: where the witness (the control register) stands. */
  observeRegister(vehicleId: VehicleId, register: ControlRegister): void;
  subscribe(listener: (event: HandoffEvent) => void): () => void;
  /** How many vehicles with nothing aboard this side has a use for: the partner hears of it in every answer. */
  forecast(vehiclesWanted: number): void;
  /** The same of the partner's, as it said last; undefined before it has answered anything. */
  partnerForecast(): Forecast | undefined;
  /** Hand-offs that are not over, for the borderline panel. */
  open(): readonly HandoffSummary[];
}

/** What the partner expects to have a use for: no promise, and true at the instant at which it was heard. */
export interface Forecast {
  readonly vehiclesWanted: number;
  readonly atMs: number;
}

/**
 * What changes hands: the vehicle with what it carries; the right to move on the host's ground, the home side driving its own vehicle
 * on; or the container alone, by a device at the line.
 */
export type HandoverMode = "control-passes" | "host-grants" | "container-transfers";

export interface Offer {
  readonly handoffId: HandoffId;
  /** `control-passes` if not given. */
  readonly mode?: HandoverMode;
  readonly handoffPointId: HandoffPointId;
  readonly direction: Direction;
  readonly vehicleId: VehicleId;
  readonly vehicleHome: Side;
  readonly manifest: Manifest;
  readonly etaMs: number;
  readonly expiresAtMs: number;
  /** The giver would like the vehicle back with a load. */
  readonly returnLoadWanted?: boolean;
  /** By when it should be back at the line, loaded or not: its battery, its maintenance. */
  readonly returnByMs?: number;
}

/** What a vehicle is going to carry back over the line. A plan of the taker's, not a promise of the customer's. */
export interface ReturnLoad {
  readonly orderId: string;
  readonly containerNo: string;
  /** When it is expected at the line, ms UTC. */
  readonly expectedAtMs: number;
}

export type DeclineCode =
  | "no-room"
  | "border-closed"
  | "manifest-incomplete"
  | "vehicle-unknown"
  | "busy"
  | "refused"
  /** A vehicle with nothing aboard, and vehicles enough. */
  | "not-wanted";

export type ReceiptResult =
  | { readonly kind: "accepted" }
  | { readonly kind: "accepted-with-remarks"; readonly remarks: string }
  | { readonly kind: "refused"; readonly code: string };

export type HandoffEvent =
  /** Taker: the partner offers one. */
  | { readonly kind: "offered"; readonly offer: Offer }
  /** Giver: the partner has a place for it, and a load for its way back or, without one, an empty slot. */
  | { readonly kind: "accepted"; readonly handoffId: HandoffId; readonly returnLoad?: ReturnLoad }
  | { readonly kind: "declined"; readonly handoffId: HandoffId; readonly code: DeclineCode }
  /** Taker: the vehicle stands at the line; the final manifest. */
  | { readonly kind: "ready"; readonly handoffId: HandoffId; readonly manifest: Manifest }
  /** Giver: the partner's first blocks are granted; the witness is being switched. */
  | { readonly kind: "going"; readonly handoffId: HandoffId }
  /** Both: the witness has switched; from here the taker commands. */
  | {
      readonly kind: "switched";
      readonly handoffId: HandoffId;
      readonly vehicleId: VehicleId;
      readonly epoch: number;
    }
  /** Both: the custody record is signed by both and kept. */
  | { readonly kind: "concluded"; readonly handoffId: HandoffId; readonly recordHash: string }
  /** Both: it ended early; the vehicle is still the giver's and stands. */
  | {
      readonly kind: "ended";
      readonly handoffId: HandoffId;
      readonly how: "withdrawn" | "revoked" | "expired";
      readonly reason: string;
    }
  /**
   * Both: the partner does not answer, a signature fails, the vehicle does not switch: needs a person.
   * `partner-silent` is over with `partner-back` and `clock-skew` with `clocks-agree`, the codes that ask for nobody.
   */
  | {
      readonly kind: "trouble";
      readonly handoffId: HandoffId | undefined;
      readonly code: string;
      readonly detail: string;
      /** Which of several of that code, in one word; and what somebody has said, in no language of ours. */
      readonly cause?: string;
      readonly said?: string;
      /** Of `clock-skew`: how far the partner's clock is behind this side's; negative when it is ahead. */
      readonly partnerBehindMs?: number;
    };

export interface HandoffSummary {
  readonly handoffId: HandoffId;
  readonly role: "giver" | "taker";
  readonly phase: string;
  readonly vehicleId: VehicleId;
  readonly containerNo: string | undefined;
  readonly handoffPointId: HandoffPointId;
  readonly mode: HandoverMode;
  readonly sinceMs: number;
  /** Who the witness (the control register, the crane's custody register) names, as this side heard last. */
  readonly register?: { readonly authority: Side; readonly epoch: number };
  /** Until when `go` can be said; absent once this side has said or heard it. */
  readonly goByMs?: number;
  /** While it waits for its witness, or the partner's people have spoken. */
  readonly resolution?: ResolutionSummary;
}

/** What people have said of a hand-off whose witness cannot be read, and what this side's may say now. */
export interface ResolutionSummary {
  /** Empty while this side's word stands. */
  readonly maySay: readonly Holder[];
  readonly ours?: Saying;
  readonly theirs?: Saying;
}
