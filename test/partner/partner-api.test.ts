import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import type { HandoffId } from "../../orchestrator/src/handoff/port.ts";
import { type Answered, type OneSide, oneSide } from "./one-side.ts";
import { heldMission, importOffer, newKey, offer } from "./partner-words.ts";

/** A busy machine is no failure. */
const WAIT = { timeout: 15_000 };

let side: OneSide;
beforeEach(async () => {
  side = await oneSide(inject("redisUrl"));
});
afterEach(() => side.end());

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
    await offer(side, "h-1");
    side.missions.push(heldMission);
    await side.ask("PUT", "/webhooks/w-1", { url: "http://partner.example/hook", types: [] });
    const next = newKey("cn-2");
    const calls: Record<string, () => Promise<Answered>> = {
      sendMessage: () => offer(side, "h-1"),
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
    expect((await offer(side, "h-2")).status).toBe(202);
  });
});

describe("what the partner sees", () => {
  it("is the hand-off with what was said and not acknowledged", async () => {
    await offer(side, "h-1");
    side.service.accept("h-1" as HandoffId);
    await vi.waitFor(async () => {
      const { said } = await side.ask("GET", "/handoffs/h-1");
      expect(said).toMatchObject({ phase: "accepted", giver: "cn", waiting: [{ type: "accept" }] });
    }, WAIT);
    await offer(side, "h-3");
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
    side.missions.push(heldMission);
    const { said } = await side.ask("GET", "/missions");
    expect(said).toMatchObject([{ missionId: "m-1", containerNo: "CSQU3054383", status: "held" }]);
    expect(JSON.stringify(said)).not.toMatch(/officer|suspect|operator|evidence/);
    expect((await side.ask("GET", "/slots")).said).toMatchObject([{ direction: "export", taken: 1 }]);
  });
});
