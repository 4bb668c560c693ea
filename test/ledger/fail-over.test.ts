import { randomUUID } from "node:crypto";
import type { ZoneId } from "@baton/maps";
import { describe, expect, test } from "vitest";
import {
  createRedisLedger,
  type RedisLedger,
} from "../../orchestrator/src/reservation/ledger/redis-ledger.ts";
import { ladder } from "../../orchestrator/src/reservation/testing/layouts.ts";
import { drive } from "../../orchestrator/src/reservation/testing/traffic.ts";
import { cutOff, startReplica, startServer } from "./servers.ts";

describe("traffic on a Redis that is killed, with a replica that lags behind taking over", () => {
  test("goes on, with nobody ever on ground that is not its own, and all legs end", async () => {
    const master = await startServer();
    const replica = await startReplica(master);
    const zoneId = `test:${randomUUID()}` as ZoneId;
    const opened: RedisLedger[] = [];
    const open = (url: string): RedisLedger => {
      const ledger = createRedisLedger({ url, zoneId, answerWithinMs: 5000 });
      opened.push(ledger);
      return ledger;
    };
    let current = open(master.url);
    let stage: "whole" | "lags" | "promoted" = "whole";
    let isTrue = true;
    let lostTicks = 0;
    try {
      const plan = {
        layout: ladder(6),
        seed: 7,
        vehicles: 4,
        tripsEach: 3,
        stops: 0.002,
        lostReports: 0.1,
        newLeaders: 0,
        failOvers: {
          probability: 0.02,
          isTrue: () => isTrue,
          async failOver() {
            if (stage === "whole") {
              await cutOff(replica);
              stage = "lags";
            } else if (stage === "lags") {
              const { lastTick } = await current.read();
              await master.kill();
              await replica.admin.replicaof("NO", "ONE");
              current = open(replica.url);
              lostTicks = lastTick - (await current.read()).lastTick;
              isTrue = false;
              stage = "promoted";
            }
          },
        },
      };
      const { ticks } = await drive(plan, {
        ledger: {
          takeLeadership: (leaderId, atMs) => current.takeLeadership(leaderId, atMs),
          read: () => current.read(),
          validEpoch: () => current.validEpoch(),
          settle: (epoch) => current.settle(epoch),
          async commit(commit) {
            const outcome = await current.commit(commit);
            if (outcome.kind === "committed") isTrue = true;
            return outcome;
          },
        },
        holders: async () => (await current.read()).grants,
      });
      expect(ticks).toBeGreaterThan(0);
      expect(stage).toBe("promoted");
      expect(lostTicks).toBeGreaterThan(0);
      expect((await current.takeLeadership("last" as never, 0)).whole).toBe(true);
    } finally {
      for (const ledger of opened) ledger.close();
      await replica.stop();
      await master.stop();
    }
  });
});
