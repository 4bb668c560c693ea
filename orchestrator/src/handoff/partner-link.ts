import type { Clock, Ids, Timers } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import Type from "typebox";
import { Compile } from "typebox/compile";
import type { OutboxItem } from "./handoff-store.ts";
import type { SignedRequest } from "./http-signatures.ts";
import type { KeyRing } from "./keys.ts";
import type { HandoffId } from "./port.ts";
import { signRequest, verifyAnswer } from "./signatures.ts";

/** A signed request to the partner. Header names in lower case. */
export interface PartnerPost {
  readonly method: "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

export interface PartnerAnswer {
  /** A status from 200 to 299. */
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** The way to the partner: the part of `fetch` that is used here. Rejects when no answer comes, in a time that it knows best. */
export type Fetch = (url: string, post: PartnerPost) => Promise<PartnerAnswer>;

export type DeliveryFailure =
  /** No answer, or one that says the partner's service is down. */
  | { readonly kind: "unreachable"; readonly detail: string }
  /** An answer that the partner has not signed, or not to this request: whoever sent it, it is not believed. */
  | { readonly kind: "untrusted"; readonly detail: string }
  /** The partner's "no", by its stable code. */
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly code: string;
      readonly retryable: boolean;
      readonly detail: string;
    };

export interface DeliveryOptions {
  readonly partnerUrl: string;
  readonly partnerSide: Side;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly fetch: Fetch;
  /** The first pause after a failure; doubled with each further one up to `maxMs`. */
  readonly retry: { readonly firstMs: number; readonly maxMs: number };
  /** Takes the message out of the durable outbox. Rejects when that is not possible: then it will be sent again. */
  readonly delivered: (item: OutboxItem) => Promise<void>;
  readonly failed: (item: OutboxItem, failure: DeliveryFailure) => void;
}

const problemCheck = Compile(
  Type.Object({
    code: Type.String(),
    retryable: Type.Optional(Type.Boolean()),
    detail: Type.Optional(Type.String()),
  }),
);

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

  #pause(handoffId: HandoffId, queue: Queue, failure: DeliveryFailure): void {
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
  async #attempt(item: OutboxItem): Promise<DeliveryFailure | undefined> {
    const { envelope } = item;
    try {
      const failure = await this.#post(item);
      const isEnd = envelope.type === "withdraw" || envelope.type === "revoke";
      // Who does not know the hand-off has nothing to end.
      const nothingToEnd = isEnd && failure?.kind === "refused" && failure.code === "handoff-unknown";
      if (failure !== undefined && !nothingToEnd) return failure;
      await this.#options.delivered(item);
      return undefined;
    } catch (error) {
      return { kind: "unreachable", detail: error instanceof Error ? error.message : String(error) };
    }
  }

  async #post({ envelope }: OutboxItem): Promise<DeliveryFailure | undefined> {
    const { partnerUrl, partnerSide, keys, clock, ids, fetch } = this.#options;
    const base = partnerUrl.endsWith("/") ? partnerUrl : `${partnerUrl}/`;
    const url = new URL(`partner/v1/handoffs/${encodeURIComponent(envelope.handoffId)}/messages`, base);
    const body = Buffer.from(JSON.stringify(envelope));
    const headers = signRequest(
      { method: "POST", url, body, nowMs: clock.nowMs(), nonce: ids.next() },
      keys.own,
    );
    const response = await fetch(url.href, { method: "POST", headers, body });
    const text = await response.text();
    const { status } = response;
    const request: SignedRequest = {
      method: "POST",
      scheme: url.protocol.slice(0, -1),
      authority: url.host,
      target: url.pathname + url.search,
      headers,
    };
    const answer = { status, headers: signedHeaders(response), request };
    const doubt = verifyAnswer(answer, Buffer.from(text), keys, partnerSide, clock.nowMs());
    if (doubt !== undefined) {
      // What stands before the partner (a proxy, a load balancer) says that it is down, and cannot sign.
      if (status >= 500) return { kind: "unreachable", detail: `status ${status}` };
      return { kind: "untrusted", detail: `status ${status}, ${doubt.reason}: ${doubt.detail}` };
    }
    if (response.ok) return undefined;
    const said = parsed(text);
    if (!problemCheck.Check(said)) {
      if (status >= 500) return { kind: "unreachable", detail: `status ${status}` };
      return {
        kind: "refused",
        status,
        code: `http-${status}`,
        retryable: status === 408 || status === 429,
        detail: "",
      };
    }
    const { code, detail = "", retryable = status >= 500 || status === 429 } = said;
    if (status >= 500) return { kind: "unreachable", detail: `${code}: ${detail}` };
    return { kind: "refused", status, code, retryable, detail };
  }
}

/** What of an answer's header its signature may cover. */
function signedHeaders({ headers }: PartnerAnswer): Record<string, string | undefined> {
  return Object.fromEntries(
    ["signature-input", "signature", "content-digest", "content-type"].map((name) => [
      name,
      headers.get(name) ?? undefined,
    ]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
