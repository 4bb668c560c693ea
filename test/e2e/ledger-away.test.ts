import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../orchestrator/src/testing/free-port.ts";
import { type RunningRedis, startRedis } from "../../scripts/provision/redis.ts";
import {
  type DemoUnderTest,
  demoUnderTest,
  START_TIMEOUT_MS,
  TEST_TIMEOUT_MS,
  until,
} from "./demo-under-test.ts";

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
  }, START_TIMEOUT_MS);
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
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    await until(
      async () => (await demo.vehicles("vn")).some((vehicle) => vehicle.plannedEdgeIds.length > 0),
      "no traffic",
    );
    await redis.stop();
    await until(
      async () => (await readiness()).detail === "ledger.unreachable",
      "readiness still looks well",
    );
    const refused = await demo.post("vn", "/api/v1/missions/none/resume", { how: "retry", reason: "a try" });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: "ledger.unreachable" });
    const before = await demo.vehicles("vn");
    const during = await until(async () => {
      const now = await demo.vehicles("vn");
      return (
        now.every(({ lastReportAtMs }, i) => lastReportAtMs > (before[i]?.lastReportAtMs ?? 0) + 10_000) &&
        now
      );
    }, "vehicles do not report any more");
    for (const { vehicleId, grantedEdgeIds } of during) {
      const had = before.find((vehicle) => vehicle.vehicleId === vehicleId)?.grantedEdgeIds ?? [];
      expect(had, vehicleId).toEqual(expect.arrayContaining(grantedEdgeIds));
    }
    redis = await startLedger();
    await until(
      async () => (await readiness()).ready,
      async () => JSON.stringify(await readiness()),
    );
    const crossedBefore = await crossings();
    await until(
      async () => (await crossings()) > crossedBefore,
      "no crossing after Redis came back",
      undefined,
      1_000,
    );
    expect(
      (await demo.alarms("vn"))
        .filter((alarm) => alarm.code === "ledger.unreachable")
        .map((alarm) => alarm.state),
    ).toEqual(["returned"]);
  });

  test("at the start: the orchestrator waits, says why, and begins when Redis comes", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    await redis.stop();
    demo.kill("orchestrator-vn");
    // The one that is being killed may answer once more: what counts is what the next one says.
    const answer = () => readiness().catch(() => undefined);
    await until(async () => (await answer()) === undefined, "the killed process still answers");
    await until(async () => {
      const said = await answer();
      return said?.ready === false && said.detail === "ledger.unreachable";
    }, "no answer that names the ledger");
    redis = await startLedger();
    await until(
      async () => (await answer())?.ready === true,
      async () => JSON.stringify(await answer()),
    );
  });
});
