import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import type { MissionView } from "@baton/orchestrator/contract";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { messageDescription } from "../../orchestrator/src/api/message-description.ts";
import { generateKeyPair, readPrivateKey } from "../../orchestrator/src/handoff/keys.ts";
import type { HandoffId } from "../../orchestrator/src/handoff/port.ts";
import { offerOf } from "../../orchestrator/src/handoff/testing/two-sides.ts";
import { sealEnvelope } from "../../orchestrator/src/handoff/wire.ts";
import { proofText } from "../../orchestrator/src/partner/partner-keys.ts";
import { MAX_ATTEMPTS } from "../../orchestrator/src/partner/webhook.ts";
import { type Answered, type OneSide, oneSide, START_MS } from "./one-side.ts";

/** A busy machine is no failure. */
const WAIT = { timeout: 15_000 };

let side: OneSide;
beforeEach(async () => {
  side = await oneSide(inject("redisUrl"));
});
afterEach(() => side.end());

const mission: MissionView = {
  missionId: "m-1",
  orderId: "o-1",
  side: "vn",
  direction: "export",
  bound: "outbound",
  containerNo: "CSQU3054383",
  vehicleId: "sim.vn-01",
  handoffId: "h-1",
  slot: { fromMs: START_MS, toMs: START_MS + 3_600_000 },
  step: "scan",
  stepSinceMs: START_MS,
  status: "held",
  held: { code: "scan.suspect", detail: "what an officer wrote" },
  steps: ["load", "scan"],
  timeline: [{ step: "load", atMs: START_MS - 60_000, evidence: "crane 2, operator An" }],
};

function importOffer(handoffId: string, over: Record<string, unknown> = {}) {
  const { handoffId: id, ...terms } = offerOf(handoffId, START_MS);
  const body = { mode: "control-passes" as const, ...terms, direction: "import" as const, ...over };
  return sealEnvelope(id, "cn", "vn", { type: "offer", body }, START_MS);
}
const offer = (handoffId: string): Promise<Answered> =>
  side.ask("POST", `/handoffs/${handoffId}/messages`, importOffer(handoffId));

async function logged(count: number): Promise<{ sequence: string; type: string; data: object }[]> {
  return vi.waitFor(async () => {
    const { said } = await side.ask("GET", "/events");
    expect(said).toHaveLength(count);
    return said as { sequence: string; type: string; data: object }[];
  }, WAIT);
}

describe("the partner's API as it is described", () => {
  interface Operation {
    readonly operationId?: string;
    readonly responses: Record<string, { content?: Record<string, { schema: object }> }>;
  }
  const described = async (): Promise<{ paths: Record<string, Record<string, Operation>> }> =>
    (await side.app.inject("/partner/v1/openapi.json")).json();

  it("is a valid OpenAPI 3.1 document, for the partner's routes alone", async () => {
    const document = await described();
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(Object.keys(document.paths).every((path) => path.startsWith("/partner/v1/"))).toBe(true);
  });

  it("answers every documented operation as documented, signed, with its version", async () => {
    await offer("h-1");
    side.missions.push(mission);
    await side.ask("PUT", "/webhooks/w-1", { url: "http://partner.example/hook", types: [] });
    const next = newKey("cn-2");
    const calls: Record<string, () => Promise<Answered>> = {
      sendMessage: () => offer("h-1"),
      beat: () => side.ask("POST", "/heartbeat", { from: "cn", to: "vn" }),
      listHandoffs: () => side.ask("GET", "/handoffs"),
      getHandoff: () => side.ask("GET", "/handoffs/h-1"),
      listMissions: () => side.ask("GET", "/missions"),
      listSlots: () => side.ask("GET", "/slots"),
      getCalendars: () => side.ask("GET", "/calendars"),
      listEvents: () => side.ask("GET", "/events?since=0"),
      listEpcisEvents: () => side.ask("GET", "/epcis/events"),
      listWebhooks: () => side.ask("GET", "/webhooks"),
      putWebhook: () => side.ask("PUT", "/webhooks/w-2", { url: "http://partner.example/2", types: [] }),
      removeWebhook: () => side.ask("DELETE", "/webhooks/w-1"),
      listDeadLetters: () => side.ask("GET", "/webhooks/w-2/dead-letters"),
      redeliver: () => side.ask("POST", "/webhooks/w-2/redeliver", {}),
      getKeys: () => side.ask("GET", "/keys"),
      enrolKey: () => side.ask("PUT", "/keys/cn-2", next.request),
      retireKey: () => side.ask("DELETE", "/keys/cn-2"),
      enrolFirstKey: () => side.ask("POST", "/sandbox/keys", newKey("cn-3").request),
      explainPostSignature: () => side.ask("POST", "/sandbox/signature", { any: "thing" }),
      explainGetSignature: () => side.ask("GET", "/sandbox/signature"),
    };
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(ajv);
    const undone = new Set(Object.keys(calls));
    for (const operations of Object.values((await described()).paths)) {
      for (const { operationId = "", responses } of Object.values(operations)) {
        const call = calls[operationId];
        if (call === undefined) throw new Error(`no call for the documented operation ${operationId}`);
        undone.delete(operationId);
        const { status, said, doubt, headers } = await call();
        const schema = responses[String(status)]?.content?.["application/json"]?.schema;
        if (schema === undefined)
          throw new Error(`${operationId} answered ${status}: ${JSON.stringify(said)}`);
        const check = ajv.compile(schema);
        check(said);
        expect(check.errors ?? [], operationId).toEqual([]);
        expect(doubt, `${operationId} is signed for its request`).toBeUndefined();
        expect(headers["baton-api-version"]).toBe("1.0");
      }
    }
    expect([...undone], "calls that are not documented").toEqual([]);
  });

  it("is refused in a version that is not spoken, and unsigned", async () => {
    expect(
      await side.ask("GET", "/events", undefined, { headers: { "baton-api-version": "2" } }),
    ).toMatchObject({
      status: 406,
      said: { code: "version-unknown" },
    });
    for (const path of [
      "/handoffs",
      "/missions",
      "/slots",
      "/calendars",
      "/events",
      "/epcis/events",
      "/webhooks",
    ]) {
      expect(await side.ask("GET", path, undefined, { unsigned: true }), path).toMatchObject({
        status: 401,
        said: { code: "missing-signature" },
      });
    }
    expect(await side.ask("GET", "/slots?fromMs=never")).toMatchObject({
      status: 422,
      said: { code: "invalid-message" },
    });
  });

  it("has no sandbox in production", async () => {
    const production = await oneSide(inject("redisUrl"), { isSandbox: false });
    expect(await production.ask("POST", "/sandbox/keys", newKey("cn-9").request)).toMatchObject({
      status: 404,
    });
    expect(await production.ask("POST", "/sandbox/signature", {})).toMatchObject({ status: 404 });
    await production.end();
  });
});

describe("an offer in a mode that this side has no device for", () => {
  it("is refused with `mode-not-served`, and may be made again as another hand-off in one that it serves", async () => {
    const byCrane = importOffer("h-1", { mode: "container-transfers" });
    const refused = await side.ask("POST", "/handoffs/h-1/messages", byCrane);
    expect(refused).toMatchObject({ status: 422, said: { code: "mode-not-served" }, doubt: undefined });
    expect(side.service.look("h-1" as HandoffId)).toBeUndefined();
    expect((await offer("h-2")).status).toBe(202);
  });
});

describe("what the partner sees", () => {
  it("is the hand-off with what was said and not acknowledged", async () => {
    await offer("h-1");
    side.service.accept("h-1" as HandoffId);
    await vi.waitFor(async () => {
      const { said } = await side.ask("GET", "/handoffs/h-1");
      expect(said).toMatchObject({ phase: "accepted", giver: "cn", waiting: [{ type: "accept" }] });
    }, WAIT);
    await offer("h-3");
    side.service.decline("h-3" as HandoffId, "no-room");
    await vi.waitFor(async () => {
      const { said } = await side.ask("GET", "/handoffs/h-3");
      expect(said).toMatchObject({ phase: "declined", end: { how: "declined", why: "no-room" } });
    }, WAIT);
    expect(await side.ask("GET", "/handoffs/h-2")).toMatchObject({
      status: 404,
      said: { code: "handoff-unknown" },
    });
  });

  it("is a mission without what is this side's own business", async () => {
    side.missions.push(mission);
    const { said } = await side.ask("GET", "/missions");
    expect(said).toMatchObject([{ missionId: "m-1", containerNo: "CSQU3054383", status: "held" }]);
    expect(JSON.stringify(said)).not.toMatch(/officer|suspect|operator|evidence/);
    expect((await side.ask("GET", "/slots")).said).toMatchObject([{ direction: "export", taken: 1 }]);
  });
});

describe("events", () => {
  it("are in the log once, in order and without a gap, however often they are told", async () => {
    await offer("h-1");
    side.service.accept("h-1" as HandoffId);
    side.room.missionChanged(mission);
    side.room.missionChanged(mission);
    const events = await logged(2);
    expect(events.map(({ type }) => type).sort()).toEqual([
      "baton.handoff.offered.v1",
      "baton.mission.step.v1",
    ]);
    expect(events.map(({ sequence }) => Number(sequence))).toEqual([1, 2]);
    side = await side.restart();
    side.room.missionChanged(mission);
    side.room.missionChanged({
      ...mission,
      timeline: [...mission.timeline, { step: "scan", atMs: START_MS }],
    });
    expect((await logged(3)).map(({ sequence }) => Number(sequence))).toEqual([1, 2, 3]);
    expect((await side.ask("GET", "/events?since=2")).said).toMatchObject([{ data: { step: "scan" } }]);
  });

  it("come as a stream that goes on where it was left", async () => {
    await side.app.listen({ port: 0, host: "127.0.0.1" });
    const address = side.app.server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const url = new URL(`http://127.0.0.1:${address.port}/partner/v1/events?since=0`);
    const { signRequest } = await import("../../orchestrator/src/handoff/signatures.ts");
    const open = async (lastEventId: string) => {
      const headers = signRequest(
        { method: "GET", url, body: Buffer.alloc(0), nowMs: side.clock.nowMs(), nonce: crypto.randomUUID() },
        side.partner.own,
      );
      const stop = new AbortController();
      const answer = await fetch(url, {
        headers: { ...headers, accept: "text/event-stream", "last-event-id": lastEventId },
        signal: stop.signal,
      });
      expect(answer.headers.get("content-type")).toBe("text/event-stream");
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      const until = async (mark: string): Promise<string> => {
        while (!text.includes(mark)) {
          const chunk = await reader?.read();
          if (chunk === undefined || chunk.done) throw new Error(`the stream ended before ${mark}`);
          text += chunk.value;
        }
        return text;
      };
      return { until, stop: () => stop.abort() };
    };
    const first = await open("0");
    side.room.missionChanged(mission);
    expect(await first.until("id: 1\n")).toContain('"containerNo":"CSQU3054383"');
    await offer("h-1");
    await first.until("id: 2\n");
    first.stop();
    const second = await open("1");
    const text = await second.until("id: 2\n");
    expect(text).not.toContain("id: 1\n");
    second.stop();
  });

  it("are EPCIS events where they are of interest to a customer", async () => {
    side.room.missionChanged({
      ...mission,
      timeline: [
        { step: "load", atMs: START_MS },
        { step: "scan", atMs: START_MS + 1 },
        { step: "drive-to-buffer", atMs: START_MS + 2 },
      ],
    });
    await logged(3);
    const { said, headers } = await side.ask("GET", "/epcis/events");
    expect(said).toMatchObject({
      type: "EPCISDocument",
      epcisBody: {
        eventList: [
          {
            type: "AssociationEvent",
            action: "ADD",
            bizStep: "loading",
            parentID: "urn:baton:vehicle:sim.vn-01",
          },
          { type: "ObjectEvent", bizStep: "inspecting", epcList: ["urn:epc:id:bic:CSQU3054383"] },
        ],
      },
    });
    expect(headers["baton-last-sequence"]).toBe("3");
  });
});

describe("a webhook", () => {
  const taken: { type: string; id: string }[] = [];
  const { components } = messageDescription();
  const described = Compile(
    Type.Unsafe<{ type: string; id: string }>(components.messages.partnerEvent?.payload ?? Type.Never()),
  );
  const answer = (status: number) => ({
    ok: status < 300,
    status,
    headers: { get: () => null },
    text: async () => "",
  });
  const put = () =>
    side.ask("PUT", "/webhooks/w-1", { url: "http://partner.example/hook", types: [], since: 0 });
  beforeEach(() => {
    taken.length = 0;
  });
  const takes = (isUp: () => boolean): void => {
    side.fetch = async (url, { body, headers }) => {
      if (!url.endsWith("/hook")) throw new Error("refused");
      expect(headers["content-type"]).toBe("application/cloudevents+json");
      expect(headers.signature).toBeDefined();
      if (!isUp()) return answer(503);
      const event: unknown = JSON.parse(Buffer.from(body).toString());
      expect(described.Errors(event)).toEqual([]);
      if (described.Check(event)) taken.push(event);
      return answer(204);
    };
  };

  it("is brought every event, signed, in order, and again where it was when the process is another one", async () => {
    takes(() => true);
    await put();
    side.room.missionChanged(mission);
    await vi.waitFor(() => expect(taken).toHaveLength(1), WAIT);
    // Taken by the partner and written down: a process that dies between the two brings it again.
    await vi.waitFor(
      async () => expect((await side.ask("GET", "/webhooks")).said).toMatchObject([{ cursor: 1 }]),
      WAIT,
    );
    side = await side.restart();
    takes(() => true);
    await offer("h-1");
    await vi.waitFor(
      () =>
        expect(taken.map(({ type }) => type)).toEqual(["baton.mission.step.v1", "baton.handoff.offered.v1"]),
      WAIT,
    );
  });

  it("that is down is tried again with pauses; what was given up is a dead letter, and can be delivered again", async () => {
    let isUp = false;
    let attempts = 0;
    takes(() => {
      attempts++;
      return isUp;
    });
    await put();
    side.room.missionChanged(mission);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      await vi.waitFor(() => {
        side.clock.advance(1_000);
        expect(attempts).toBeGreaterThanOrEqual(attempt);
      }, WAIT);
      side.clock.advance(120_000);
    }
    await vi.waitFor(async () => {
      expect((await side.ask("GET", "/webhooks/w-1/dead-letters")).said).toMatchObject([
        { sequence: 1, type: "baton.mission.step.v1", failure: "status 503" },
      ]);
    }, WAIT);
    expect(attempts).toBe(MAX_ATTEMPTS);
    expect(await side.room.deliveries.list()).toMatchObject([
      { webhook: { webhookId: "w-1" }, behind: 0, deadLetters: [{ sequence: 1, failure: "status 503" }] },
    ]);
    expect(await side.room.deliveries.redeliver("w-1", undefined), "it is still down").toBe(0);
    expect(await side.room.deliveries.redeliver("w-9", undefined)).toBeUndefined();
    isUp = true;
    expect((await side.ask("POST", "/webhooks/w-1/redeliver", {})).said).toEqual({ taken: 1 });
    expect(taken).toHaveLength(1);
    expect((await side.ask("GET", "/webhooks/w-1/dead-letters")).said).toEqual([]);
  });

  it("cannot lead to a host that is not the partner's", async () => {
    expect(
      await side.ask("PUT", "/webhooks/w-1", { url: "http://169.254.169.254/x", types: [] }),
    ).toMatchObject({
      status: 422,
      said: { code: "invalid-message" },
    });
  });
});

function newKey(kid: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { x = "" } = publicKey.export({ format: "jwk" });
  const jwk = { kty: "OKP", crv: "Ed25519", kid, x };
  const proof = sign(null, Buffer.from(proofText("cn", jwk)), privateKey).toString("base64url");
  return { own: { keyId: kid, privateKey }, request: { jwk, proof } };
}

describe("the partner's keys", () => {
  it("are changed without a stop, and stay changed in the next process", async () => {
    const next = newKey("cn-2");
    expect(await side.ask("GET", "/handoffs", undefined, { key: next.own })).toMatchObject({ status: 401 });
    expect(await side.ask("PUT", "/keys/cn-2", next.request)).toMatchObject({ said: { known: false } });
    expect(await side.ask("PUT", "/keys/cn-2", next.request)).toMatchObject({ said: { known: true } });
    expect(await side.ask("GET", "/handoffs", undefined, { key: next.own })).toMatchObject({ status: 200 });
    expect(await side.ask("DELETE", "/keys/cn-1", undefined, { key: next.own })).toMatchObject({
      status: 200,
    });
    expect(await side.ask("GET", "/handoffs")).toMatchObject({ said: { code: "unknown-key" } });
    expect(await side.ask("DELETE", "/keys/cn-2", undefined, { key: next.own })).toMatchObject({
      said: { code: "last-key" },
    });
    side = await side.restart();
    expect(await side.ask("GET", "/handoffs", undefined, { key: next.own })).toMatchObject({ status: 200 });
    expect(await side.ask("GET", "/handoffs")).toMatchObject({ said: { code: "unknown-key" } });
  });

  it("are not enrolled without their private part, nor under the id of another", async () => {
    const [one, two] = [newKey("cn-2"), newKey("cn-2")];
    expect(await side.ask("PUT", "/keys/cn-2", { ...one.request, proof: two.request.proof })).toMatchObject({
      status: 422,
      said: { code: "key-unproven" },
    });
    await side.ask("PUT", "/keys/cn-2", one.request);
    expect(await side.ask("PUT", "/keys/cn-2", two.request)).toMatchObject({
      said: { code: "key-conflict" },
    });
  });
});

describe("the signature debugger", () => {
  it("says that a signature is good, or which component differs", async () => {
    expect(await side.ask("POST", "/sandbox/signature", { a: 1 })).toMatchObject({
      said: { verdict: "good" },
    });
    const theirs = '"@method": POST\n"@authority": other.example\n"@path": /partner/v1/sandbox/signature';
    const { said } = await side.ask("GET", "/sandbox/signature", undefined, {
      headers: { "baton-signature-base": Buffer.from(theirs).toString("base64") },
    });
    expect(said).toMatchObject({
      differs: expect.arrayContaining([
        { component: '"@method"', here: "GET", yours: "POST" },
        { component: '"@authority"', here: "vn.example", yours: "other.example" },
      ]),
    });
    const forged = { keyId: "cn-1", privateKey: createPrivateKey(generateKeyPair().privatePem) };
    expect(await side.ask("GET", "/sandbox/signature", undefined, { key: forged })).toMatchObject({
      said: { verdict: "bad-signature", notCovered: [] },
    });
  });
});

describe("a thousand requests that are not the partner's own", () => {
  it("change nothing, are each counted with a reason, and leave the service as it was", async () => {
    const body = importOffer("h-1");
    const stranger = { keyId: "cn-1", privateKey: readPrivateKey(generateKeyPair().privatePem) };
    const replayed = "one-nonce-for-all";
    const path = "/handoffs/h-1/messages";
    await side.ask("GET", "/handoffs", undefined, { nonce: replayed });
    const kinds: Record<string, () => Promise<Answered>> = {
      "bad-signature": () => side.ask("POST", path, body, { key: stranger }),
      replayed: () => side.ask("POST", path, body, { nonce: replayed }),
      "bad-digest": () =>
        side.ask("POST", path, body, { sent: Buffer.from(JSON.stringify(body)).subarray(0, -7) }),
      expired: () => side.ask("POST", path, body, { nowMs: START_MS - 400_000 }),
      "missing-signature": () => side.ask("POST", path, body, { unsigned: true }),
    };
    for (let round = 0; round < 200; round++) {
      for (const [reason, forge] of Object.entries(kinds)) {
        const { status, said } = await forge();
        expect({ status, said }).toMatchObject({ status: 401, said: { code: reason } });
      }
    }
    const { signatures, taken } = side.service.metrics();
    expect(signatures).toEqual(Object.fromEntries(Object.keys(kinds).map((reason) => [reason, 200])));
    expect(taken).toBe(0);
    expect(side.service.open()).toEqual([]);
    expect(await offer("h-1")).toMatchObject({ status: 202, said: { duplicate: false } });
  });
});
