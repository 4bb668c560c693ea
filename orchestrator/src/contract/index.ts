/**
 * The API's words, as JSON Schema: what the REST API answers and what the feed's control frames carry.
 * Imports nothing but the schema library, so that any client can build against it.
 */
export * from "./evidence.ts";
export * from "./frames.ts";
export * from "./tape.ts";
export * from "./views/account.ts";
export * from "./views/alarm.ts";
export * from "./views/borderline.ts";
export * from "./views/closure.ts";
export * from "./views/device.ts";
export * from "./views/handoff.ts";
export * from "./views/mission.ts";
export * from "./views/site.ts";
export * from "./views/vehicle.ts";
export * from "./views/waiting.ts";
