import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import { answered } from "../store-unreachable.ts";

/** Something that an account did, or was refused. */
export const AuditEntry = Type.Object({
  sequence: Type.Integer({ minimum: 1 }),
  atMs: Type.Number(),
  account: Type.String(),
  act: Type.String(),
  subject: Type.String(),
  reason: Type.String(),
  outcome: Type.String(),
  /** SHA-256 of the entry before (64 zeros before the first) and of this one: a gap or a change shows. */
  previousHash: Type.String(),
  hash: Type.String(),
});
export type AuditEntry = Static<typeof AuditEntry>;
const auditEntry = Compile(AuditEntry);

export type AuditAct = Pick<AuditEntry, "account" | "act" | "subject" | "reason" | "outcome">;

const GENESIS = "0".repeat(64);

function hashOf(entry: Omit<AuditEntry, "hash">): string {
  const { sequence, atMs, account, act, subject, reason, outcome, previousHash } = entry;
  return createHash("sha256")
    .update(JSON.stringify([sequence, atMs, account, act, subject, reason, outcome, previousHash]))
    .digest("hex");
}

/** Where a chain of entries breaks: the first sequence number that does not follow; undefined when it holds. */
export function firstBreak(entries: readonly AuditEntry[]): number | undefined {
  let previousHash = entries[0]?.previousHash ?? GENESIS;
  for (const entry of entries) {
    const { hash, ...rest } = entry;
    if (entry.previousHash !== previousHash || hashOf(rest) !== hash) return entry.sequence;
    previousHash = hash;
  }
  return undefined;
}

/** Both throw `StoreUnreachable` when Redis gives no answer. */
export interface AuditLog {
  record(act: AuditAct): Promise<AuditEntry>;
  /** The newest entries, newest last. */
  newest(count: number): Promise<readonly AuditEntry[]>;
}

/**
 * The append-only log of one side, a list in Redis under the zone's tag. One writer (the leader); entries are
 * written one after the other, so that the chain has no fork.
 */
export function createAuditLog(options: {
  readonly redis: Pick<Redis, "rpush" | "lrange">;
  readonly zoneId: string;
  readonly nowMs: () => number;
}): AuditLog {
  const key = `baton:{${options.zoneId}}:audit`;
  let tail: Promise<unknown> = Promise.resolve();

  const newest = async (count: number): Promise<readonly AuditEntry[]> => {
    const texts = await answered(options.redis.lrange(key, -count, -1));
    return texts.flatMap((text) => {
      const entry: unknown = JSON.parse(text);
      return auditEntry.Check(entry) ? [entry] : [];
    });
  };

  const append = async (act: AuditAct): Promise<AuditEntry> => {
    const last = (await newest(1))[0];
    const entry = {
      sequence: (last?.sequence ?? 0) + 1,
      atMs: options.nowMs(),
      ...act,
      previousHash: last?.hash ?? GENESIS,
    };
    const whole = { ...entry, hash: hashOf(entry) };
    await answered(options.redis.rpush(key, JSON.stringify(whole)));
    return whole;
  };

  return {
    record(act) {
      const written = tail.then(() => append(act));
      tail = written.catch(() => undefined);
      return written;
    },
    newest,
  };
}
