/** VDA 5050 2.1 on the wire: schemas, types and topics, for fleet controls and vehicles alike. */
export * from "./action.ts";
export * from "./baton-control.ts";
export * from "./check.ts";
export * from "./connection.ts";
export * from "./factsheet.ts";
export * from "./header.ts";
export * from "./instant-actions.ts";
export * from "./order.ts";
export * from "./state.ts";
export * from "./topic.ts";
export * from "./trajectory.ts";
export * from "./version.ts";
export * from "./visualization.ts";
