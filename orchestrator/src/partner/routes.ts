import type { FastifyPluginAsync } from "fastify";
import { bytesOf, say, signedRequestOf, speakSigned } from "../handoff/partner-routes.ts";
import { problem } from "../handoff/problems.ts";
import type { PartnerApiOptions } from "./api-options.ts";
import { calendarRoutes } from "./calendar-routes.ts";
import { KNOWN_VERSIONS, versionHeaders } from "./deprecation.ts";
import { eventRoutes } from "./event-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { sandboxRoutes } from "./sandbox-routes.ts";
import { webhookRoutes } from "./webhook-routes.ts";

/** The partner's API of one side, to be registered with the prefix `/partner/v1`. */
export function partnerApi(options: PartnerApiOptions): FastifyPluginAsync {
  const { handoffs, isSandbox, deprecations = [], logger: log } = options;
  const { signAnswer } = handoffs.gate;
  return async (api) => {
    api.addHook("onRequest", async (request, reply) => {
      const wanted = request.headers["baton-api-version"];
      reply.headers(versionHeaders(request.method, request.routeOptions.url ?? "", deprecations));
      if (typeof wanted === "string" && !KNOWN_VERSIONS.includes(wanted)) {
        return say(reply, problem("version-unknown", `known are ${KNOWN_VERSIONS.join(", ")}`));
      }
      return undefined;
    });
    await api.register(handoffs.routes);
    await api.register(async (open) => {
      speakSigned(open, { signAnswer, log });
      keyRoutes.published(open, options);
      if (isSandbox) sandboxRoutes(open, options);
    });
    await api.register(async (signed) => {
      speakSigned(signed, { signAnswer, log });
      signed.addHook("preValidation", async (request, reply) => {
        const judged = await handoffs.gate.judge(signedRequestOf(request), bytesOf(request));
        return "status" in judged ? say(reply, judged) : undefined;
      });
      calendarRoutes(signed, options);
      eventRoutes(signed, options);
      webhookRoutes(signed, options);
      keyRoutes.enrolment(signed, options);
    });
  };
}
