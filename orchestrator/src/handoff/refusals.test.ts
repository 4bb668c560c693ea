import { createPrivateKey } from "node:crypto";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { generateKeyPair, type KeyRing } from "./keys.ts";
import type { HandoffId } from "./port.ts";
import { signRequest, WINDOW_MS } from "./signatures.ts";
import { createTwoSides, offerOf, type TwoSides } from "./testing/two-sides.ts";
import { MAX_BODY_BYTES, sealEnvelope } from "./wire.ts";

let sides: TwoSides;
let nonces = 0;
beforeEach(async () => {
  sides = await createTwoSides(inject("redisUrl"));
});
afterEach(() => sides.end());

interface Forgery {
  readonly handoffId?: string;
  readonly path?: string;
  readonly key?: KeyRing["own"];
  readonly ageMs?: number;
  readonly nonce?: string;
  /** What is signed; an offer if not given. */
  readonly content?: unknown;
  /** What is sent, when it is not what was signed. */
  readonly sent?: string;
  readonly headers?: Record<string, string | undefined>;
}

/** A request to `cn` as `vn` would make it, but for what is asked. */
async function post(
  forgery: Forgery = {},
): Promise<{ status: number; type: string | null; answer: Record<string, unknown> }> {
  const nowMs = sides.clock.nowMs();
  const handoffId = forgery.handoffId ?? "h-1";
  const { handoffId: _, ...terms } = offerOf(handoffId, nowMs);
  const offer = { type: "offer" as const, body: { mode: "control-passes" as const, ...terms } };
  const content = forgery.content ?? sealEnvelope(handoffId as HandoffId, "vn", "cn", offer, nowMs);
  const url = new URL(`${sides.url("cn")}/partner/v1/handoffs/${forgery.path ?? handoffId}/messages`);
  const body = Buffer.from(JSON.stringify(content));
  const signed = signRequest(
    {
      method: "POST",
      url,
      body,
      nowMs: nowMs - (forgery.ageMs ?? 0),
      nonce: forgery.nonce ?? `forged-nonce-${nonces++}`,
    },
    forgery.key ?? sides.keys.vn.own,
  );
  const headers = new Headers();
  for (const [name, value] of Object.entries({ ...signed, ...forgery.headers })) {
    if (value !== undefined) headers.set(name, value);
  }
  // A connection of its own: one that was kept may be to a process that has ended meanwhile.
  headers.set("connection", "close");
  const response = await fetch(url, { method: "POST", headers, body: forgery.sent ?? body });
  const answer: unknown = await response.json();
  if (typeof answer !== "object" || answer === null) throw new Error("the answer is no object");
  return { status: response.status, type: response.headers.get("content-type"), answer: { ...answer } };
}

const unsigned = { "signature-input": undefined, signature: undefined };
const stranger = createPrivateKey(generateKeyPair().privatePem);
const noAccept = (): void => {
  sides.conduct = { ...sides.conduct, accepts: false };
};

describe("a request that is not the partner's own, fresh and whole", () => {
  const forgeries: { name: string; code: string; forgery: () => Forgery }[] = [
    { name: "unsigned", code: "missing-signature", forgery: () => ({ headers: unsigned }) },
    {
      name: "with an unreadable signature",
      code: "malformed",
      forgery: () => ({ headers: { signature: "baton=(((" } }),
    },
    {
      name: "signed by a stranger under the partner's key id",
      code: "bad-signature",
      forgery: () => ({ key: { keyId: "vn-1", privateKey: stranger } }),
    },
    {
      name: "signed with an unknown key",
      code: "unknown-key",
      forgery: () => ({ key: { keyId: "vn-99", privateKey: stranger } }),
    },
    {
      name: "signed with the receiver's own key",
      code: "unknown-key",
      forgery: () => ({ key: sides.keys.cn.own }),
    },
    { name: "older than the window", code: "expired", forgery: () => ({ ageMs: WINDOW_MS + 5_000 }) },
    // So far that a machine that takes seconds to bring it does not bring it in time.
    { name: "from the future", code: "expired", forgery: () => ({ ageMs: -2 * WINDOW_MS }) },
    { name: "with another body", code: "bad-digest", forgery: () => ({ sent: '{"type":"go"}' }) },
    {
      name: "with another type of content",
      code: "bad-signature",
      forgery: () => ({ headers: { "content-type": "application/json; v=2" } }),
    },
  ];
  it.each(forgeries)("$name is refused as $code, counted, and changes nothing", async ({ code, forgery }) => {
    const { status, type, answer } = await post(forgery());
    expect({ status, type, code: answer.code }).toEqual({
      status: 401,
      type: "application/problem+json",
      code,
    });
    expect(answer).toMatchObject({ type: `urn:baton:problem:${code}`, status: 401 });
    const { signatures, refused, taken } = sides.service("cn").metrics();
    expect(signatures).toEqual({ [code]: 1 });
    expect(refused).toEqual({ [code]: 1 });
    expect(taken).toBe(0);
    expect(sides.service("cn").open()).toEqual([]);
    expect(sides.events.cn).toMatchObject([{ kind: "trouble", code: "signature-refused" }]);
  });

  it("is refused when it is a replay of one that was taken, even by another process of this side", async () => {
    noAccept();
    expect(await post({ nonce: "only-once" })).toMatchObject({
      status: 202,
      answer: { messageId: "h-1.offer", duplicate: false },
    });
    expect(await post({ nonce: "only-once" })).toMatchObject({ status: 401, answer: { code: "replayed" } });
    await sides.kill("cn");
    await sides.start("cn");
    expect(await post({ nonce: "only-once" })).toMatchObject({ status: 401, answer: { code: "replayed" } });
    expect(sides.service("cn").open()).toHaveLength(1);
  });

  it("raises one alarm for a flood of one kind, and counts every one", async () => {
    for (let count = 0; count < 20; count++) await post({ headers: unsigned });
    expect(sides.service("cn").metrics().signatures).toEqual({ "missing-signature": 20 });
    expect(sides.told("cn", "trouble")).toHaveLength(1);
  });
});

describe("a signed message that makes no sense", () => {
  const seal = (over: Record<string, unknown>) => ({
    ...sealEnvelope("h-1" as HandoffId, "vn", "cn", { type: "go", body: {} }, 1),
    ...over,
  });
  it.each([
    {
      name: "of an unknown hand-off",
      content: seal({ type: "withdraw", body: { how: "withdrawn", reason: "" } }),
      status: 404,
      code: "handoff-unknown",
    },
    {
      name: "of an unknown type",
      content: seal({ type: "bribe" }),
      status: 422,
      code: "unknown-message-type",
    },
    { name: "without its body", content: seal({ type: "offer" }), status: 422, code: "invalid-message" },
    { name: "that is no envelope", content: [], status: 422, code: "invalid-message" },
    {
      name: "from another side",
      content: seal({ from: "cn", to: "vn" }),
      status: 422,
      code: "wrong-recipient",
    },
    {
      name: "about another hand-off than its address",
      content: seal({ handoffId: "h-2" }),
      status: 422,
      code: "wrong-recipient",
    },
  ])("$name is answered with $code", async ({ content, status, code }) => {
    expect(await post({ content })).toMatchObject({
      status,
      type: "application/problem+json",
      answer: { code },
    });
    expect(sides.events.cn).toEqual([]);
  });

  it("is answered with its problem when it is too large, of another media type, or at no address", async () => {
    const large = JSON.stringify("x".repeat(MAX_BODY_BYTES));
    expect(await post({ sent: large })).toMatchObject({ status: 413, answer: { code: "body-too-large" } });
    expect(await post({ headers: { "content-type": "text/plain" } })).toMatchObject({
      status: 415,
      answer: { code: "media-type" },
    });
    const nowhere = await fetch(`${sides.url("cn")}/partner/v1/nothing`);
    expect(nowhere.status).toBe(404);
    expect(await nowhere.json()).toMatchObject({ code: "route-unknown" });
  });

  it("is a conflict when it says a step again and says something else, and a duplicate when it says the same", async () => {
    noAccept();
    const { handoffId: _, ...terms } = offerOf("h-1", 1_000);
    const body = {
      mode: "control-passes" as const,
      ...terms,
      expiresAtMs: Math.round(sides.clock.nowMs()) + 600_000,
    };
    const offer = sealEnvelope("h-1" as HandoffId, "vn", "cn", { type: "offer", body }, 1);
    expect(await post({ content: offer })).toMatchObject({ status: 202, answer: { duplicate: false } });
    expect(await post({ content: { ...offer, sentAtMs: 2 } })).toMatchObject({
      status: 202,
      answer: { duplicate: true },
    });
    const changed = { ...offer, body: { ...body, etaMs: 5 } };
    expect(await post({ content: changed })).toMatchObject({
      status: 409,
      answer: { code: "message-conflict" },
    });
    expect(await post({ content: { ...changed, messageId: "other" } })).toMatchObject({
      status: 409,
      answer: { code: "message-conflict" },
    });
    expect(sides.told("cn", "offered")).toHaveLength(1);
  });

  it("is out of phase when the hand-off is not there yet", async () => {
    noAccept();
    await post();
    const { manifest } = offerOf("h-1", 0);
    const ready = sealEnvelope(
      "h-1" as HandoffId,
      "vn",
      "cn",
      { type: "ready", body: { manifest, epoch: 4 } },
      1,
    );
    expect(await post({ content: ready })).toMatchObject({
      status: 409,
      answer: { code: "out-of-phase", retryable: false },
    });
    expect(await post({ content: seal({}) }), "a taker is never told go").toMatchObject({
      status: 409,
      answer: { code: "out-of-phase" },
    });
    expect(sides.service("cn").open()).toMatchObject([{ phase: "offered" }]);
  });
});
