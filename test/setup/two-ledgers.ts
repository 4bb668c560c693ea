import type { Side } from "@baton/maps";
import { startRedis } from "../../scripts/provision/redis.ts";

/** A Redis a side, for a run of both sides that ends with its test: what is written need not last. */
export async function startTwoLedgers(): Promise<{
  readonly redisUrl: Readonly<Record<Side, string>>;
  stop(): Promise<void>;
}> {
  const [vn, cn] = await Promise.all([
    startRedis({ durability: "none" }),
    startRedis({ durability: "none" }),
  ]);
  return {
    redisUrl: { vn: vn.url, cn: cn.url },
    stop: async () => void (await Promise.all([vn.stop(), cn.stop()])),
  };
}
