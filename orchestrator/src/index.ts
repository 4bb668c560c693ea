export * from "./gate/port.ts";
