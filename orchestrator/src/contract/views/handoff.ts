import Type, { type Static } from "typebox";
import { HandoverMode, SideSchema } from "./words.ts";

const HandoffHolder = Type.Union([Type.Literal("giver"), Type.Literal("taker")]);

const ResolutionWord = Type.Object({ holder: HandoffHolder, account: Type.String(), reason: Type.String() });

export const HandoffView = Type.Object({
  handoffId: Type.String(),
  role: HandoffHolder,
  phase: Type.String(),
  vehicleId: Type.String(),
  containerNo: Type.Optional(Type.String()),
  /** Where it happens, and what changes hands there. */
  handoffPointId: Type.Optional(Type.String()),
  mode: Type.Optional(HandoverMode),
  sinceMs: Type.Number(),
  /** Whom the vehicle's control register (or the crane's custody register) names, as this side heard last. */
  register: Type.Optional(Type.Object({ authority: SideSchema, epoch: Type.Integer() })),
  /** Until when `go` can be said, ms UTC; missing once this side has said or heard it. */
  goByMs: Type.Optional(Type.Number()),
  /**
   * While the hand-off waits for its witness, or the partner's people have spoken: who holds a vehicle that is lost, by
   * the word of each side's people, and what this side's may say now.
   */
  resolution: Type.Optional(
    Type.Object({
      maySay: Type.Array(HandoffHolder),
      ours: Type.Optional(ResolutionWord),
      theirs: Type.Optional(ResolutionWord),
    }),
  ),
});
export type HandoffView = Static<typeof HandoffView>;

/** One custody record, signed by both sides: general JSON serialisation of a JWS (RFC 7515) and what it says. */
export const CustodyRecordView = Type.Object({
  handoffId: Type.String(),
  /** SHA-256 of the record as it is kept; the next record of the chain carries it. */
  hash: Type.String(),
  signatures: Type.Integer(),
  jws: Type.Unknown(),
});
export type CustodyRecordView = Static<typeof CustodyRecordView>;
