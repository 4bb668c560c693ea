import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { answered } from "../store-unreachable.ts";
import { SignedRecord } from "./core/messages.ts";
import { type Change, HandoffEntry, type HandoffStore, type Kept, OutboxItem } from "./handoff-store.ts";

export interface RedisHandoffStoreOptions {
  readonly redis: Redis;
  /** The zone at the boundary; its hash tag keeps all keys of this room in one slot. */
  readonly zoneId: string;
}

const LedgerItem = Type.Object({ handoffId: Type.String(), record: SignedRecord });
const entryCheck = Compile(HandoffEntry);
const outboxCheck = Compile(OutboxItem);
const ledgerCheck = Compile(LedgerItem);
const recordCheck = Compile(SignedRecord);

const commitScript = script("commit-5");
const acknowledgeScript = script("acknowledge-2");
const nonceScript = script("remember-nonce-1");

/**
 * The hand-off room in Redis. Keys `baton:{zone}:handoff:` + `fence` (counter) · `entries` (hash by hand-off id) · `outbox`
 * (hash by message id) · `ledger` (list, append only) · `countersigned` (hash by hand-off id) · `nonces` (sorted set).
 * No key expires, and no time is Redis's own.
 */
export function createRedisHandoffStore({ redis, zoneId }: RedisHandoffStoreOptions): HandoffStore {
  const key = (name: string): string => `baton:{${zoneId}}:handoff:${name}`;
  const keys = {
    fence: key("fence"),
    entries: key("entries"),
    outbox: key("outbox"),
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
      const [entries, outbox, last] = await Promise.all([
        redis.hgetall(keys.entries),
        redis.hgetall(keys.outbox),
        redis.lindex(keys.ledger, -1),
      ]);
      return {
        entries: Object.values(entries).map((text) => read(entryCheck, text, keys.entries)),
        outbox: Object.values(outbox).map((text) => read(outboxCheck, text, keys.outbox)),
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

type Script = (redis: Redis, keys: readonly string[], args: readonly string[]) => Promise<number>;

/** One Lua file as a call: by its hash, and by its text when Redis has forgotten it. The file's name ends in its key count. */
function script(name: string): Script {
  const lua = readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), "utf8");
  const hash = createHash("sha1").update(lua).digest("hex");
  return async (redis, keys, args) => {
    const answer = await redis.evalsha(hash, keys.length, ...keys, ...args).catch((error: unknown) => {
      if (error instanceof Error && error.message.startsWith("NOSCRIPT")) {
        return redis.eval(lua, keys.length, ...keys, ...args);
      }
      throw error;
    });
    if (typeof answer !== "number") throw new Error(`script ${name} answered ${String(answer)}`);
    return answer;
  };
}

interface Check<Value> {
  Check(value: unknown): value is Value;
}

function read<Value>(check: Check<Value>, text: string, where: string): Value {
  const value: unknown = JSON.parse(text);
  if (check.Check(value)) return value;
  throw new Error(
    `${where} holds something that no version of this program has written: ${text.slice(0, 120)}`,
  );
}
