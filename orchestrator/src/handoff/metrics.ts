import type { HandoffEvent } from "./port.ts";

export interface HandoffMetrics {
  readonly open: number;
  /** Messages committed and not acknowledged by the partner yet. */
  readonly outbox: number;
  readonly delivered: number;
  readonly deliveryFailures: number;
  readonly taken: number;
  readonly duplicates: number;
  /** Good requests whose signature was made more than 2 s from this side's clock. */
  readonly skewed: number;
  /** Requests answered with a problem, by its code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Of those, what was wrong with the signature, by reason. */
  readonly signatures: Readonly<Record<string, number>>;
  /** Announced events, by kind, repetitions included. */
  readonly events: Readonly<Record<string, number>>;
}

/** What the room has counted since it was started. */
export class Counters {
  delivered = 0;
  deliveryFailures = 0;
  taken = 0;
  duplicates = 0;
  skewed = 0;
  readonly #refused = new Map<string, number>();
  readonly #signatures = new Map<string, number>();
  readonly #events = new Map<string, number>();

  countRefused(code: string): void {
    this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
  }

  countSignature(reason: string): void {
    this.#signatures.set(reason, (this.#signatures.get(reason) ?? 0) + 1);
  }

  countEvent(kind: HandoffEvent["kind"]): void {
    this.#events.set(kind, (this.#events.get(kind) ?? 0) + 1);
  }

  snapshot(open: number, outbox: number): HandoffMetrics {
    const { delivered, deliveryFailures, taken, duplicates, skewed } = this;
    return {
      open,
      outbox,
      delivered,
      deliveryFailures,
      taken,
      duplicates,
      skewed,
      refused: Object.fromEntries(this.#refused),
      signatures: Object.fromEntries(this.#signatures),
      events: Object.fromEntries(this.#events),
    };
  }
}
