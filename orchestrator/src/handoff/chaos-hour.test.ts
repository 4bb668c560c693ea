import { once } from "node:events";
import { otherSide, SIDES, type Side } from "@baton/maps";
import Fastify, { type FastifyInstance } from "fastify";
import { Redis } from "ioredis";
import { expect, inject, it } from "vitest";
import { freePort } from "../testing/free-port.ts";
import { recordHash, recordOf, verifyChain } from "./custody.ts";
import { createHandoffMemory, createMemoryHandoffStore } from "./handoff-store.ts";
import { httpFetch } from "./http-fetch.ts";
import { answerInMemory } from "./memory-partner-link.ts";
import { createRedisHandoffStore } from "./redis-handoff-store.ts";
import type { HandoffService } from "./service-port.ts";
import { type ChaosFindings, type ChaosFooting, chaosHour } from "./testing/chaos-hour.ts";

/** An hour of traffic at the line on the worst of days; a shorter one unless asked for (`BATON_CHAOS_MINUTES=60`). */
const ASKED_MINUTES = process.env.BATON_CHAOS_MINUTES;
const SEED = Number(process.env.BATON_SEED ?? 20261122);

/** Both sides in this process: each its own memory, and straight from one to the other's door. */
function inMemory(): ChaosFooting {
  const memories = { vn: createHandoffMemory(), cn: createHandoffMemory() };
  const up: Partial<Record<Side, { readonly service: HandoffService; readonly shut: AbortController }>> = {};
  return {
    urlOf: (side) => `http://${side}.example`,
    storeOf: (side) => createMemoryHandoffStore(memories[side]),
    async open(side, service) {
      up[side] = { service, shut: new AbortController() };
    },
    async shut(side) {
      up[side]?.shut.abort();
      delete up[side];
    },
    wayTo: (side) => (url, post) => {
      const { service, shut } = up[side] ?? {};
      if (service === undefined || shut === undefined) return Promise.reject(new Error("nobody is there"));
      const answer = answerInMemory(new URL(url), post, {
        door: (...request) => service.receiveFromPartner(...request),
        beat: (...request) => service.heartbeatFromPartner(...request),
        sign: service.gate.signAnswer,
      });
      const killed = once(shut.signal, "abort").then(() => Promise.reject(new Error("killed meanwhile")));
      return Promise.race([answer, killed]);
    },
  };
}

/** As sides run: each its own keys in a real Redis, and its own HTTP server on loopback, which is killed with it. */
async function overLoopback(redis: Redis, name: string): Promise<ChaosFooting> {
  const up: Partial<Record<Side, FastifyInstance>> = {};
  const ports = { vn: await freePort(), cn: await freePort() };
  return {
    urlOf: (side) => `http://127.0.0.1:${ports[side]}`,
    storeOf: (side) => createRedisHandoffStore({ redis, zoneId: `${name}:${side}` }),
    async open(side, service) {
      const app = Fastify({ forceCloseConnections: true });
      await app.register(service.routes, { prefix: "/partner/v1" });
      await app.listen({ port: ports[side], host: "127.0.0.1" });
      up[side] = app;
    },
    async shut(side) {
      const app = up[side];
      delete up[side];
      await app?.close();
    },
    wayTo: () => httpFetch,
  };
}

async function holds(found: ChaosFindings, minutes: number): Promise<void> {
  const { handoffs, custody, publicKeys, registers, switches, kills } = found;
  const count = handoffs.length;
  expect(count).toBeGreaterThanOrEqual(Math.floor((minutes * 60_000) / 18_000) - 1);
  expect(kills).toBeGreaterThan(minutes / 2);
  for (const side of SIDES) {
    expect(custody[side], `${side} keeps one record of each`).toHaveLength(count);
    expect(await verifyChain(custody[side], side, publicKeys)).toMatchObject({
      ok: true,
      records: count,
      pending: 0,
    });
  }
  const hashes = (side: Side): Map<string, string> =>
    new Map(custody[side].map((record) => [recordOf(record)?.handoffId ?? "?", recordHash(record)]));
  expect(hashes("vn"), "both ledgers say the same, record for record").toEqual(hashes("cn"));
  for (const { handoffId, giver, vehicleId } of handoffs) {
    expect(registers.get(vehicleId), handoffId).toEqual({ authority: otherSide(giver), epoch: 5, handoffId });
    expect(switches.get(vehicleId)).toBe(1);
  }
}

const told = (where: string, minutes: number, found: ChaosFindings, cpuS: number): string =>
  `${where}: ${found.handoffs.length} hand-offs in ${minutes} min of traffic, ${found.kills} kills, ${found.commits} commits, ${found.lost} lost, ${found.doubled} doubled; done ${found.doneAfterS.toFixed(0)} s after the last; ${cpuS.toFixed(1)} s of CPU`;

it.each([
  { where: "in memory", shortMinutes: 10 },
  { where: "over loopback HTTP, on a real Redis", shortMinutes: 4 },
])(
  `hands over 200 vehicles an hour $where, with a fifth of everything lost, a fifth doubled, and both sides killed again and again: none lost, none double, ledgers equal (seed ${SEED})`,
  async ({ where, shortMinutes }) => {
    const minutes = Number(ASKED_MINUTES ?? shortMinutes);
    const begun = process.cpuUsage();
    const redis = new Redis(inject("redisUrl"), { lazyConnect: true });
    const name = `chaos-${crypto.randomUUID()}`;
    try {
      const footing = where === "in memory" ? inMemory() : await overLoopback(redis, name);
      const found = await chaosHour(footing, minutes, SEED);
      console.log(told(where, minutes, found, process.cpuUsage(begun).user / 1e6));
      await holds(found, minutes);
      for (const side of SIDES) await footing.shut(side);
    } finally {
      const left = where === "in memory" ? [] : await redis.keys(`*{${name}:*`);
      if (left.length > 0) await redis.del(...left);
      redis.disconnect();
    }
  },
  1_200_000,
);
