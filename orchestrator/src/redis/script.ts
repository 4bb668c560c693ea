import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";

export type RedisScript = (redis: Redis, keys: readonly string[], args: readonly string[]) => Promise<number>;

/**
 * One Lua file as a call that answers a number: by its hash, and by its text when Redis has forgotten it. The file's name
 * ends in its key count; its header says what keys, arguments and answers are.
 */
export function redisScript(file: URL): RedisScript {
  const lua = readFileSync(file, "utf8");
  const hash = createHash("sha1").update(lua).digest("hex");
  return async (redis, keys, args) => {
    const answer = await redis.evalsha(hash, keys.length, ...keys, ...args).catch((error: unknown) => {
      if (error instanceof Error && error.message.startsWith("NOSCRIPT")) {
        return redis.eval(lua, keys.length, ...keys, ...args);
      }
      throw error;
    });
    if (typeof answer !== "number") throw new Error(`${file.pathname} answered ${String(answer)}`);
    return answer;
  };
}

interface Check<Value> {
  Check(value: unknown): value is Value;
}

/** What Redis holds, as it was written. Throws when no version of this program can have written it. */
export function readKept<Value>(check: Check<Value>, text: string, where: string): Value {
  const value: unknown = JSON.parse(text);
  if (check.Check(value)) return value;
  throw new Error(
    `${where} holds something that no version of this program has written: ${text.slice(0, 120)}`,
  );
}
