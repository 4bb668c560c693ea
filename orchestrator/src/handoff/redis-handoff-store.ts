import type { Redis } from "ioredis";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { fieldsOf } from "../redis/hash.ts";
import { readKept as read, redisScript } from "../redis/script.ts";
import { answered } from "../redis/store-unreachable.ts";
import { SignedRecord } from "./core/messages.ts";
import {
  type Change,
  HandoffEntry,
  type HandoffStore,
  type Kept,
  OutboxItem,
  VisitRecord,
  vehicleOf,
} from "./handoff-store.ts";

export interface RedisHandoffStoreOptions {
  readonly redis: Redis;
  /** The zone at the boundary; its hash tag keeps all keys of this room in one slot. */
  readonly zoneId: string;
}

const LedgerItem = Type.Object({ handoffId: Type.String(), record: SignedRecord });
const entryCheck = Compile(HandoffEntry);
const outboxCheck = Compile(OutboxItem);
const visitCheck = Compile(VisitRecord);
const ledgerCheck = Compile(LedgerItem);
const recordCheck = Compile(SignedRecord);

const commitScript = redisScript(new URL("./lua/commit-5.lua", import.meta.url));
const acknowledgeScript = redisScript(new URL("./lua/acknowledge-2.lua", import.meta.url));
const visitScript = redisScript(new URL("./lua/keep-visit-2.lua", import.meta.url));
const nonceScript = redisScript(new URL("./lua/remember-nonce-1.lua", import.meta.url));

/**
 * The hand-off room in Redis. Keys `baton:{zone}:handoff:` + `fence` (counter) · `entries` (hash by hand-off id) · `outbox`
 * (hash by message id) · `visits` (hash by vehicle id) · `ledger` (list, append only) · `countersigned` (hash by hand-off id) · `nonces` (sorted set).
 * No key expires, and no time is Redis's own.
 */
export function createRedisHandoffStore({ redis, zoneId }: RedisHandoffStoreOptions): HandoffStore {
  const key = (name: string): string => `baton:{${zoneId}}:handoff:${name}`;
  const keys = {
    fence: key("fence"),
    entries: key("entries"),
    outbox: key("outbox"),
    visits: key("visits"),
    ledger: key("ledger"),
    countersigned: key("countersigned"),
    nonces: key("nonces"),
  };
  let fence = "none";
  return {
    async open() {
      fence = String(await redis.incr(keys.fence));
    },
    async load(): Promise<Kept> {
      const [entries, outbox, visits, last] = await Promise.all([
        fieldsOf(redis, keys.entries),
        fieldsOf(redis, keys.outbox),
        fieldsOf(redis, keys.visits),
        redis.lindex(keys.ledger, -1),
      ]);
      return {
        entries: entries.map(([, text]) => read(entryCheck, text, keys.entries)),
        outbox: outbox.map(([, text]) => read(outboxCheck, text, keys.outbox)),
        visits: visits.map(([, text]) => read(visitCheck, text, keys.visits)),
        lastSigned: last === null ? undefined : read(ledgerCheck, last, keys.ledger).record,
      };
    },
    async custody() {
      const [ledger, countersigned] = await answered(
        Promise.all([redis.lrange(keys.ledger, 0, -1), redis.hgetall(keys.countersigned)]),
      );
      return ledger.map((text) => {
        const item = read(ledgerCheck, text, keys.ledger);
        const finished = countersigned[item.handoffId];
        return finished === undefined ? item.record : read(recordCheck, finished, keys.countersigned);
      });
    },
    async commit({ handoffId, entry, send, append, complete }: Change) {
      const items = send.flatMap((item) => [item.envelope.messageId, JSON.stringify(item)]);
      const answer = await commitScript(
        redis,
        [keys.fence, keys.entries, keys.outbox, keys.ledger, keys.countersigned],
        [
          fence,
          handoffId,
          entry === undefined ? "" : JSON.stringify(entry),
          append === undefined ? "" : JSON.stringify({ handoffId, record: append }),
          complete === undefined ? "" : JSON.stringify(complete),
          ...items,
        ],
      );
      return answer === 1 ? "kept" : "fenced";
    },
    async keepVisit(record) {
      const args = [fence, vehicleOf(record), JSON.stringify(record)];
      return (await visitScript(redis, [keys.fence, keys.visits], args)) === 1 ? "kept" : "fenced";
    },
    async acknowledged(messageId) {
      const answer = await acknowledgeScript(redis, [keys.fence, keys.outbox], [fence, messageId]);
      return answer === 1 ? "kept" : "fenced";
    },
    async rememberNonce(nonce, createdMs, forgetBeforeMs) {
      return (
        (await nonceScript(redis, [keys.nonces], [nonce, String(createdMs), String(forgetBeforeMs)])) === 1
      );
    },
  };
}
