import { randomUUID } from "node:crypto";
import type { ZoneId } from "@baton/maps";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LedgerUnreachable } from "../../orchestrator/src/reservation/ledger/ledger.ts";
import {
  createRedisLedger,
  type RedisLedger,
} from "../../orchestrator/src/reservation/ledger/redis-ledger.ts";
import { cutOff, following, startReplica, startServer, type TestServer } from "./servers.ts";
import { LEADER, leaderOf } from "./ticks.ts";

describe("a ledger with a replica", () => {
  let master: TestServer;
  let replica: TestServer;
  let zoneId: ZoneId;
  const opened: RedisLedger[] = [];

  beforeEach(async () => {
    master = await startServer();
    replica = await startReplica(master);
    zoneId = `test:${randomUUID()}` as ZoneId;
  });

  afterEach(async () => {
    for (const ledger of opened.splice(0)) ledger.close();
    await replica.stop();
    await master.stop();
  });

  function open(url: string, waitReplicas: number): RedisLedger {
    const ledger = createRedisLedger({ url, zoneId, waitReplicas, answerWithinMs: 3000 });
    opened.push(ledger);
    return ledger;
  }

  test("counts a tick as committed only when the replica has it, and asks again until then", async () => {
    const leader = await leaderOf(open(master.url, 1));
    // On a busy machine the replica may need more than one asking.
    await vi.waitFor(async () => expect(await leader.grant("a")).toMatch(/committed|repeated/), {
      timeout: 20_000,
    });
    await cutOff(replica);
    await expect(leader.grant("b")).rejects.toBeInstanceOf(LedgerUnreachable);
    await expect(leader.grant("b")).rejects.toBeInstanceOf(LedgerUnreachable);
    await replica.admin.replicaof("127.0.0.1", master.port);
    await following(replica);
    await vi.waitFor(async () => expect(await leader.grant("b")).toBe("repeated"), { timeout: 20_000 });
    expect((await open(replica.url, 0).read()).grants.size).toBe(2);
  });

  test("that took over without the newest ticks says that it is not whole, until someone has seen to it", async () => {
    const before = await leaderOf(open(master.url, 0));
    expect(before.whole).toBe(true);
    expect(await before.grant("a")).toBe("committed");
    await vi.waitFor(async () => expect((await open(replica.url, 0).read()).grants.size).toBe(1), {
      timeout: 20_000,
    });
    await cutOff(replica);
    expect(await before.grant("b")).toBe("committed");
    await master.kill();
    await replica.admin.replicaof("NO", "ONE");

    const ledger = open(replica.url, 0);
    const found = await ledger.takeLeadership(LEADER, 0);
    expect(found).toMatchObject({ lastTick: 1, whole: false });
    // A leader that dies while it sees to it leaves the next one with the same question.
    const again = await ledger.takeLeadership(LEADER, 0);
    expect(again.whole).toBe(false);
    expect(await ledger.settle(found.epoch)).toEqual({ kind: "stale-leader", epoch: again.epoch });
    expect(await ledger.settle(again.epoch)).toEqual({ kind: "committed" });
    expect((await ledger.takeLeadership(LEADER, 0)).whole).toBe(true);
  });

  test("that took over in the middle of a leader's reign tells it so, whatever it commits", async () => {
    const ledger = open(replica.url, 0);
    const replicaPort = replica.port;
    // The leader's address leads to the replica from here on, as behind a name that follows the master.
    await replica.admin.replicaof("NO", "ONE");
    const leader = await leaderOf(ledger);
    expect(await leader.grant("a")).toBe("committed");
    await replica.admin.replicaof("127.0.0.1", master.port);
    await following(replica);
    await replica.admin.replicaof("NO", "ONE");
    expect(replica.port).toBe(replicaPort);
    expect(await leader.grant("b")).toBe("lost-writes");
  });

  test("that was restarted alone, with every tick on its disk, is whole", async () => {
    await cutOff(replica);
    const alone = await startServer();
    try {
      const ledger = open(alone.url, 0);
      const leader = await leaderOf(ledger);
      expect(await leader.grant("a")).toBe("committed");
      await alone.kill();
      await alone.restart();
      await vi.waitFor(async () => expect(await leader.grant("b")).toBe("committed"), { timeout: 20_000 });
      expect((await ledger.read()).grants.size).toBe(2);
      expect((await ledger.takeLeadership(LEADER, 0)).whole).toBe(true);
    } finally {
      await alone.stop();
    }
  });
});
