import { checkerOf } from "../check.ts";
import { Connection } from "./connection.ts";
import { FactsheetMessage } from "./factsheet.ts";
import { InstantActions } from "./instant-actions.ts";
import { Order } from "./order.ts";
import { Responses } from "./responses.ts";
import { State } from "./state.ts";
import { ZoneSetMessage } from "./zone-set.ts";

export const checkConnection = checkerOf(Connection);
export const checkState = checkerOf(State);
export const checkOrder = checkerOf(Order);
export const checkInstantActions = checkerOf(InstantActions);
export const checkFactsheet = checkerOf(FactsheetMessage);
export const checkResponses = checkerOf(Responses);
export const checkZoneSet = checkerOf(ZoneSetMessage);
