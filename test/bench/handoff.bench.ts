import { randomUUID } from "node:crypto";
import { manualClock, uuidIds } from "@baton/fleet-adapter";
import { Redis } from "ioredis";
import {
  createKeyRing,
  generateKeyPair,
  readPrivateKey,
  readPublicKey,
} from "../../orchestrator/src/handoff/keys.ts";
import { createRedisHandoffStore } from "../../orchestrator/src/handoff/redis-handoff-store.ts";
import { createHandoffs } from "../../orchestrator/src/handoff/service.ts";
import { signRequest } from "../../orchestrator/src/handoff/signatures.ts";
import { offerOf } from "../../orchestrator/src/handoff/testing/two-sides.ts";
import { sealEnvelope } from "../../orchestrator/src/handoff/wire.ts";
import { startRedis } from "../../scripts/provision/redis.ts";
import type { BenchReport } from "./report.ts";

const MESSAGES = 3_000;
const AT_ONCE = 32;
const BAR_PER_CPU_SECOND = 500;

/**
 * `npm run bench -- handoff`: messages of a partner a second of one core: signature and nonce judged, state kept in a Redis
 * that has everything on disk, answer signed. The core's time is counted, not the clock's; HTTP's own work is not in it.
 */
export async function bench(): Promise<BenchReport> {
  const redisServer = await startRedis({ durability: "always" });
  const redis = new Redis(redisServer.url);
  const pems = { vn: generateKeyPair(), cn: generateKeyPair() };
  const clock = manualClock(Date.UTC(2026, 10, 22));
  const keys = createKeyRing({
    side: "vn",
    keyId: "vn-1",
    privateKey: readPrivateKey(pems.vn.privatePem),
    publicKeys: [{ keyId: "cn-1", side: "cn", publicKey: readPublicKey(pems.cn.publicPem) }],
  });
  const service = createHandoffs({
    side: "vn",
    partnerSide: "cn",
    partnerUrl: "http://cn.example",
    keys,
    store: createRedisHandoffStore({ redis, zoneId: `bench-${randomUUID()}` }),
    fleet: { instruct: () => {} },
    clock,
    timers: clock,
    ids: uuidIds(),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    account: "bench",
    fetch: () => Promise.reject(new Error("no partner")),
  });
  await service.start();
  const own = { keyId: "cn-1", privateKey: readPrivateKey(pems.cn.privatePem) };
  const requests = Array.from({ length: MESSAGES }, (_, at) => {
    const handoffId = `h-${at}`;
    const { handoffId: id, ...terms } = offerOf(handoffId, clock.nowMs());
    const body = { mode: "control-passes" as const, ...terms, direction: "import" as const };
    const envelope = sealEnvelope(id, "cn", "vn", { type: "offer", body }, clock.nowMs());
    const content = Buffer.from(JSON.stringify(envelope));
    const url = new URL(`http://vn.example/partner/v1/handoffs/${handoffId}/messages`);
    const headers = signRequest(
      { method: "POST", url, body: content, nowMs: clock.nowMs(), nonce: randomUUID() },
      own,
    );
    const request = { method: "POST", scheme: "http", authority: url.host, target: url.pathname, headers };
    return { request, handoffId, content };
  });

  const before = process.cpuUsage();
  const begunMs = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let one = requests[next++]; one !== undefined; one = requests[next++]) {
      const answer = await service.receiveFromPartner(one.request, one.handoffId, one.content);
      if ("status" in answer) throw new Error(`a message was refused: ${answer.code} ${answer.detail ?? ""}`);
      service.gate.signAnswer({
        request: one.request,
        status: 202,
        contentType: "application/json",
        body: Buffer.from(JSON.stringify(answer)),
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const { user, system } = process.cpuUsage(before);
  const wallS = (performance.now() - begunMs) / 1000;
  const perCpuSecond = MESSAGES / ((user + system) / 1e6);
  await service.stop();
  redis.disconnect();
  await redisServer.stop();
  return {
    bench: "handoff",
    rows: [
      {
        name: "messages/perCpuSecond",
        value: perCpuSecond,
        unit: "1/s",
        bar: BAR_PER_CPU_SECOND,
        ok: perCpuSecond >= BAR_PER_CPU_SECOND,
      },
      { name: "messages/perSecondOfTheClock", value: MESSAGES / wallS, unit: "1/s", ok: true },
    ],
  };
}
