export * from "./evidence.ts";
export * from "./frames.ts";
export * from "./tape.ts";
export * from "./views.ts";
