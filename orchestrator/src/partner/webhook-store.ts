import type { Redis } from "ioredis";
import { Compile } from "typebox/compile";
import { readKept, redisScript } from "../redis/script.ts";
import { answered } from "../redis/store-unreachable.ts";
import { DeadLetter, Webhook } from "./webhook.ts";

const webhookCheck = Compile(Webhook);
const deadLetterCheck = Compile(DeadLetter);
const moveCursor = redisScript(new URL("./lua/move-cursor-2.lua", import.meta.url));

/** Keys `baton:{zone}:partner:` + `webhooks` (hash by id) · `dead-letters` (hash). Every method throws `StoreUnreachable`. */
export interface WebhookStore {
  list(): Promise<readonly Webhook[]>;
  put(webhook: Webhook): Promise<void>;
  remove(webhookId: string): Promise<boolean>;
  /** False when the webhook was changed or removed since `before` was read. */
  move(before: Webhook, after: Webhook, deadLetter: DeadLetter | undefined): Promise<boolean>;
  deadLetters(webhookId: string): Promise<readonly DeadLetter[]>;
  removeDeadLetter(webhookId: string, sequence: number): Promise<void>;
}

export function createWebhookStore({
  redis,
  zoneId,
}: {
  readonly redis: Redis;
  readonly zoneId: string;
}): WebhookStore {
  const webhooks = `baton:{${zoneId}}:partner:webhooks`;
  const letters = `baton:{${zoneId}}:partner:dead-letters`;
  const fieldOf = (webhookId: string, sequence: number): string => `${webhookId} ${sequence}`;
  return {
    async list() {
      const texts = await answered(redis.hvals(webhooks));
      return texts
        .map((text) => readKept(webhookCheck, text, webhooks))
        .sort((a, b) => (a.webhookId < b.webhookId ? -1 : 1));
    },
    async put(webhook) {
      await answered(redis.hset(webhooks, webhook.webhookId, JSON.stringify(webhook)));
    },
    async remove(webhookId) {
      return (await answered(redis.hdel(webhooks, webhookId))) === 1;
    },
    async move(before, after, deadLetter) {
      const field = deadLetter === undefined ? "" : fieldOf(deadLetter.webhookId, deadLetter.sequence);
      const answer = await answered(
        moveCursor(
          redis,
          [webhooks, letters],
          [
            before.webhookId,
            JSON.stringify(before),
            JSON.stringify(after),
            field,
            deadLetter === undefined ? "" : JSON.stringify(deadLetter),
          ],
        ),
      );
      return answer === 1;
    },
    async deadLetters(webhookId) {
      const texts = await answered(redis.hvals(letters));
      return texts
        .map((text) => readKept(deadLetterCheck, text, letters))
        .filter((letter) => letter.webhookId === webhookId)
        .sort((a, b) => a.sequence - b.sequence);
    },
    async removeDeadLetter(webhookId, sequence) {
      await answered(redis.hdel(letters, fieldOf(webhookId, sequence)));
    },
  };
}
