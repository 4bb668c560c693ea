import { TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import type { SignedRequest } from "./http-signatures.ts";
import { PROBLEM_MEDIA_TYPE, Problem, type ProblemCode, problem } from "./problems.ts";
import type { SignAnswer } from "./signature-gate.ts";
import { Acknowledgement, Envelope, Heartbeat, MAX_BODY_BYTES, VisitEnvelope } from "./wire.ts";

/** How the API reference groups the partner's routes. */
export const PARTNER_TAGS = {
  handoffs: "partner: hand-offs",
  traffic: "partner: missions, slots, calendars",
  events: "partner: events",
  keys: "partner: keys",
  sandbox: "partner: sandbox",
} as const;

export interface PartnerRoutesOptions {
  /** Judges and keeps one message; resolves once the answer may be given. */
  readonly receive: (
    request: SignedRequest,
    handoffId: string,
    body: Uint8Array,
  ) => Promise<Acknowledgement | Problem>;
  readonly beat: (request: SignedRequest, body: Uint8Array) => Promise<Heartbeat | Problem>;
  readonly signAnswer: SignAnswer;
  readonly log: { error(context: object, message: string): void };
}

/**
 * The partner's door: `POST /handoffs/:handoffId/messages` and `POST /heartbeat`. To be registered under the prefix `/partner/v1`, as a scope
 * of its own: it reads bodies as bytes (the digest is over bytes) and answers every error with problem details.
 */
export function partnerRoutes({ receive, beat, signAnswer, log }: PartnerRoutesOptions): FastifyPluginAsync {
  return async (scope) => {
    speakSigned(scope, { signAnswer, log });
    // For everything under the prefix.
    scope.setNotFoundHandler((request, reply) =>
      say(reply, problem("route-unknown", `${request.method} ${request.url}`)),
    );
    scope.post<{ Params: { handoffId: string } }>(
      "/handoffs/:handoffId/messages",
      {
        bodyLimit: MAX_BODY_BYTES,
        schema: {
          tags: [PARTNER_TAGS.handoffs],
          operationId: "sendMessage",
          summary: "Say one step of a hand-off",
          description:
            "One envelope with one message: offer, ready, withdraw, switched, countersign of a giver; accept, decline, go, " +
            "revoke, revoke-request, receipt of a taker; resolution of either; ground, visit and page-switch of a visit by the host's grants. Answered once it is kept for good. Idempotent by `messageId`: the " +
            "same message again is answered with `duplicate: true` and changes nothing; another message under the same id, " +
            "or the same step with other content, is `message-conflict`.",
          params: Type.Object({ handoffId: Type.String() }),
          body: Type.Union([...Envelope.anyOf, ...VisitEnvelope.anyOf]),
          response: { 202: Acknowledgement, default: Problem },
        },
      },
      async (request, reply) => {
        const answer = await receive(signedRequestOf(request), request.params.handoffId, bytesOf(request));
        if ("status" in answer) return say(reply, answer);
        return reply.code(202).send(answer);
      },
    );
    scope.post(
      "/heartbeat",
      {
        bodyLimit: MAX_BODY_BYTES,
        schema: {
          tags: [PARTNER_TAGS.handoffs],
          operationId: "beat",
          summary: "Ask for a sign of life",
          description:
            "Either side asks the other when nothing else was answered for ten seconds. Changes nothing. A partner that has " +
            "not answered for thirty seconds is called silent to the people of the other side.",
          body: Heartbeat,
          response: { 200: Heartbeat, default: Problem },
        },
      },
      async (request, reply) => {
        const answer = await beat(signedRequestOf(request), bytesOf(request));
        return "status" in answer ? say(reply, answer) : reply.send(answer);
      },
    );
  };
}

/**
 * Makes a scope of the partner's API: bodies are bytes, every answer is signed, every error is problem details. Schemas of
 * its routes describe them; what a body says is read by the route itself, after its signature was judged.
 */
export function speakSigned(
  scope: FastifyInstance,
  { signAnswer, log }: Pick<PartnerRoutesOptions, "signAnswer" | "log">,
): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    "application/json",
    { parseAs: "buffer", bodyLimit: MAX_BODY_BYTES },
    (_request: FastifyRequest, body: Buffer, done: (error: Error | null, body?: Buffer) => void) =>
      done(null, body),
  );
  scope.setValidatorCompiler((route) =>
    route.httpPart === "body" ? () => true : TypeBoxValidatorCompiler(route),
  );
  scope.setSerializerCompiler(() => (value) => JSON.stringify(value));
  scope.setErrorHandler((error, _request, reply) => {
    if (error instanceof PartnerProblem) return say(reply, error.problem);
    const code = errorCode(error);
    if (code === "internal") log.error({ err: error }, "a partner request failed");
    return say(reply, problem(code, code === "internal" ? "" : messageOf(error)));
  });
  scope.addHook("onSend", async (request, reply, payload) => {
    if (typeof payload !== "string" && !Buffer.isBuffer(payload)) return payload;
    const body = Buffer.from(payload);
    const contentType = String(reply.getHeader("content-type") ?? "application/json");
    const answer = { request: signedRequestOf(request), status: reply.statusCode, contentType, body };
    reply.headers(signAnswer(answer));
    return body;
  });
}

/** Thrown in a route of the partner's API to answer with a problem. */
export class PartnerProblem extends Error {
  override readonly name = "PartnerProblem";
  readonly problem: Problem;

  constructor(code: ProblemCode, detail: string) {
    super(`${code}: ${detail}`);
    this.problem = problem(code, detail);
  }
}

/** The body as it came. */
export function bytesOf(request: FastifyRequest): Uint8Array {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

export function say(reply: FastifyReply, answer: Problem): FastifyReply {
  return reply
    .code(answer.status)
    .type(PROBLEM_MEDIA_TYPE)
    .send(Buffer.from(JSON.stringify(answer)));
}

export function signedRequestOf(request: FastifyRequest): SignedRequest {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const { method, protocol, originalUrl } = request;
  return { method, scheme: protocol, authority: request.headers.host ?? "", target: originalUrl, headers };
}

/** Fastify's own errors, and its plugins', that a partner can cause. */
function errorCode(error: unknown): ProblemCode {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  const status =
    typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : undefined;
  if (status === 429) return "too-many-requests";
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return "body-too-large";
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return "media-type";
  if (code === "FST_ERR_CTP_INVALID_CONTENT_LENGTH" || code === "FST_ERR_VALIDATION")
    return "invalid-message";
  return "internal";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}
