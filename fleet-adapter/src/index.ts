export * from "./port.ts";
export * from "./time/ids.ts";
export * from "./time/manual-clock.ts";
export * from "./time/wall-clock.ts";
export * from "./time.ts";
export * from "./vda5050/adapter.ts";
export * from "./vda5050/chart.ts";
