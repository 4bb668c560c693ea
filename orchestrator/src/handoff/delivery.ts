import type { Timers } from "@baton/fleet-adapter";
import type { OutboxItem } from "./handoff-store.ts";
import type { AskFailure, AskPartner } from "./partner-ask.ts";
import type { HandoffId } from "./port.ts";

export interface DeliveryOptions {
  /** One signed request to the partner. */
  readonly ask: AskPartner;
  readonly timers: Timers;
  /** The first pause after a failure; doubled with each further one up to `maxMs`. */
  readonly retry: { readonly firstMs: number; readonly maxMs: number };
  /** Takes the message out of the durable outbox. Rejects when that is not possible: then it will be sent again. */
  readonly delivered: (item: OutboxItem) => Promise<void>;
  readonly failed: (item: OutboxItem, failure: AskFailure) => void;
  /** Whether a hand-off has come to nothing: then a partner that does not know it needs to hear nothing of it. */
  readonly isEnded: (handoffId: HandoffId) => boolean;
}

interface Queue {
  readonly items: OutboxItem[];
  attempts: number;
  busy: boolean;
  cancelPause: (() => void) | undefined;
}

/**
 * Brings the outbox to the partner: messages of one hand-off in their order and one at a time, hand-offs beside each
 * other, each message again and again until it is acknowledged. Every attempt is signed afresh.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #queues = new Map<HandoffId, Queue>();
  #running = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = true;
    for (const [handoffId, queue] of this.#queues) this.#pump(handoffId, queue);
  }

  stop(): void {
    this.#running = false;
    for (const queue of this.#queues.values()) queue.cancelPause?.();
    this.#queues.clear();
  }

  add(items: readonly OutboxItem[]): void {
    for (const item of [...items].sort((a, b) => a.seq - b.seq)) {
      const { handoffId, messageId } = item.envelope;
      const queue = this.#queues.get(handoffId) ?? {
        items: [],
        attempts: 0,
        busy: false,
        cancelPause: undefined,
      };
      this.#queues.set(handoffId, queue);
      if (queue.items.some((other) => other.envelope.messageId === messageId)) continue;
      queue.items.push(item);
      this.#pump(handoffId, queue);
    }
  }

  /** What one hand-off still has to tell the partner, in its order. */
  waitingFor(handoffId: string): readonly OutboxItem["envelope"][] {
    for (const [known, queue] of this.#queues) {
      if (known === handoffId) return queue.items.map(({ envelope }) => envelope);
    }
    return [];
  }

  waiting(): number {
    let count = 0;
    for (const queue of this.#queues.values()) count += queue.items.length;
    return count;
  }

  #pump(handoffId: HandoffId, queue: Queue): void {
    if (!this.#running || queue.busy || queue.cancelPause !== undefined) return;
    const item = queue.items[0];
    if (item === undefined) {
      this.#queues.delete(handoffId);
      return;
    }
    queue.busy = true;
    void this.#attempt(item).then((failure) => {
      queue.busy = false;
      if (failure === undefined) {
        queue.items.shift();
        queue.attempts = 0;
      } else if (this.#running) {
        this.#options.failed(item, failure);
        this.#pause(handoffId, queue, failure);
      }
      this.#pump(handoffId, queue);
    });
  }

  #pause(handoffId: HandoffId, queue: Queue, failure: AskFailure): void {
    const { firstMs, maxMs } = this.#options.retry;
    const final = failure.kind === "refused" && !failure.retryable;
    const pauseMs = final ? maxMs : Math.min(maxMs, firstMs * 2 ** Math.min(queue.attempts, 20));
    queue.attempts++;
    queue.cancelPause = this.#options.timers.after(pauseMs, () => {
      queue.cancelPause = undefined;
      this.#pump(handoffId, queue);
    });
  }

  /** Undefined when the message has arrived for good. */
  async #attempt(item: OutboxItem): Promise<AskFailure | undefined> {
    const { envelope } = item;
    try {
      const path = `handoffs/${encodeURIComponent(envelope.handoffId)}/messages`;
      const failure = await this.#options.ask(path, envelope);
      const isEnd = envelope.type === "withdraw" || envelope.type === "revoke";
      // Who does not know the hand-off has nothing to end, and nothing to hear of one that has ended.
      const nothingToTell =
        (isEnd || this.#options.isEnded(envelope.handoffId)) &&
        failure?.kind === "refused" &&
        failure.code === "handoff-unknown";
      if (failure !== undefined && !nothingToTell) return failure;
      await this.#options.delivered(item);
      return undefined;
    } catch (error) {
      return { kind: "unreachable", detail: error instanceof Error ? error.message : String(error) };
    }
  }
}
