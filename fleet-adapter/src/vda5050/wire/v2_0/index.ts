/**
 * What VDA 5050 2.0 writes differently from 2.1, for fleet controls and vehicles alike. Its states, factsheets and
 * connection messages are read by the schemas of 2.1, which only adds to them.
 */
export * from "./check.ts";
export * from "./instant-actions.ts";
export * from "./order.ts";
