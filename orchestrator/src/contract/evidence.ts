import Type, { type Static } from "typebox";

/** What a device found other than the order says, and a named account may accept as it is. Also codes of what a mission is held for. */
const Mismatch = Type.Enum([
  "container-mismatch",
  "vehicle-mismatch",
  "truck-mismatch",
  "seal-mismatch",
  "seal-broken",
  "weight-mismatch",
]);
export type Mismatch = Static<typeof Mismatch>;

/** By what a step was done: a stable code and its figures and names, said in the reader's language by whoever shows it. */
export const Evidence = Type.Union([
  /** What stands elsewhere under this name: a picture, the vehicle that was assigned, a hand-off, the hash of the custody record. */
  Type.Object({
    code: Type.Enum([
      "picture",
      "vehicle",
      /** It was on its way to a place. */
      "vehicle-called-off",
      /** It was on its way to the crane and was sent elsewhere: another one is to come. */
      "vehicle-left",
      "scan",
      "certificate",
      "handoff",
      "custody-record",
      "confirmation",
    ]),
    reference: Type.String(),
  }),
  Type.Object({ code: Type.Literal("slot"), slot: Type.String() }),
  Type.Object({ code: Type.Literal("seal"), sealNo: Type.String() }),
  /** `not-listed`: the goods are none of quarantine's. */
  Type.Object({ code: Type.Enum(["landed", "scan-clear", "scan-suspect", "not-listed"]) }),
  /** Customs' decision, the border guard's yes, or who vouched for all steps before the one at which a mission was taken on. */
  Type.Object({
    code: Type.Enum(["released", "to-inspect", "let-through", "adopted"]),
    account: Type.String(),
  }),
  /** In whole kilograms. */
  Type.Object({ code: Type.Literal("weighed"), grossKg: Type.Integer(), declaredKg: Type.Integer() }),
  /** Opened, sealed again, and released by these. */
  Type.Object({ code: Type.Literal("inspected"), officers: Type.Array(Type.String()) }),
  /** An agency's yes on a document, while its system was away. */
  Type.Object({
    code: Type.Literal("on-paper"),
    documentNo: Type.String(),
    accounts: Type.Array(Type.String()),
  }),
  /** It did not fit, and a person accepted it. */
  Type.Object({ code: Type.Literal("accepted"), mismatch: Mismatch, account: Type.String() }),
]);
export type Evidence = Static<typeof Evidence>;

/**
 * Evidence as it is read, be it from the feed or from the store: of another version it may have a code that is not known here, and is
 * then shown as its text.
 */
export const EvidenceParts = Type.Union([Evidence, Type.Object({ code: Type.String() })]);
