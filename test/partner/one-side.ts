import { randomUUID } from "node:crypto";
import { type ManualClock, manualClock, uuidIds } from "@baton/fleet-adapter";
import { loadSite, siteDirectory } from "@baton/maps/files";
import type { MissionView } from "@baton/orchestrator/contract";
import fastify, { type FastifyInstance } from "fastify";
import { Redis } from "ioredis";
import { describeApi } from "../../orchestrator/src/api/reference.ts";
import {
  createKeyRing,
  generateKeyPair,
  type KeyRing,
  readPrivateKey,
  readPublicKey,
} from "../../orchestrator/src/handoff/keys.ts";
import type { Fetch } from "../../orchestrator/src/handoff/partner-ask.ts";
import type { HandoffEvent } from "../../orchestrator/src/handoff/port.ts";
import { createRedisHandoffStore } from "../../orchestrator/src/handoff/redis-handoff-store.ts";
import { createHandoffs } from "../../orchestrator/src/handoff/service.ts";
import type { HandoffService } from "../../orchestrator/src/handoff/service-port.ts";
import { signRequest, verifyAnswer } from "../../orchestrator/src/handoff/signatures.ts";
import { openPartner, type PartnerRoom } from "../../orchestrator/src/partner/open-partner.ts";
import { SHARE_ALL } from "../../orchestrator/src/partner/sharing-policy.ts";

export const START_MS = Date.UTC(2026, 10, 22, 9);

/** What the partner's HTTP client sees. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly said: unknown;
  /** Undefined when the answer is signed by this side, for this request. */
  readonly doubt: string | undefined;
}

export interface OneSide {
  readonly app: FastifyInstance;
  readonly clock: ManualClock;
  readonly service: HandoffService;
  readonly room: PartnerRoom;
  readonly ring: KeyRing;
  /** The partner's ring: what it signs with, and this side's public key. */
  readonly partner: KeyRing;
  readonly missions: MissionView[];
  readonly events: HandoffEvent[];
  /** What the partner's servers answer to webhooks and messages; a refused connection if not replaced. */
  fetch: Fetch;
  /** A request of the partner, signed with its key. */
  ask(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown, more?: Ask): Promise<Answered>;
  /** The next process of this side, on the same Redis. */
  restart(): Promise<OneSide>;
  end(): Promise<void>;
}

export interface Ask {
  readonly key?: KeyRing["own"];
  readonly nonce?: string;
  readonly nowMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly unsigned?: boolean;
  /** Sent instead of what was signed. */
  readonly sent?: Buffer;
}

export interface OneSideOptions {
  readonly isSandbox?: boolean;
  readonly zoneId?: string;
  readonly keys?: Readonly<Record<"vn" | "cn", ReturnType<typeof generateKeyPair>>>;
}

/** The partner's API of Viet Nam's side as it ships, on a real Redis, without a process around it. */
export async function oneSide(redisUrl: string, options: OneSideOptions = {}): Promise<OneSide> {
  const loaded = await loadSite(siteDirectory("mini"));
  if (!loaded.ok) throw new Error("the site mini does not load");
  const { isSandbox = true, zoneId = `test-${randomUUID()}` } = options;
  const redis = new Redis(redisUrl);
  const clock = manualClock(START_MS);
  const pems = options.keys ?? { vn: generateKeyPair(), cn: generateKeyPair() };
  const ringOf = (side: "vn" | "cn", other: "vn" | "cn"): KeyRing =>
    createKeyRing({
      side,
      keyId: `${side}-1`,
      privateKey: readPrivateKey(pems[side].privatePem),
      publicKeys: [{ keyId: `${other}-1`, side: other, publicKey: readPublicKey(pems[other].publicPem) }],
    });
  const ring = ringOf("vn", "cn");
  const partner = ringOf("cn", "vn");
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const fetch: Fetch = (url, post) => side.fetch(url, post);
  const service = createHandoffs({
    side: "vn",
    partnerSide: "cn",
    partnerUrl: "http://partner.example",
    keys: ring,
    store: createRedisHandoffStore({ redis, zoneId }),
    fleet: { instruct: () => {} },
    clock,
    timers: clock,
    ids: uuidIds(),
    log,
    account: "vn-baton",
    fetch,
  });
  const missions: MissionView[] = [];
  const events: HandoffEvent[] = [];
  service.subscribe((event) => events.push(event));
  const room = openPartner({
    side: "vn",
    site: loaded.site,
    zoneId,
    redis,
    clock,
    ids: uuidIds(),
    ring,
    handoffs: service,
    missions: () => missions,
    policy: SHARE_ALL,
    webhookHosts: ["partner.example"],
    isSandbox,
    fetch,
    logger: log,
  });
  const app = fastify();
  await describeApi(app);
  await app.register(room.routes, { prefix: "/partner/v1" });
  await app.ready();
  await service.start();
  await room.start();

  const stop = async (): Promise<void> => {
    room.stop();
    await service.stop();
    await app.close();
  };
  const side: OneSide = {
    app,
    clock,
    service,
    room,
    ring,
    partner,
    missions,
    events,
    fetch: () => Promise.reject(new Error("refused")),
    async ask(method, path, body, more = {}) {
      const content = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
      const url = new URL(`http://vn.example/partner/v1${path}`);
      const signed = signRequest(
        { method, url, body: content, nowMs: more.nowMs ?? clock.nowMs(), nonce: more.nonce ?? randomUUID() },
        more.key ?? partner.own,
      );
      const headers = {
        host: url.host,
        ...(more.unsigned === true ? {} : signed),
        ...(more.unsigned === true && body !== undefined ? { "content-type": "application/json" } : {}),
        ...more.headers,
      };
      const sent = more.sent ?? content;
      const answer = await app.inject({
        method,
        url: url.pathname + url.search,
        headers,
        ...(sent.byteLength === 0 ? {} : { payload: sent }),
      });
      const answered = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [
          name,
          value === undefined ? undefined : String(value),
        ]),
      );
      const request = {
        method,
        scheme: "http",
        authority: url.host,
        target: url.pathname + url.search,
        headers: signed,
      };
      const doubt = verifyAnswer(
        { status: answer.statusCode, headers: answered, request },
        answer.rawPayload,
        partner,
        "vn",
        clock.nowMs(),
      );
      const said: unknown = answer.body === "" ? undefined : JSON.parse(answer.body);
      return { status: answer.statusCode, headers: answered, said, doubt: doubt?.reason };
    },
    async restart() {
      await stop();
      redis.disconnect();
      return oneSide(redisUrl, { isSandbox, zoneId, keys: pems });
    },
    async end() {
      await stop();
      const left = await redis.keys(`baton:{${zoneId}}:*`);
      if (left.length > 0) await redis.del(...left);
      redis.disconnect();
    },
  };
  return side;
}
