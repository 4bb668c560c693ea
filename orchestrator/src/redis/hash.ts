import type { Cluster, Redis } from "ioredis";

/**
 * The fields of a hash with their texts, by name. Redis tells them by a hash function that every process of it seeds anew, so
 * that the same content comes in another order from another process. Whoever begins from what is written must not go on
 * otherwise for that: the same ledger, the same recovery.
 */
export async function fieldsOf(
  redis: Pick<Redis | Cluster, "hgetall">,
  key: string,
): Promise<(readonly [field: string, text: string])[]> {
  return Object.entries(await redis.hgetall(key)).sort(([a], [b]) => (a < b ? -1 : 1));
}
