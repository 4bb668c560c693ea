import Type, { type Static } from "typebox";

/** One link of the chain of who waits for whom: `vehicleId` needs `blockId`, which `heldBy` holds or has claimed before. */
export const ChainLinkView = Type.Object({
  vehicleId: Type.String(),
  blockId: Type.String(),
  heldBy: Type.String(),
  how: Type.Union([
    Type.Literal("held"),
    Type.Literal("claimed-before"),
    Type.Literal("endpoint-taken"),
    Type.Literal("queued-before"),
  ]),
  /** When the block is expected to be free; missing when that cannot be told. */
  projectedFreeAtMs: Type.Optional(Type.Number()),
});
export type ChainLinkView = Static<typeof ChainLinkView>;

/** What the vehicle at the head of a chain does or lacks. */
export const CHAIN_HEADS = [
  "drives",
  "at-rest",
  "waits-for-proceed",
  "waits-for-a-plan",
  "has-failed",
  "is-not-located",
  "ground-closed",
] as const;

/** Why a vehicle stands or waits: the chain from it to the vehicle that has to move first, empty when none is in its way. */
export const ExplanationView = Type.Object({
  vehicleId: Type.String(),
  legId: Type.Optional(Type.String()),
  chain: Type.Array(ChainLinkView),
  head: Type.Object({ vehicleId: Type.String(), because: Type.Enum([...CHAIN_HEADS]) }),
});
export type ExplanationView = Static<typeof ExplanationView>;

/** Why a mission or a vehicle is not on its way. `facts` explain the code: counts, ids, and instants in ms UTC (`...Ms`). */
const WaitingReason = {
  code: Type.String(),
  facts: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
};

export const WaitingReasonsView = Type.Object({
  missions: Type.Array(Type.Object({ missionId: Type.String(), ...WaitingReason })),
  vehicles: Type.Array(Type.Object({ vehicleId: Type.String(), ...WaitingReason })),
});
export type WaitingReasonsView = Static<typeof WaitingReasonsView>;
