import { checkerOf } from "../check.ts";
import { InstantActions } from "./instant-actions.ts";
import { Order } from "./order.ts";

export const checkOrder = checkerOf(Order);
export const checkInstantActions = checkerOf(InstantActions);
