import Type, { type Static } from "typebox";
import { headerFields } from "../header.ts";
import { Action } from "./action.ts";

/** Actions to be carried out at once (VDA 5050 2.1 section 6.9); topic `instantActions`. */
export const InstantActions = Type.Object({
  ...headerFields,
  actions: Type.Array(Action),
});
export type InstantActions = Static<typeof InstantActions>;
