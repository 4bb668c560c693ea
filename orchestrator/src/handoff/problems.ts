import Type, { type Static } from "typebox";

/**
 * Every "no" that a partner can hear, by stable code. Codes never change their meaning; texts live with whoever shows them.
 * `retryable`: the same message may be taken later without anyone having changed anything.
 */
export const PROBLEMS = {
  "missing-signature": {
    status: 401,
    retryable: false,
    title: "The request carries no HTTP message signature for this protocol",
  },
  malformed: { status: 401, retryable: false, title: "The signature headers cannot be read" },
  "wrong-components": { status: 401, retryable: false, title: "The signature does not cover what it must" },
  "unknown-key": { status: 401, retryable: false, title: "No public key is known under this key id" },
  "bad-digest": { status: 401, retryable: false, title: "The content digest is not that of the body" },
  "bad-signature": { status: 401, retryable: false, title: "The signature does not fit the request" },
  expired: { status: 401, retryable: true, title: "The signature was made outside the accepted time window" },
  replayed: { status: 401, retryable: true, title: "A request with this nonce was seen before" },
  "body-too-large": { status: 413, retryable: false, title: "The body exceeds the accepted size" },
  "media-type": { status: 415, retryable: false, title: "The body must be application/json" },
  "invalid-message": { status: 422, retryable: false, title: "The message does not match its schema" },
  "unknown-message-type": { status: 422, retryable: false, title: "This type of message is not known here" },
  "wrong-recipient": {
    status: 422,
    retryable: false,
    title: "The message is not from the partner to this side about this hand-off",
  },
  "wrong-direction": {
    status: 422,
    retryable: false,
    title: "The offered direction does not lead onto this side's ground",
  },
  "mode-not-served": {
    status: 422,
    retryable: false,
    title: "This side does not hand over in that way at that hand-off point",
  },
  "handoff-unknown": { status: 404, retryable: false, title: "No hand-off is known under this id" },
  "route-unknown": { status: 404, retryable: false, title: "There is nothing at this address" },
  "message-conflict": {
    status: 409,
    retryable: false,
    title: "Another message was taken under this id, or another one said this step",
  },
  "out-of-phase": {
    status: 409,
    retryable: false,
    title: "The hand-off is not in a phase that this message belongs to",
  },
  "witness-not-seen": {
    status: 409,
    retryable: true,
    title: "The vehicle's control register has not been seen to switch here yet",
  },
  "custody-disagrees": {
    status: 409,
    retryable: false,
    title: "The custody record does not say what this side knows",
  },
  "too-many-messages": {
    status: 429,
    retryable: false,
    title: "The hand-off has taken as many messages as it may",
  },
  "too-many-requests": {
    status: 429,
    retryable: true,
    title: "More requests came from this address than are taken in a minute",
  },
  "not-durable": {
    status: 503,
    retryable: true,
    title: "The message could not be kept; nothing has changed",
  },
  "version-unknown": {
    status: 406,
    retryable: false,
    title: "This version of the API is not spoken here",
  },
  "key-unproven": {
    status: 422,
    retryable: false,
    title: "The proof does not show that the new key is yours",
  },
  "key-conflict": { status: 409, retryable: false, title: "Another key has this key id" },
  "last-key": { status: 409, retryable: false, title: "The last key cannot be retired" },
  "key-unknown": { status: 404, retryable: false, title: "No key of yours has this key id" },
  "webhook-unknown": { status: 404, retryable: false, title: "No webhook is known under this id" },
  "too-many-webhooks": { status: 409, retryable: false, title: "No further webhook can be set up" },
  "events-gone": { status: 410, retryable: false, title: "Events so long ago are not kept" },
  internal: { status: 500, retryable: true, title: "Something is wrong on this side" },
} as const satisfies Record<string, { status: number; retryable: boolean; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** RFC 9457 problem details, with our members `code` and `retryable`. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.Optional(Type.String()),
  retryable: Type.Optional(Type.Boolean()),
});
export type Problem = Static<typeof Problem>;

export const PROBLEM_MEDIA_TYPE = "application/problem+json";

export function problem(code: ProblemCode, detail: string): Problem {
  const { status, title, retryable } = PROBLEMS[code];
  return { type: `urn:baton:problem:${code}`, title, status, code, detail, retryable };
}
