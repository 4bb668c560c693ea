import Type, { type Static } from "typebox";
import { headerFields } from "../header.ts";
import { ActionParameter, BlockingType } from "../v2_1/action.ts";

/**
 * Actions to be carried out at once (VDA 5050 2.0 section 6.9). The schema of 2.0.0 calls the type of an action
 * `actionName`, its text (section 6.10) `actionType`. Whoever writes 2.0 writes both; a reader takes either.
 */
export const InstantActions = Type.Object({
  ...headerFields,
  actions: Type.Array(
    Type.Object({
      actionName: Type.Optional(Type.String()),
      actionType: Type.Optional(Type.String()),
      actionId: Type.String(),
      actionDescription: Type.Optional(Type.String()),
      blockingType: BlockingType,
      actionParameters: Type.Optional(Type.Array(ActionParameter)),
    }),
  ),
});
export type InstantActions = Static<typeof InstantActions>;
