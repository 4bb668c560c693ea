import Type, { type Static } from "typebox";
import { headerFields } from "../header.ts";
import { ActionParameter } from "./action.ts";

/** Actions to be carried out at once; their blocking type is always `NONE` (VDA 5050 3.0 sections 6.2.1 and 7.4). */
export const InstantActions = Type.Object({
  ...headerFields,
  actions: Type.Array(
    Type.Object({
      actionType: Type.String(),
      actionId: Type.String(),
      actionDescriptor: Type.Optional(Type.String()),
      blockingType: Type.Literal("NONE"),
      actionParameters: Type.Optional(Type.Array(ActionParameter)),
    }),
  ),
});
export type InstantActions = Static<typeof InstantActions>;
