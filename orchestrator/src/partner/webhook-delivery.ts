import type { Clock, Ids, Timers } from "@baton/fleet-adapter";
import type { KeyRing } from "../handoff/keys.ts";
import type { Fetch } from "../handoff/partner-ask.ts";
import { signRequest } from "../handoff/signatures.ts";
import type { CloudEvent } from "./event.ts";
import type { EventLog } from "./event-log.ts";
import { afterAttempt, type Delivered, type Webhook, wants } from "./webhook.ts";
import type { WebhookStore } from "./webhook-store.ts";

export interface WebhookDeliveryOptions {
  readonly log: EventLog;
  readonly store: WebhookStore;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly fetch: Fetch;
  readonly warn: (context: object, message: string) => void;
}

const BATCH = 64;
const STORE_PAUSE_MS = 1_000;

/**
 * Brings events to the partner's webhooks, each webhook by itself, in order and one at a time. The log and the cursor in
 * Redis are the outbox: a process that died goes on where the cursor stands, so that an event may come twice and none is
 * left out. What was given up is a dead letter until it is delivered again.
 */
export class WebhookDelivery {
  readonly #options: WebhookDeliveryOptions;
  readonly #busy = new Set<string>();
  readonly #pauses = new Map<string, () => void>();
  #isRunning = false;

  constructor(options: WebhookDeliveryOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isRunning = true;
    this.wake();
  }

  stop(): void {
    this.#isRunning = false;
    for (const cancel of this.#pauses.values()) cancel();
    this.#pauses.clear();
  }

  /** There are new events, or webhooks have changed. */
  wake(): void {
    if (!this.#isRunning) return;
    this.#options.store.list().then(
      (webhooks) => {
        for (const webhook of webhooks) void this.#work(webhook.webhookId);
      },
      (error: unknown) => {
        this.#options.warn({ err: error }, "webhooks wait for the store");
        this.#pause("", STORE_PAUSE_MS, () => this.wake());
      },
    );
  }

  /** Delivers dead letters of a webhook again, now; those taken are dead no more. Returns how many were. */
  async redeliver(webhook: Webhook, sequences: readonly number[] | undefined): Promise<number> {
    const { store, log } = this.#options;
    let taken = 0;
    for (const letter of await store.deadLetters(webhook.webhookId)) {
      if (sequences !== undefined && !sequences.includes(letter.sequence)) continue;
      const [event] = await log.after(letter.sequence - 1, 1);
      if (event?.id !== letter.eventId) continue;
      const outcome = await this.#attempt(webhook, event);
      if (outcome.kind !== "taken") break;
      await store.removeDeadLetter(webhook.webhookId, letter.sequence);
      taken++;
    }
    return taken;
  }

  async #work(webhookId: string): Promise<void> {
    if (this.#busy.has(webhookId) || this.#pauses.has(webhookId)) return;
    this.#busy.add(webhookId);
    let pause = 0;
    let isMore = true;
    try {
      while (this.#isRunning && isMore && pause === 0) ({ pause, isMore } = await this.#batch(webhookId));
    } catch (error) {
      this.#options.warn({ err: error, webhookId }, "a webhook waits for the store");
      pause = STORE_PAUSE_MS;
    }
    this.#busy.delete(webhookId);
    if (pause > 0) this.#pause(webhookId, pause, () => void this.#work(webhookId));
  }

  async #batch(webhookId: string): Promise<{ pause: number; isMore: boolean }> {
    const { store, log, clock } = this.#options;
    let webhook = (await store.list()).find((one) => one.webhookId === webhookId);
    if (webhook === undefined) return { pause: 0, isMore: false };
    const events = await log.after(webhook.cursor, BATCH);
    for (const event of events) {
      if (!this.#isRunning) break;
      const outcome = wants(webhook, event.type) ? await this.#attempt(webhook, event) : "not-wanted";
      const next = afterAttempt(webhook, event, outcome, clock.nowMs());
      // Changed by the partner meanwhile: read again.
      if (!(await store.move(webhook, next.webhook, next.deadLetter))) return { pause: 0, isMore: true };
      if (next.pauseMs > 0) return { pause: next.pauseMs, isMore: true };
      webhook = next.webhook;
    }
    return { pause: 0, isMore: events.length === BATCH };
  }

  async #attempt({ url: text }: Webhook, event: CloudEvent): Promise<Delivered> {
    const { keys, clock, ids, fetch } = this.#options;
    const url = new URL(text);
    const body = Buffer.from(JSON.stringify(event));
    const headers = signRequest(
      {
        method: "POST",
        url,
        body,
        nowMs: clock.nowMs(),
        nonce: ids.next(),
        contentType: "application/cloudevents+json",
      },
      keys.own,
    );
    try {
      const answer = await fetch(url.href, { method: "POST", headers, body });
      await answer.text();
      return answer.ok ? { kind: "taken" } : { kind: "failed", detail: `status ${answer.status}` };
    } catch (error) {
      return { kind: "failed", detail: error instanceof Error ? error.message : String(error) };
    }
  }

  #pause(name: string, ms: number, then: () => void): void {
    if (!this.#isRunning || this.#pauses.has(name)) return;
    const cancel = this.#options.timers.after(ms, () => {
      this.#pauses.delete(name);
      then();
    });
    this.#pauses.set(name, cancel);
  }
}
