import { randomUUID } from "node:crypto";
import type { ZoneId } from "@baton/maps";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { LedgerUnreachable } from "../../orchestrator/src/reservation/ledger/ledger.ts";
import {
  createRedisLedger,
  ledgerKeys,
  type RedisLedger,
} from "../../orchestrator/src/reservation/ledger/redis-ledger.ts";
import { startCluster, type TestServer } from "./servers.ts";
import { leaderOf } from "./ticks.ts";

describe("a Redis Cluster of three nodes", () => {
  let nodes: TestServer[] = [];
  const opened: RedisLedger[] = [];

  beforeAll(async () => {
    nodes = await startCluster();
  });

  afterAll(async () => {
    for (const ledger of opened) ledger.close();
    for (const node of nodes) await node.stop();
  });

  function open(zoneId: ZoneId): RedisLedger {
    const url = `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`;
    const ledger = createRedisLedger({ url, zoneId, answerWithinMs: 3000 });
    opened.push(ledger);
    return ledger;
  }

  /** A zone whose hash tag lies on the given node. */
  async function zoneOn(node: number): Promise<ZoneId> {
    const share = Math.ceil(16_384 / nodes.length);
    for (;;) {
      const zoneId = `test:${randomUUID()}` as ZoneId;
      const slot = await nodes[0]?.admin.cluster("KEYSLOT", ledgerKeys(zoneId).grants);
      if (Math.floor(Number(slot) / share) === node) return zoneId;
    }
  }

  test("keeps each zone on one node; where one node dies the zones of others go on, and its own when it is back", async () => {
    const [here, there] = [await zoneOn(0), await zoneOn(1)];
    const [one, other] = [open(here), open(there)];
    const oneLeader = await leaderOf(one);
    const otherLeader = await leaderOf(other);
    expect(await oneLeader.grant("a", "b")).toBe("committed");
    expect(await otherLeader.grant("a", "c")).toBe("committed");
    expect(Object.keys((await nodes[0]?.admin.hgetall(ledgerKeys(here).grants)) ?? {}).sort()).toEqual([
      "a",
      "b",
    ]);
    expect(Object.keys((await nodes[1]?.admin.hgetall(ledgerKeys(there).grants)) ?? {}).sort()).toEqual([
      "a",
      "c",
    ]);

    await nodes[0]?.kill();
    await expect(oneLeader.grant("d")).rejects.toBeInstanceOf(LedgerUnreachable);
    expect(await otherLeader.grant("d")).toBe("committed");
    expect(await otherLeader.grant("e")).toBe("committed");

    await nodes[0]?.restart();
    await vi.waitFor(async () => expect(await oneLeader.grant("d")).toBe("committed"), {
      timeout: 20_000,
      interval: 200,
    });
    expect([...(await one.read()).grants.keys()].sort()).toEqual(["a", "b", "d"]);
    expect([...(await other.read()).grants.keys()].sort()).toEqual(["a", "c", "d", "e"]);
  });
});
