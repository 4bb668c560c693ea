import { access } from "node:fs/promises";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import fastifyStatic from "@fastify/static";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import websocket from "@fastify/websocket";
import fastify, { type FastifyInstance } from "fastify";
import { StoreUnreachable } from "../redis/store-unreachable.ts";
import { ProblemError, problem } from "./problems.ts";
import { describeApi } from "./reference.ts";
import { controlRoutes } from "./routes.ts";
import type { ServerOptions } from "./server-options.ts";

const PARTNER_PREFIX = "/partner/v1";

/** Everything that one side answers over HTTP, not yet listening. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.log,
    logController: new fastify.LogController({ disableRequestLogging: true }),
    bodyLimit: 256 * 1024,
    forceCloseConnections: true,
  })
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(TypeBoxValidatorCompiler);

  app.setErrorHandler((error, request, reply) => {
    const answer = (found: ReturnType<typeof problem>) =>
      reply.code(found.status).type("application/problem+json").send(found);
    if (error instanceof ProblemError) return answer(error.problem);
    // Redis may be gone before readiness says so: whoever asks in that moment is told the same as a moment later.
    if (error instanceof StoreUnreachable) return answer(problem("ledger.unreachable", error.message));
    if (!(error instanceof Error)) return answer(problem("internal.error", "unknown error"));
    const status = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
    if (status === 429) return answer(problem("request.too-many", error.message));
    if (status >= 400 && status < 500) return answer(problem("request.malformed", error.message));
    request.log.error({ err: error, url: request.url }, "request failed");
    return answer(problem("internal.error", "the request could not be handled"));
  });
  app.setNotFoundHandler((request, reply) => {
    const found = problem("route.unknown", `${request.method} ${request.url}`);
    return reply.code(found.status).type("application/problem+json").send(found);
  });

  const issuer = options.provider?.shown.issuer;
  const providerOrigin = issuer !== undefined && URL.canParse(issuer) ? [new URL(issuer).origin] : [];
  await app.register(helmet, {
    // The twin draws with WebGL from its own files, and its worker opens the feed, possibly the other side's too; to
    // sign people in it asks the identity provider for its configuration and for a token.
    contentSecurityPolicy: {
      directives: {
        "default-src": ["'self'"],
        "connect-src": ["'self'", "ws:", "wss:", ...options.allowedOrigins, ...providerOrigin],
        "img-src": ["'self'", "data:", "blob:"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "worker-src": ["'self'", "blob:"],
        "upgrade-insecure-requests": null,
      },
    },
    strictTransportSecurity: false,
  });
  // Behind one proxy all come from one address: browsers must not use up what the partner may ask.
  await app.register(rateLimit, {
    max: 1200,
    timeWindow: "1 minute",
    keyGenerator: ({ url, ip }) => `${url.startsWith(PARTNER_PREFIX) ? "partner" : "people"} ${ip}`,
  });
  await app.register(websocket, { options: { maxPayload: 4096 } });
  await describeApi(app);

  app.addHook("onRequest", async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined || !options.allowedOrigins.includes(origin)) return;
    reply.header("access-control-allow-origin", origin).header("vary", "origin");
    reply.header("access-control-allow-headers", "authorization, content-type");
  });

  app.get("/healthz", { schema: { hide: true } }, async () => ({ alive: true }));
  app.get("/readyz", { schema: { hide: true } }, async (_request, reply) => {
    const state = options.desk.ready();
    return reply.code(state.ready ? 200 : 503).send(state);
  });
  app.get("/metrics", { schema: { hide: true } }, async (_request, reply) =>
    reply.type(options.metrics.contentType).send(await options.metrics.metrics()),
  );

  await app.register(controlRoutes(options), { prefix: "/api/v1" });
  await app.register(options.partnerRoutes, { prefix: PARTNER_PREFIX });

  if (options.twinFolder !== undefined) {
    await access(options.twinFolder);
    await app.register(fastifyStatic, { root: options.twinFolder, prefix: "/" });
  }
  return app;
}
