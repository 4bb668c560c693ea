import { createPrivateKey } from "node:crypto";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { generateKeyPair, readPrivateKey } from "../../orchestrator/src/handoff/keys.ts";
import { type Answered, type OneSide, oneSide, START_MS } from "./one-side.ts";
import { importOffer, newKey, offer } from "./partner-words.ts";

let side: OneSide;
beforeEach(async () => {
  side = await oneSide(inject("redisUrl"));
});
afterEach(() => side.end());

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
    expect(await offer(side, "h-1")).toMatchObject({ status: 202, said: { duplicate: false } });
  });
});
