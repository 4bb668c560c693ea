import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import { answered } from "../redis/store-unreachable.ts";

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

/**
 * Where a chain of entries breaks: the first sequence number that does not follow; undefined when it holds.
 * `after` is the hash of the entry before the first; without it the first one is taken at its word.
 */
export function firstBreak(entries: readonly AuditEntry[], after?: string): number | undefined {
  let previousHash = after ?? entries[0]?.previousHash ?? GENESIS;
  for (const entry of entries) {
    const { hash, ...rest } = entry;
    if (entry.previousHash !== previousHash || hashOf(rest) !== hash) return entry.sequence;
    previousHash = hash;
  }
  return undefined;
}

/** What to look for; an entry has to fit all that is given. Texts count wherever they stand, in whatever case. */
export interface AuditQuery {
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly account?: string;
  readonly act?: string;
  readonly subject?: string;
  /** In any of its texts. */
  readonly text?: string;
  /** Only entries before this one: the page after the last one seen. */
  readonly beforeSequence?: number;
}

/** All throw `StoreUnreachable` when Redis gives no answer. */
export interface AuditLog {
  record(act: AuditAct): Promise<AuditEntry>;
  /** The newest entries that fit, newest last. */
  search(query: AuditQuery, count: number): Promise<readonly AuditEntry[]>;
  /** Reads the whole log: how many entries there are, and where the chain breaks, if it does. */
  verify(): Promise<{ readonly entries: number; readonly brokenAt: number | undefined }>;
}

const CHUNK = 1_000;

function fits(entry: AuditEntry, query: AuditQuery): boolean {
  const { fromMs = 0, toMs = Number.POSITIVE_INFINITY, beforeSequence = Number.POSITIVE_INFINITY } = query;
  if (entry.atMs < fromMs || entry.atMs > toMs || entry.sequence >= beforeSequence) return false;
  const has = (text: string, part: string | undefined): boolean =>
    part === undefined || text.toLowerCase().includes(part.toLowerCase());
  const { account, act, subject, reason, outcome } = entry;
  return (
    has(account, query.account) &&
    has(act, query.act) &&
    has(subject, query.subject) &&
    has([account, act, subject, reason, outcome].join("\n"), query.text)
  );
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

  const read = async (from: number, to: number): Promise<readonly AuditEntry[]> => {
    const texts = await answered(options.redis.lrange(key, from, to));
    return texts.flatMap((text) => {
      const entry: unknown = JSON.parse(text);
      return auditEntry.Check(entry) ? [entry] : [];
    });
  };

  const append = async (act: AuditAct): Promise<AuditEntry> => {
    const last = (await read(-1, -1))[0];
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
    async search(query, count) {
      const found: AuditEntry[] = [];
      for (let back = 0; found.length < count; back += CHUNK) {
        const entries = await read(-back - CHUNK, -back - 1);
        found.push(...entries.filter((entry) => fits(entry, query)).reverse());
        const oldest = entries[0];
        if (oldest === undefined || oldest.sequence === 1 || oldest.atMs < (query.fromMs ?? 0)) break;
      }
      return found.slice(0, count).reverse();
    },
    async verify() {
      let entries = 0;
      let previousHash = GENESIS;
      for (;;) {
        const chunk = await read(entries, entries + CHUNK - 1);
        const brokenAt = firstBreak(chunk, previousHash);
        const last = chunk.at(-1);
        entries += chunk.length;
        if (brokenAt !== undefined) return { entries, brokenAt };
        if (last === undefined) return { entries, brokenAt: undefined };
        previousHash = last.hash;
      }
    },
  };
}
