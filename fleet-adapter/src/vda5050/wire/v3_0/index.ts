/** VDA 5050 3.0 on the wire, for fleet controls and vehicles alike. What it shares with 2.x is in `./vda5050`. */
export * from "./action.ts";
export * from "./check.ts";
export * from "./connection.ts";
export * from "./factsheet.ts";
export * from "./instant-actions.ts";
export * from "./order.ts";
export * from "./responses.ts";
export * from "./state.ts";
export * from "./zone-set.ts";
