import type { VehicleId } from "@baton/fleet-adapter";
import type { Direction, HandoffPointId, Side } from "@baton/maps";
import Type, { type Static } from "typebox";
import { Manifest } from "../manifest.ts";
import type { DeclineCode, HandoffId, HandoverMode } from "../port.ts";
import { Word } from "./word.ts";

/**
 * What giver and taker say to each other, as the body of each message. The machines speak of messages in these
 * words; `wire.ts` puts them into envelopes.
 */

const Reason = Type.String({ maxLength: 512 });
const Epoch = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER - 1 });
const AtMs = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });
const Name = Type.String({ minLength: 1, maxLength: 128, pattern: "^[A-Za-z0-9._:-]+$" });

export const SideName = Type.Unsafe<Side>(Type.Union([Type.Literal("vn"), Type.Literal("cn")]));
export const HandoffIdText = Type.Unsafe<HandoffId>(
  Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._:-]+$" }),
);

/** How a hand-off ends before the witness has switched, other than by a plain decline. */
export const EarlyEnd = Type.Union([
  Type.Literal("withdrawn"),
  Type.Literal("revoked"),
  Type.Literal("expired"),
]);
export type EarlyEnd = Static<typeof EarlyEnd>;

export const DeclineCodeText = Type.Unsafe<DeclineCode>(
  Type.Union(
    (
      [
        "no-room",
        "border-closed",
        "manifest-incomplete",
        "vehicle-unknown",
        "busy",
        "refused",
        "not-wanted",
      ] satisfies DeclineCode[]
    ).map((code) => Type.Literal(code)),
  ),
);

/** A JWS in general JSON serialisation (RFC 7515, 7.2.1) with the taker's signature, then also the giver's. */
export const SignedRecord = Type.Object({
  payload: Type.String({ minLength: 1, maxLength: 65_536 }),
  signatures: Type.Array(
    Type.Object({
      protected: Type.String({ minLength: 1, maxLength: 4_096 }),
      signature: Type.String({ minLength: 1, maxLength: 1_024 }),
    }),
    { minItems: 1, maxItems: 2 },
  ),
});
export type SignedRecord = Static<typeof SignedRecord>;

const Mode = Type.Unsafe<HandoverMode>(
  Type.Union([
    Type.Literal("control-passes"),
    Type.Literal("host-grants"),
    Type.Literal("container-transfers"),
  ]),
);

/** Step 1. Everything of the port's `Offer` but the id, which the envelope carries. */
export const OfferBody = Type.Object({
  mode: Mode,
  handoffPointId: Type.Unsafe<HandoffPointId>(Name),
  direction: Type.Unsafe<Direction>(Type.Union([Type.Literal("export"), Type.Literal("import")])),
  vehicleId: Type.Unsafe<VehicleId>(Name),
  vehicleHome: SideName,
  manifest: Manifest,
  etaMs: AtMs,
  expiresAtMs: AtMs,
  returnLoadWanted: Type.Optional(Type.Boolean()),
  returnByMs: Type.Optional(AtMs),
});
export type OfferBody = Static<typeof OfferBody>;

/** What the vehicle is going to carry back; an accept without one offers an empty slot. */
export const ReturnLoadBody = Type.Object({
  orderId: Type.String({ minLength: 1, maxLength: 64 }),
  containerNo: Type.String({ minLength: 11, maxLength: 11, pattern: "^[A-Z]{3}[UJZ][0-9]{7}$" }),
  expectedAtMs: AtMs,
});

export const BODIES = {
  offer: OfferBody,
  accept: Type.Object({ returnLoad: Type.Optional(ReturnLoadBody) }),
  decline: Type.Object({ code: DeclineCodeText }),
  /** `epoch`: where the vehicle's register stands; a switch of this hand-off makes it larger. */
  ready: Type.Object({ manifest: Manifest, epoch: Epoch }),
  go: Type.Object({}),
  /** The giver has ended it. From `ready` on only after the register was raised to `fencedEpoch`. */
  withdraw: Type.Object({ how: EarlyEnd, reason: Reason, fencedEpoch: Type.Optional(Epoch) }),
  /** The taker has ended it, never having said `go`. */
  revoke: Type.Object({ how: EarlyEnd, reason: Reason }),
  /** The taker wants it ended though it has said `go`: the giver fences, or reports that it has switched. */
  "revoke-request": Type.Object({ reason: Reason }),
  /** The giver's report that a `revoke-request` came too late. Information only: the witness decides. */
  switched: Type.Object({ epoch: Epoch }),
  receipt: Type.Object({ record: SignedRecord }),
  countersign: Type.Object({ record: SignedRecord }),
  /** Either side: what its people say of a witness that can never be read again. Final. */
  resolution: Word,
} as const;

type Bodies = { readonly [Kind in keyof typeof BODIES]: Static<(typeof BODIES)[Kind]> };
export type MessageType = keyof Bodies;
export type MessageOf<Kind extends MessageType> = {
  [K in Kind]: { readonly type: K; readonly body: Bodies[K] };
}[Kind];
export type Message = MessageOf<MessageType>;

/** The step that a message says: said again it is the same message. People's words have a step a round. */
export function stepOf(message: Message): string {
  return message.type === "resolution" ? `resolution.${message.body.round}` : message.type;
}

/** What a taker is told, but the offer that creates it and the countersignature, which is judged at the edge first. */
export type GiverMessage = MessageOf<"ready" | "withdraw" | "switched" | "resolution">;
/** What a giver is told, but the receipt, which is judged at the edge first. */
export type TakerMessage = MessageOf<
  "accept" | "decline" | "go" | "revoke" | "revoke-request" | "resolution"
>;

/** What came of judging a signed record at the edge: signatures, content, and (for the giver) our own signature added. */
export type RecordFinding =
  | { readonly kind: "agrees"; readonly record: SignedRecord; readonly recordHash: string }
  | { readonly kind: "disagrees"; readonly detail: string };
