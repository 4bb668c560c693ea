import type { Counters } from "./metrics.ts";
import type { HandoffEvent, HandoffId } from "./port.ts";
import type { HandoffLog } from "./service-port.ts";

/** Tells whoever listens what came of hand-offs. One trouble of a hand-off is told once, by its code. */
export class Announcer {
  readonly #counters: Counters;
  readonly #log: HandoffLog;
  readonly #listeners = new Set<(event: HandoffEvent) => void>();
  readonly #told = new Map<HandoffId, Set<string>>();

  constructor(counters: Counters, log: HandoffLog) {
    this.#counters = counters;
    this.#log = log;
  }

  subscribe(listener: (event: HandoffEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  trouble(handoffId: HandoffId | undefined, code: string, detail: string): void {
    this.announce({ kind: "trouble", handoffId, code, detail });
  }

  announce(event: HandoffEvent): void {
    if (event.kind === "trouble" && event.handoffId !== undefined) {
      const told = this.#told.get(event.handoffId) ?? new Set();
      if (told.has(event.code)) return;
      this.#told.set(event.handoffId, told.add(event.code));
    }
    this.#counters.countEvent(event.kind);
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#log.error({ err: error, event: event.kind }, "a listener of hand-off events failed");
      }
    }
  }

  /** The hand-off is over for good. */
  forget(handoffId: HandoffId): void {
    this.#told.delete(handoffId);
  }
}
