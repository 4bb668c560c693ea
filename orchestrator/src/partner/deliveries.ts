import Type, { type Static } from "typebox";
import type { EventLog } from "./event-log.ts";
import { DeadLetter, Webhook } from "./webhook.ts";
import type { WebhookDelivery } from "./webhook-delivery.ts";
import type { WebhookStore } from "./webhook-store.ts";

/** A webhook of the partner's as this side's people see it: how far it has come, and what was given up. */
export const DeliveryView = Type.Object({
  webhook: Webhook,
  /** Events in the log that are not settled for it yet, wanted or not. */
  behind: Type.Integer({ minimum: 0 }),
  deadLetters: Type.Array(DeadLetter),
});
export type DeliveryView = Static<typeof DeliveryView>;

/** What is brought to the partner, for this side's people. Every method throws `StoreUnreachable`. */
export interface PartnerDeliveries {
  list(): Promise<readonly DeliveryView[]>;
  /** Dead letters of a webhook, brought again now; how many were taken. Undefined when there is no such webhook. */
  redeliver(webhookId: string, sequences: readonly number[] | undefined): Promise<number | undefined>;
}

export function partnerDeliveries({
  store,
  log,
  delivery,
}: {
  readonly store: WebhookStore;
  readonly log: EventLog;
  readonly delivery: Pick<WebhookDelivery, "redeliver">;
}): PartnerDeliveries {
  return {
    async list() {
      const [webhooks, { last }] = await Promise.all([store.list(), log.extent()]);
      return Promise.all(
        webhooks.map(async (webhook) => ({
          webhook,
          behind: Math.max(0, last - webhook.cursor),
          deadLetters: [...(await store.deadLetters(webhook.webhookId))],
        })),
      );
    },
    async redeliver(webhookId, sequences) {
      const webhook = (await store.list()).find((one) => one.webhookId === webhookId);
      return webhook && delivery.redeliver(webhook, sequences);
    },
  };
}
