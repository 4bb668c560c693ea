import { randomUUID } from "node:crypto";
import type { ZoneId } from "@baton/maps";
import { Redis } from "ioredis";

/** A zone of its own for a test on a Redis that is shared. */
export function freshZone(): ZoneId {
  return `test:${randomUUID()}` as ZoneId;
}

/** A connection for a test's own questions to a Redis; it survives that Redis's restarts. */
export function administer(url: string): Redis {
  const admin = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  admin.on("error", () => {});
  return admin;
}
