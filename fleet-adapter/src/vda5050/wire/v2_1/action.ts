import Type, { type Static } from "typebox";

/** One parameter of an action; the value may be anything but null (VDA 5050 2.1 sections 6.6.6 and 7.2). */
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
export type ActionParameter = Static<typeof ActionParameter>;

/**
 * What an action does to the rest of the vehicle (section 6.12): `NONE` runs beside driving and other
 * actions, `SOFT` beside other actions only, `HARD` alone.
 */
export const BlockingType = Type.Enum(["NONE", "SOFT", "HARD"]);
export type BlockingType = Static<typeof BlockingType>;

/** Something that a vehicle is to do, at a node, on an edge, or at once (sections 6.6.6 and 6.8). */
export const Action = Type.Object({
  actionType: Type.String(),
  actionId: Type.String(),
  actionDescription: Type.Optional(Type.String()),
  blockingType: BlockingType,
  actionParameters: Type.Optional(Type.Array(ActionParameter)),
});
export type Action = Static<typeof Action>;
