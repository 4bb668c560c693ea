import Type, { type Static } from "typebox";
import { type CloudEvent, EVENT_TYPES, type EventType, sequenceOf } from "./event.ts";

/** Where the partner wants events brought, and how far that has come. Kept in Redis as it is here. */
export const Webhook = Type.Object({
  webhookId: Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._:-]+$" }),
  url: Type.String({ maxLength: 512, pattern: "^https?://.+" }),
  /** Which events; empty for all. */
  types: Type.Array(Type.Enum([...EVENT_TYPES]), { maxItems: EVENT_TYPES.length }),
  /** The last event that is settled: taken by the partner, not wanted, or a dead letter. */
  cursor: Type.Integer({ minimum: 0 }),
  /** Failed attempts at the event after it. */
  attempts: Type.Integer({ minimum: 0 }),
  lastFailure: Type.Optional(Type.String()),
});
export type Webhook = Static<typeof Webhook>;

/** An event that was given up after the last attempt. It can be delivered again for as long as it is here. */
export const DeadLetter = Type.Object({
  webhookId: Type.String(),
  sequence: Type.Integer(),
  eventId: Type.String(),
  type: Type.String(),
  atMs: Type.Number(),
  failure: Type.String(),
});
export type DeadLetter = Static<typeof DeadLetter>;

/** After so many attempts an event is a dead letter, and the next one has its turn: ten minutes with these pauses. */
export const MAX_ATTEMPTS = 12;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 120_000;

/** The pause after the n-th failed attempt, n from 1. */
export function pauseMs(attempts: number): number {
  return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1));
}

export type Delivered = { readonly kind: "taken" } | { readonly kind: "failed"; readonly detail: string };

/** What follows for a webhook from one event and, if it wanted it, what came of the attempt. */
export function afterAttempt(
  webhook: Webhook,
  event: CloudEvent,
  outcome: Delivered | "not-wanted",
  nowMs: number,
): { readonly webhook: Webhook; readonly deadLetter: DeadLetter | undefined; readonly pauseMs: number } {
  const { lastFailure: _last, ...rest } = webhook;
  const sequence = sequenceOf(event);
  const settled: Webhook = { ...rest, cursor: sequence, attempts: 0 };
  if (outcome === "not-wanted" || outcome.kind === "taken") {
    return { webhook: settled, deadLetter: undefined, pauseMs: 0 };
  }
  const attempts = webhook.attempts + 1;
  const failure = outcome.detail.slice(0, 256);
  if (attempts < MAX_ATTEMPTS) {
    return {
      webhook: { ...rest, attempts, lastFailure: failure },
      deadLetter: undefined,
      pauseMs: pauseMs(attempts),
    };
  }
  const { webhookId } = webhook;
  const deadLetter = { webhookId, sequence, eventId: event.id, type: event.type, atMs: nowMs, failure };
  return { webhook: { ...settled, lastFailure: failure }, deadLetter, pauseMs: 0 };
}

export const wants = ({ types }: Webhook, type: EventType): boolean =>
  types.length === 0 || types.includes(type);
