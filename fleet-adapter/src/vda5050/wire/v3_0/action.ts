import Type, { type Static } from "typebox";

/** One parameter of an action (VDA 5050 3.0 section 7.3.1). */
export const ActionParameter = Type.Object({
  key: Type.String(),
  value: Type.Union([
    Type.Array(Type.Unknown()),
    Type.Boolean(),
    Type.Number(),
    Type.String(),
    Type.Record(Type.String(), Type.Unknown()),
  ]),
});

/** Section 6.2.2, table 3: `SINGLE` is new in 3.0. */
export const BlockingType = Type.Enum(["NONE", "SINGLE", "SOFT", "HARD"]);

/** Something that a vehicle is to do at a node or on an edge (section 7.3). */
export const Action = Type.Object({
  actionType: Type.String(),
  actionId: Type.String(),
  actionDescriptor: Type.Optional(Type.String()),
  blockingType: BlockingType,
  actionParameters: Type.Optional(Type.Array(ActionParameter)),
  /** Whether it may wait in `RETRIABLE` when it fails. */
  retriable: Type.Optional(Type.Boolean()),
});
export type Action = Static<typeof Action>;

/** Section 6.6.9, table 11. The prose of section 7.8 calls the result `resultDescription`, its table `actionResult`. */
export const ActionState = Type.Object({
  actionId: Type.String(),
  actionType: Type.Optional(Type.String()),
  actionDescriptor: Type.Optional(Type.String()),
  actionStatus: Type.Enum([
    "WAITING",
    "INITIALIZING",
    "RUNNING",
    "PAUSED",
    "RETRIABLE",
    "FINISHED",
    "FAILED",
  ]),
  actionResult: Type.Optional(Type.String()),
  resultDescription: Type.Optional(Type.String()),
});
export type ActionState = Static<typeof ActionState>;
