import { startRedis } from "../../scripts/provision/redis.ts";
import { type RunOptions, runScenario } from "../../sim/src/fast/run.ts";
import { silentLog } from "../../sim/src/process/log.ts";
import type { RunRecord } from "../../sim/src/run/record.ts";

/** A run of both sides in fast time, each over a Redis of its own that ends with it: what is written need not last. */
export async function runOverTwoLedgers(options: Omit<RunOptions, "redisUrl" | "log">): Promise<RunRecord> {
  const [vn, cn] = await Promise.all([
    startRedis({ durability: "none" }),
    startRedis({ durability: "none" }),
  ]);
  try {
    return await runScenario({ ...options, redisUrl: { vn: vn.url, cn: cn.url }, log: silentLog });
  } finally {
    await Promise.all([vn.stop(), cn.stop()]);
  }
}
