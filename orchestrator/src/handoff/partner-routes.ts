import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { PROBLEM_MEDIA_TYPE, type Problem, type ProblemCode, problem } from "./problems.ts";
import type { SignedRequest } from "./signatures.ts";
import { type Acknowledgement, MAX_BODY_BYTES } from "./wire.ts";

export interface PartnerRoutesOptions {
  /** Judges and keeps one message; resolves once the answer may be given. */
  readonly receive: (
    request: SignedRequest,
    handoffId: string,
    body: Uint8Array,
  ) => Promise<Acknowledgement | Problem>;
  readonly log: { error(context: object, message: string): void };
}

/**
 * The partner's door: `POST /handoffs/:handoffId/messages`. To be registered under the prefix `/partner/v1`, as a scope
 * of its own: it reads bodies as bytes (the digest is over bytes) and answers every error with problem details.
 */
export function partnerRoutes({ receive, log }: PartnerRoutesOptions): FastifyPluginAsync {
  return async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "application/json",
      { parseAs: "buffer", bodyLimit: MAX_BODY_BYTES },
      (_request: FastifyRequest, body: Buffer, done: (error: Error | null, body?: Buffer) => void) =>
        done(null, body),
    );
    scope.setErrorHandler((error, _request, reply) => {
      const code = errorCode(error);
      if (code === "internal") log.error({ err: error }, "a partner request failed");
      return say(reply, problem(code, code === "internal" ? "" : messageOf(error)));
    });
    scope.setNotFoundHandler((request, reply) =>
      say(reply, problem("route-unknown", `${request.method} ${request.url}`)),
    );
    scope.post<{ Params: { handoffId: string } }>(
      "/handoffs/:handoffId/messages",
      { bodyLimit: MAX_BODY_BYTES },
      async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const answer = await receive(signedRequestOf(request), request.params.handoffId, body);
        if ("status" in answer) return say(reply, answer);
        return reply.code(202).send(answer);
      },
    );
  };
}

function say(reply: FastifyReply, answer: Problem): FastifyReply {
  return reply
    .code(answer.status)
    .type(PROBLEM_MEDIA_TYPE)
    .send(Buffer.from(JSON.stringify(answer)));
}

function signedRequestOf(request: FastifyRequest): SignedRequest {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const { method, protocol, originalUrl } = request;
  return { method, scheme: protocol, authority: request.headers.host ?? "", target: originalUrl, headers };
}

/** Fastify's own errors that a partner can cause. */
function errorCode(error: unknown): ProblemCode {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return "body-too-large";
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return "media-type";
  if (code === "FST_ERR_CTP_INVALID_CONTENT_LENGTH") return "invalid-message";
  return "internal";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}
