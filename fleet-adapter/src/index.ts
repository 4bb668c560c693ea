export * from "./port.ts";
export * from "./time/ids.ts";
export * from "./time/manual-clock.ts";
export * from "./time/wall-clock.ts";
export * from "./time.ts";
export * from "./vda5050/adapter.ts";
export { BrokerUnreachableError } from "./vda5050/broker-link.ts";
export * from "./vda5050/chart.ts";
export * from "./vda5050/chart-of-site.ts";
