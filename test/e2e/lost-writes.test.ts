import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ledgerKeys } from "../../orchestrator/src/reservation/ledger/redis-ledger.ts";
import { cutOff, startReplica, startServer, type TestServer } from "../ledger/servers.ts";
import {
  type DemoUnderTest,
  demoUnderTest,
  START_TIMEOUT_MS,
  TEST_TIMEOUT_MS,
  until,
} from "./demo-under-test.ts";
import { type GroundWatch, watchGround } from "./ground-watch.ts";

describe("a replica without the newest ticks takes over from a Redis that was lost", () => {
  let demo: DemoUnderTest;
  let master: TestServer;
  let replica: TestServer;
  let watch: GroundWatch;

  beforeAll(async () => {
    master = await startServer();
    replica = await startReplica(master);
    process.env.REDIS_URL_VN = master.url;
    demo = await demoUnderTest({ speed: 6 });
    watch = await watchGround(
      `${demo.httpUrl.vn.replace("http", "ws")}/api/v1/feed?token=${demo.identities.vn.tokens.operator}`,
    );
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    delete process.env.REDIS_URL_VN;
    watch.end();
    await demo.end();
    await replica.stop();
    await master.stop();
  });

  test("the side asks its vehicles where they are and goes on; nobody is ever on another's ground", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const [key] = await until(async () => {
      const keys = await master.admin.keys("baton:{*}:grants");
      return keys.length > 0 && keys;
    }, "no ledger in this Redis");
    const zoneId = /\{(.*)\}/.exec(key ?? "")?.[1] ?? "";
    const keys = ledgerKeys(zoneId as Parameters<typeof ledgerKeys>[0]);
    await until(
      async () => (await demo.vehicles("vn")).filter((each) => each.grantedEdgeIds.length > 0).length > 1,
      "no traffic",
    );

    await cutOff(replica);
    const before = await replica.admin.hgetall(keys.grants);
    const holders = (grants: Record<string, string>): string[] =>
      Object.entries(grants).map(([blockId, holder]) => `${blockId} ${holder.split(":").slice(1).join(":")}`);
    // Vehicles act on grants of which the replica knows nothing.
    const lost = await until(async () => {
      const now = holders(await master.admin.hgetall(keys.grants));
      const known = new Set(holders(before));
      const news = now.filter((each) => !known.has(each));
      return news.length > 5 && news;
    }, "nothing new is granted");
    await master.kill();
    await replica.admin.replicaof("NO", "ONE");
    // As behind a name that follows the master.
    await replica.admin.config("SET", "port", String(master.port));

    await until(async () => {
      const answer = await fetch(`${demo.httpUrl.vn}/readyz`);
      const { ready }: { ready: boolean } = await answer.json();
      // It is whole again, by the word of a leader of this server: rebuilt, and committed.
      const [, here] = /master_replid:(\w+)/.exec(await replica.admin.info("replication")) ?? [];
      return ready && here !== undefined && (await replica.admin.get(keys.lineage)) === here;
    }, "the side does not lead again");
    const after = await replica.admin.hgetall(keys.grants);
    expect(lost.length).toBeGreaterThan(5);
    expect(Object.keys(after).length).toBeGreaterThan(0);
    // Everybody answered: nobody is an obstacle for having said nothing.
    const alarms = await demo.alarms("vn");
    expect(
      alarms.filter(({ code, detail }) => code === "vehicle.failed" && /did not say/.test(detail)),
    ).toEqual([]);
    expect(alarms.filter(({ code }) => code === "reservation.halted")).toEqual([]);

    // And it goes on: something else is granted.
    await until(async () => {
      const known = new Set(holders(after));
      return holders(await replica.admin.hgetall(keys.grants)).filter((each) => !known.has(each)).length > 5;
    }, "nothing is granted any more");
    expect(watch.overlaps).toEqual([]);
  });
});
