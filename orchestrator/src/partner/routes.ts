import type { Clock } from "@baton/fleet-adapter";
import type { Side, Site } from "@baton/maps";
import type { FastifyPluginAsync } from "fastify";
import type { MissionView } from "../contract/index.ts";
import type { KeyRing } from "../handoff/keys.ts";
import { bytesOf, say, signedRequestOf, speakSigned } from "../handoff/partner-routes.ts";
import { problem } from "../handoff/problems.ts";
import type { HandoffService } from "../handoff/service-port.ts";
import { calendarRoutes } from "./calendar-routes.ts";
import { type Deprecation, KNOWN_VERSIONS, versionHeaders } from "./deprecation.ts";
import type { EventLog } from "./event-log.ts";
import { eventRoutes } from "./event-routes.ts";
import type { PartnerFeed } from "./feed.ts";
import { keyRoutes } from "./key-routes.ts";
import type { PartnerKeys } from "./partner-keys.ts";
import { sandboxRoutes } from "./sandbox-routes.ts";
import type { SharingPolicy } from "./sharing-policy.ts";
import type { WebhookDelivery } from "./webhook-delivery.ts";
import { webhookRoutes } from "./webhook-routes.ts";
import type { WebhookStore } from "./webhook-store.ts";

export interface PartnerApiOptions {
  readonly side: Side;
  readonly site: Site;
  readonly clock: Clock;
  readonly handoffs: Pick<HandoffService, "routes" | "gate" | "look" | "open">;
  readonly missions: () => readonly MissionView[];
  readonly ring: KeyRing;
  readonly keys: PartnerKeys;
  readonly log: EventLog;
  readonly feed: Pick<PartnerFeed, "onAppended">;
  readonly webhooks: WebhookStore;
  readonly delivery: Pick<WebhookDelivery, "wake" | "redeliver">;
  /** Hosts to which a webhook may lead. */
  readonly webhookHosts: readonly string[];
  readonly policy: SharingPolicy;
  readonly deprecations?: readonly Deprecation[];
  /** Open enrolment and the signature debugger: for partners who are trying it out, never in production. */
  readonly isSandbox: boolean;
  readonly logger: { error(context: object, message: string): void };
}

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
