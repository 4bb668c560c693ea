import { createHash } from "node:crypto";
import type { Account } from "./accounts.ts";

/** A session ends with the shift, or after half an hour in which nothing was asked. */
export const SESSION_MS = 12 * 3_600_000;
export const IDLE_MS = 30 * 60_000;
const MAX_SESSIONS = 10_000;
/** Wrong passwords for one name, after which that name has to wait. */
export const MAX_FAILURES = 5;
export const LOCKED_MS = 60_000;
const MAX_NAMES = 10_000;

export interface Sessions {
  open(account: Account): { readonly token: string; readonly expiresAtMs: number };
  byToken(token: string): Account | undefined;
  close(token: string): void;
}

const digestOf = (token: string): string => createHash("sha256").update(token, "utf8").digest("base64url");

/** Sessions of people who gave a password. In memory: after a restart they sign in again. Tokens are kept as hashes. */
export function createSessions(options: {
  readonly nowMs: () => number;
  readonly newToken: () => string;
}): Sessions {
  const open = new Map<string, { account: Account; expiresAtMs: number; usedAtMs: number }>();
  const { nowMs } = options;
  const isOver = (session: { expiresAtMs: number; usedAtMs: number }): boolean =>
    nowMs() >= session.expiresAtMs || nowMs() - session.usedAtMs >= IDLE_MS;

  return {
    open(account) {
      for (const [digest, session] of open) if (isOver(session)) open.delete(digest);
      const oldest = open.keys().next().value;
      if (open.size >= MAX_SESSIONS && oldest !== undefined) open.delete(oldest);
      const token = options.newToken();
      const expiresAtMs = nowMs() + SESSION_MS;
      open.set(digestOf(token), { account, expiresAtMs, usedAtMs: nowMs() });
      return { token, expiresAtMs };
    },
    byToken(token) {
      const session = open.get(digestOf(token));
      if (session === undefined || isOver(session)) return undefined;
      session.usedAtMs = nowMs();
      return session.account;
    },
    close: (token) => void open.delete(digestOf(token)),
  };
}

/** Counts wrong passwords by name, so that guessing one takes longer than a shift. */
export function createGuessGuard(nowMs: () => number): {
  isLocked(name: string): boolean;
  failed(name: string): void;
  succeeded(name: string): void;
} {
  const failures = new Map<string, { count: number; lastMs: number }>();
  const recent = (name: string): number => {
    const known = failures.get(name);
    return known === undefined || nowMs() - known.lastMs >= LOCKED_MS ? 0 : known.count;
  };
  return {
    isLocked: (name) => recent(name) >= MAX_FAILURES,
    failed(name) {
      const count = recent(name) + 1;
      failures.delete(name);
      failures.set(name, { count, lastMs: nowMs() });
      const oldest = failures.keys().next().value;
      if (failures.size > MAX_NAMES && oldest !== undefined) failures.delete(oldest);
    },
    succeeded: (name) => void failures.delete(name),
  };
}
