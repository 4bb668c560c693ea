import Type, { type Static } from "typebox";

/** How the emulated partner behaves. All may change while it runs (`PUT /emulator/behaviour`). */
export const Behaviour = Type.Object(
  {
    /** What it answers an offer with: an accept, a decline with this code, or nothing. */
    offer: Type.Union(
      [Type.Literal("accept"), Type.Literal("ignore"), Type.String({ pattern: "^decline:[a-z-]+$" })],
      {
        default: "accept",
      },
    ),
    /** What it answers `ready` with. */
    ready: Type.Union([Type.Literal("go"), Type.Literal("ignore"), Type.Literal("revoke")], {
      default: "go",
    }),
    /**
     * What its people say of a vehicle that is lost, once the other side's have spoken: the same, the contrary, or nothing yet. What
     * it has read of the register it says in any case, unless it is silent.
     */
    resolution: Type.Union([Type.Literal("agree"), Type.Literal("differ"), Type.Literal("silent")], {
      default: "silent",
    }),
    /** It says everything so late. */
    lateMs: Type.Integer({ minimum: 0, maximum: 600_000, default: 0 }),
    /** It says everything twice. */
    duplicate: Type.Boolean({ default: false }),
    /** It says things in pairs, the later one first. */
    reorder: Type.Boolean({ default: false }),
    /** Of what it says, what it is told, and the answers to both, this share gets lost. */
    lossShare: Type.Number({ minimum: 0, maximum: 0.9, default: 0 }),
    /** Stretches of its ground that it wants for its own vehicles: visitors wait for them, and what they have is wanted back. */
    ownGround: Type.Array(Type.String({ maxLength: 128 }), { default: [] }),
    /** It answers nothing and says nothing. */
    offline: Type.Boolean({ default: false }),
    /** What it does not say truly, or not in its turn. */
    lie: Type.Union(
      [
        Type.Literal("no"),
        /** The receipt names another epoch of the vehicle. */
        Type.Literal("receipt-epoch"),
        /** The receipt names another weight. */
        Type.Literal("receipt-manifest"),
        /** Everything is signed with a key that nobody knows, under its own key id. */
        Type.Literal("forged-key"),
        /** `go` instead of `accept`. */
        Type.Literal("early-go"),
        /** Leases of visitors are said to be over already. */
        Type.Literal("lease-over"),
        /** What visitors were granted is not named any more. */
        Type.Literal("grants-forgotten"),
      ],
      { default: "no" },
    ),
  },
  { additionalProperties: false },
);
export type Behaviour = Static<typeof Behaviour>;

export const HONEST: Behaviour = {
  offer: "accept",
  ready: "go",
  resolution: "silent",
  lateMs: 0,
  duplicate: false,
  reorder: false,
  lossShare: 0,
  ownGround: [],
  offline: false,
  lie: "no",
};
