import type { Clock, Ids, Instruction, Timers, VehicleId } from "@baton/fleet-adapter";
import type { HandoffPointId, NodeId, Side } from "@baton/maps";
import type { FastifyPluginAsync } from "fastify";
import type { GiverState } from "./core/giver-state.ts";
import type { SignedRecord } from "./core/messages.ts";
import type { TakerState } from "./core/taker.ts";
import type { Saying, WordRefusal } from "./core/word.ts";
import type { HandoffStore } from "./handoff-store.ts";
import type { SignedRequest } from "./http-signatures.ts";
import type { KeyRing } from "./keys.ts";
import type { HandoffMetrics } from "./metrics.ts";
import type { Fetch } from "./partner-ask.ts";
import type { Handoffs } from "./port.ts";
import type { Problem } from "./problems.ts";
import type { HandoffSettings } from "./settings.ts";
import type { PartnerGate } from "./signature-gate.ts";
import type { TransferDevices, TransferReport } from "./transfer-port.ts";
import type { VisitGround, Visits } from "./visit-port.ts";
import type { Acknowledgement, Envelope, Heartbeat } from "./wire.ts";

export interface HandoffLog {
  info(context: object, message: string): void;
  warn(context: object, message: string): void;
  error(context: object, message: string): void;
}

export interface HandoffsOptions {
  readonly side: Side;
  readonly partnerSide: Side;
  /** Where the partner's API is, without `/partner/v1`. */
  readonly partnerUrl: string;
  readonly keys: KeyRing;
  readonly store: HandoffStore;
  readonly fleet: { instruct(vehicleId: VehicleId, instruction: Instruction): void };
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly log: HandoffLog;
  /** Who signs custody records for this side. */
  readonly account: string;
  /** Place and lane of a hand-off point, as the custody record names them. */
  readonly describePoint?: (handoffPointId: HandoffPointId) => {
    readonly place: string;
    readonly lane: string;
  };
  /** Where a vehicle that this side hands over comes from: it may roll only to there. */
  readonly holdNodeOf?: (handoffPointId: HandoffPointId) => NodeId | undefined;
  /** Where containers change vehicle; nowhere if not given. */
  readonly transfers?: TransferDevices;
  /** This side's ground for foreign vehicles, where it serves visits by the host's grants; it does not if not given. */
  readonly visitGround?: VisitGround;
  /** For the local times in a custody record; Viet Nam +07:00 and China +08:00 when not given. */
  readonly utcOffsetMinutes?: Readonly<Record<Side, number>>;
  /** The way to the partner; HTTP if not given. */
  readonly fetch?: Fetch;
  readonly settings?: Partial<HandoffSettings>;
}

/** One hand-off as it stands: its machine, and what of ours the partner has not acknowledged. */
export interface HandoffLook {
  readonly machine: GiverState | TakerState;
  readonly waiting: readonly Envelope[];
}

export type ResolveOutcome =
  /** `agreed` when the partner's people had said the same. */
  | { readonly kind: "said"; readonly agreed: boolean }
  | { readonly kind: "refused"; readonly why: WordRefusal | "handoff-unknown" | "not-durable" };

export interface HandoffService extends Handoffs {
  /** The partner's door, to be registered with the prefix `/partner/v1`. */
  readonly routes: FastifyPluginAsync;
  /** Signatures of the partner's requests and of our answers, for every other route of the partner API. */
  readonly gate: PartnerGate;
  /** Visits by the host's grants. */
  readonly visits: Visits;
  /** What the routes bring: a signed request, judged, taken, and kept before it is answered. */
  receiveFromPartner(
    request: SignedRequest,
    handoffId: string,
    body: Uint8Array,
  ): Promise<Acknowledgement | Problem>;
  /** The same for a request for a sign of life. */
  heartbeatFromPartner(request: SignedRequest, body: Uint8Array): Promise<Heartbeat | Problem>;
  /** A state of the transfer device at a hand-off point: where the witness stands, and whether it needs a person. */
  observeTransfer(handoffPointId: HandoffPointId, report: TransferReport): void;
  /**
   * A named account of this side says who has what a hand-off's lost witness cannot say any more: kept, and told to the partner,
   * before it resolves. Final. Once the partner's people have said the same, it stands in for the witness.
   */
  resolve(handoffId: string, saying: Saying): Promise<ResolveOutcome>;
  /** A hand-off that is under way, or has not been over for long. */
  look(handoffId: string): HandoffLook | undefined;
  metrics(): HandoffMetrics;
  lastPartnerMessageAtMs(): number | undefined;
  partner(): "online" | "silent";
  /** This side's custody chain, oldest first. */
  custody(): Promise<readonly SignedRecord[]>;
}
