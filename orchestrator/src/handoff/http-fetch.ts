import type { Fetch } from "./partner-ask.ts";

/** How long an answer may take, in the machine's time: a network knows no other. */
const ANSWER_WITHIN_MS = 10_000;

/** The partner over HTTP. */
export const httpFetch: Fetch = (url, { method, headers, body }) =>
  fetch(url, {
    method,
    headers,
    body,
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    redirect: "error",
  });
