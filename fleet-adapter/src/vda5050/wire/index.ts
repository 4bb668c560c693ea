/**
 * VDA 5050 on the wire, for fleet controls and vehicles alike: what all versions share, and 2.1. The other
 * versions are `./vda5050/v2_0` and `./vda5050/v3_0` of this package.
 */
export * from "../model/protocol.ts";
export * from "./baton-control.ts";
export * from "./check.ts";
export * from "./header.ts";
export * from "./topic.ts";
export * from "./trajectory.ts";
export * from "./v2_1/action.ts";
export * from "./v2_1/check.ts";
export * from "./v2_1/connection.ts";
export * from "./v2_1/factsheet.ts";
export * from "./v2_1/instant-actions.ts";
export * from "./v2_1/order.ts";
export * from "./v2_1/state.ts";
export * from "./v2_1/visualization.ts";
export * from "./version.ts";
