import type { TwinProbe } from "./stage.ts";

declare global {
  interface Window {
    /** For browser tests and the curious: what is drawn. Read-only, part of the page's documented surface. */
    readonly __batonTwin?: TwinProbe;
  }
}

/** Lets `window.__batonTwin` answer from the stage; the returned function takes it away. */
export function publishProbe(read: () => TwinProbe): () => void {
  Object.defineProperty(window, "__batonTwin", { configurable: true, get: read });
  return () => {
    Object.defineProperty(window, "__batonTwin", { configurable: true, value: undefined });
  };
}
