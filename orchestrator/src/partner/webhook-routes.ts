import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import Type from "typebox";
import { PARTNER_TAGS, PartnerProblem } from "../handoff/partner-routes.ts";
import { Problem } from "../handoff/problems.ts";
import type { PartnerApiOptions } from "./api-options.ts";
import { bodyOf } from "./body.ts";
import { DeadLetter, Webhook } from "./webhook.ts";

const MAX_WEBHOOKS = 8;

const WebhookRequest = Type.Object({
  ...Type.Pick(Webhook, ["url", "types"]).properties,
  /** Events after this sequence number are brought; from now on if not given. */
  since: Type.Optional(Type.Integer({ minimum: 0 })),
});
const RedeliverRequest = Type.Object({
  /** Sequence numbers of dead letters; all of them if not given. */
  sequences: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { maxItems: 1_000 })),
});
const params = Type.Object({ webhookId: Type.String({ maxLength: 64, pattern: "^[A-Za-z0-9._:-]+$" }) });

/** Where events are to be brought. */
export function webhookRoutes(
  scope: FastifyInstance,
  { log, webhooks, delivery, webhookHosts }: PartnerApiOptions,
): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const tags = [PARTNER_TAGS.events];
  const known = async (webhookId: string): Promise<Webhook> => {
    const found = (await webhooks.list()).find((one) => one.webhookId === webhookId);
    if (found === undefined) throw new PartnerProblem("webhook-unknown", webhookId);
    return found;
  };

  app.get(
    "/webhooks",
    {
      schema: {
        tags,
        operationId: "listWebhooks",
        summary: "Your webhooks and how far each has come",
        response: { 200: Type.Array(Webhook), default: Problem },
      },
    },
    async () => [...(await webhooks.list())],
  );

  app.put(
    "/webhooks/:webhookId",
    {
      schema: {
        tags,
        operationId: "putWebhook",
        summary: "Have events brought to an address of yours; the same again changes nothing",
        description:
          "Each event is posted as `application/cloudevents+json`, signed as our requests are. Answer with any 2xx once it is " +
          "kept; anything else is tried again, 12 times over ten minutes, and is a dead letter then. An event may come twice.",
        params,
        body: WebhookRequest,
        response: { 200: Webhook, default: Problem },
      },
    },
    async (request) => {
      const { webhookId } = request.params;
      const { url, types, since } = bodyOf(request, WebhookRequest);
      const host = URL.parse(url)?.hostname;
      if (host === undefined || !webhookHosts.includes(host)) {
        throw new PartnerProblem("invalid-message", `/url must lead to ${webhookHosts.join(" or ")}`);
      }
      const all = await webhooks.list();
      const before = all.find((one) => one.webhookId === webhookId);
      if (before === undefined && all.length >= MAX_WEBHOOKS) {
        throw new PartnerProblem("too-many-webhooks", `${MAX_WEBHOOKS} is the most`);
      }
      const isSame =
        before?.url === url &&
        before.types.join() === types.join() &&
        (since ?? before.cursor) === before.cursor;
      if (before !== undefined && isSame) return before;
      const cursor = since ?? before?.cursor ?? (await log.extent()).last;
      const webhook: Webhook = { webhookId, url, types, cursor, attempts: 0 };
      await webhooks.put(webhook);
      delivery.wake();
      return webhook;
    },
  );

  app.delete(
    "/webhooks/:webhookId",
    {
      schema: {
        tags,
        operationId: "removeWebhook",
        summary: "Remove a webhook",
        params,
        response: { 200: Webhook, default: Problem },
      },
    },
    async (request) => {
      const webhook = await known(request.params.webhookId);
      await webhooks.remove(webhook.webhookId);
      return webhook;
    },
  );

  app.get(
    "/webhooks/:webhookId/dead-letters",
    {
      schema: {
        tags,
        operationId: "listDeadLetters",
        summary: "Events that could not be delivered",
        params,
        response: { 200: Type.Array(DeadLetter), default: Problem },
      },
    },
    async (request) => [...(await webhooks.deadLetters((await known(request.params.webhookId)).webhookId))],
  );

  app.post(
    "/webhooks/:webhookId/redeliver",
    {
      schema: {
        tags,
        operationId: "redeliver",
        summary: "Deliver dead letters again, now; those taken are dead no more",
        params,
        body: RedeliverRequest,
        response: { 200: Type.Object({ taken: Type.Integer() }), default: Problem },
      },
    },
    async (request) => {
      const webhook = await known(request.params.webhookId);
      const { sequences } = bodyOf(request, RedeliverRequest);
      return { taken: await delivery.redeliver(webhook, sequences) };
    },
  );
}
