import { randomUUID } from "node:crypto";
import { zoneIdOf } from "@baton/maps";
import { isEmptyChange } from "../../orchestrator/src/reservation/core/change.ts";
import type { TickOutcome } from "../../orchestrator/src/reservation/core/tick.ts";
import type { LeaderId } from "../../orchestrator/src/reservation/ledger/ledger.ts";
import {
  createRedisLedger,
  type RedisLedger,
} from "../../orchestrator/src/reservation/ledger/redis-ledger.ts";
import { type RunningRedis, startRedis } from "../../scripts/provision/redis.ts";

/** Lends a Redis of our own that has every tick on disk before it says yes, and a ledger on it. */
export async function withLedger<T>(
  use: (ledger: RedisLedger, redis: RunningRedis) => Promise<T>,
): Promise<T> {
  const redis = await startRedis({ durability: "always" });
  const ledger = createRedisLedger({ url: redis.url, zoneId: zoneIdOf(`bench-${randomUUID()}`) });
  try {
    return await use(ledger, redis);
  } finally {
    ledger.close();
    await redis.stop();
  }
}

/** Commits the ticks of a zone that has no service around it. */
export async function committer(ledger: RedisLedger): Promise<(outcome: TickOutcome) => Promise<void>> {
  const { epoch } = await ledger.takeLeadership("bench" as LeaderId, 0);
  let previousTick = 0;
  return async ({ change }) => {
    if (isEmptyChange(change)) return;
    const answer = await ledger.commit({ epoch, previousTick, change, keepFromTick: change.tick - 100 });
    if (answer.kind !== "committed") throw new Error(`the ledger refused a tick: ${JSON.stringify(answer)}`);
    previousTick = change.tick;
  };
}
