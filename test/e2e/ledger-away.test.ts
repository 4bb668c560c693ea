import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../scripts/provision/child.ts";
import { type RunningRedis, startRedis } from "../../scripts/provision/redis.ts";
import { type DemoUnderTest, demoUnderTest, until } from "./demo-under-test.ts";

describe("Redis is away", () => {
  let demo: DemoUnderTest;
  let redis: RunningRedis;
  let port: number;
  let folder: string;
  const startLedger = (): Promise<RunningRedis> => startRedis({ folder, port, durability: "always" });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "baton-ledger-"));
    port = await freePort();
    redis = await startLedger();
    process.env.REDIS_URL_VN = redis.url;
    demo = await demoUnderTest({ speed: 6 });
  }, 120_000);
  afterAll(async () => {
    delete process.env.REDIS_URL_VN;
    await demo.end();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const readiness = async (): Promise<{ ready: boolean; detail: string }> =>
    (await fetch(`${demo.httpUrl.vn}/readyz`)).json();
  const crossings = async (): Promise<number> => (await demo.custody("vn")).length;

  test("in the middle of traffic: it says so, grants nothing, and goes on when Redis is back", {
    timeout: 180_000,
  }, async () => {
    await until(
      async () => (await demo.vehicles("vn")).some((vehicle) => vehicle.plannedEdgeIds.length > 0),
      "no traffic",
      60_000,
    );
    await redis.stop();
    await until(
      async () => (await readiness()).detail === "ledger.unreachable",
      "readiness still looks well",
      20_000,
    );
    const refused = await demo.post("vn", "/api/v1/missions/none/resume", { how: "retry", reason: "a try" });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: "ledger.unreachable" });
    const granted = async () =>
      JSON.stringify((await demo.vehicles("vn")).map((vehicle) => vehicle.grantedEdgeIds));
    const before = await granted();
    const during = await granted();
    expect(during).toBe(before);
    redis = await startLedger();
    await until(
      async () => (await readiness()).ready,
      async () => JSON.stringify(await readiness()),
      30_000,
    );
    const crossedBefore = await crossings();
    await until(
      async () => (await crossings()) > crossedBefore,
      "no crossing after Redis came back",
      120_000,
      1_000,
    );
    expect(
      (await demo.alarms("vn"))
        .filter((alarm) => alarm.code === "ledger.unreachable")
        .map((alarm) => alarm.state),
    ).toEqual(["returned"]);
  });

  test("at the start: the orchestrator waits, says why, and begins when Redis comes", {
    timeout: 120_000,
  }, async () => {
    await redis.stop();
    demo.kill("orchestrator-vn");
    await until(
      async () => {
        const answer = await readiness().catch(() => undefined);
        return answer?.ready === false && answer.detail === "ledger.unreachable";
      },
      "no answer that names the ledger",
      30_000,
    );
    redis = await startLedger();
    await until(
      async () => (await readiness()).ready,
      async () => JSON.stringify(await readiness()),
      60_000,
    );
  });
});
