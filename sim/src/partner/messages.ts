import Type, { type Static } from "typebox";

/**
 * What the emulator reads of the protocol's messages: the members that it needs, from the published OpenAPI document.
 * Everything else of them is carried as it came.
 */
const SignedRecord = Type.Object({
  payload: Type.String(),
  signatures: Type.Array(Type.Object({ protected: Type.String(), signature: Type.String() })),
});

export const OfferBody = Type.Object({
  mode: Type.String(),
  handoffPointId: Type.String(),
  direction: Type.String(),
  vehicleId: Type.String(),
  vehicleHome: Type.String(),
  manifest: Type.Unknown(),
  etaMs: Type.Number(),
  expiresAtMs: Type.Number(),
});
export type OfferBody = Static<typeof OfferBody>;

const head = {
  messageId: Type.String(),
  handoffId: Type.String(),
  from: Type.String(),
  to: Type.String(),
  sentAtMs: Type.Number(),
};
const early = { how: Type.String(), reason: Type.String() };

const Word = Type.Object({
  round: Type.Integer({ minimum: 1 }),
  holder: Type.Union([Type.Literal("giver"), Type.Literal("taker")]),
  account: Type.String(),
  reason: Type.String(),
});
export type Word = Static<typeof Word>;

const BODIES = {
  offer: OfferBody,
  accept: Type.Object({}),
  decline: Type.Object({ code: Type.String() }),
  ready: Type.Object({ manifest: Type.Unknown(), epoch: Type.Number() }),
  go: Type.Object({}),
  withdraw: Type.Object({ ...early, fencedEpoch: Type.Optional(Type.Number()) }),
  revoke: Type.Object(early),
  "revoke-request": Type.Object({ reason: Type.String() }),
  switched: Type.Object({ epoch: Type.Number() }),
  receipt: Type.Object({ record: SignedRecord }),
  countersign: Type.Object({ record: SignedRecord }),
  resolution: Word,
} as const;
type Bodies = { readonly [Kind in keyof typeof BODIES]: Static<(typeof BODIES)[Kind]> };

export type MessageBody = {
  [Kind in keyof Bodies]: { readonly type: Kind; readonly body: Bodies[Kind] };
}[keyof Bodies];

/** What is said of a visit besides its hand-offs, any number of times, in any order. */
const Register = Type.Object({
  authority: Type.String(),
  epoch: Type.Integer(),
  handoffId: Type.Optional(Type.String()),
});
const Grant = Type.Object({
  stretchId: Type.String(),
  state: Type.String(),
  epoch: Type.Integer(),
  leaseUntilMs: Type.Number(),
});
const VISIT_BODIES = {
  ground: Type.Object({ number: Type.Integer(), register: Register, grants: Type.Array(Grant) }),
  visit: Type.Object({
    number: Type.Integer(),
    seen: Type.Integer(),
    wants: Type.Array(Type.String()),
    holds: Type.Array(Type.Object({ stretchId: Type.String(), epoch: Type.Integer() })),
    isOver: Type.Boolean(),
  }),
  "page-switch": Type.Object({ expectedEpoch: Type.Integer(), to: Type.String() }),
} as const;
export type VisitMessage = {
  [Kind in keyof typeof VISIT_BODIES]: {
    readonly type: Kind;
    readonly body: Static<(typeof VISIT_BODIES)[Kind]>;
  };
}[keyof typeof VISIT_BODIES];

const ofVisit = <Kind extends keyof typeof VISIT_BODIES>(type: Kind) =>
  Type.Object({ ...head, type: Type.Literal(type), body: VISIT_BODIES[type] });

export const VisitEnvelope = Type.Union([ofVisit("ground"), ofVisit("visit"), ofVisit("page-switch")]);
export type VisitEnvelope = VisitMessage & Head;

const of = <Kind extends keyof Bodies>(type: Kind) =>
  Type.Object({ ...head, type: Type.Literal(type), body: BODIES[type] });

export const Envelope = Type.Union([
  of("offer"),
  of("accept"),
  of("decline"),
  of("ready"),
  of("go"),
  of("withdraw"),
  of("revoke"),
  of("revoke-request"),
  of("switched"),
  of("receipt"),
  of("countersign"),
  of("resolution"),
]);
export type Envelope = MessageBody & Head;

interface Head {
  readonly messageId: string;
  readonly handoffId: string;
  readonly from: string;
  readonly to: string;
  readonly sentAtMs: number;
}

export const isAboutVisit = (envelope: Envelope | VisitEnvelope): envelope is VisitEnvelope =>
  envelope.type in VISIT_BODIES;
