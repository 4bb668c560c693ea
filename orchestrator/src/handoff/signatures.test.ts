import { createPrivateKey } from "node:crypto";
import fc from "fast-check";
import { createSigner, createVerifier, httpbis } from "http-message-signatures";
import { describe, expect, it } from "vitest";
import { contentDigest } from "./content-digest.ts";
import type { SignedAnswer, SignedRequest } from "./http-signatures.ts";
import { createKeyRing, generateKeyPair, readPrivateKey, readPublicKey } from "./keys.ts";
import {
  ANSWER_TAG,
  SIGNATURE_TAG,
  signAnswer,
  signRequest,
  verifyAnswer,
  verifyRequest,
  WINDOW_MS,
} from "./signatures.ts";
import { parseDictionary } from "./structured-fields.ts";

const NOW_MS = 1_800_000_000_000;
const vn = generateKeyPair();
const cn = generateKeyPair();
const stranger = generateKeyPair();
const ours = createKeyRing({
  side: "vn",
  keyId: "vn-1",
  privateKey: readPrivateKey(vn.privatePem),
  publicKeys: [{ keyId: "cn-1", side: "cn", publicKey: readPublicKey(cn.publicPem) }],
});
const theirs = createKeyRing({
  side: "cn",
  keyId: "cn-1",
  privateKey: readPrivateKey(cn.privatePem),
  publicKeys: [{ keyId: "vn-1", side: "vn", publicKey: readPublicKey(vn.publicPem) }],
});
const body = Buffer.from('{"hello":"world"}');
/** What the profile asks a request with a body to cover. */
const COVERED = ["@method", "@authority", "@path", "content-digest", "content-type"];
const url = new URL("http://cn.example:8080/partner/v1/handoffs/h-1/messages");

function signed(key = ours.own, nowMs = NOW_MS): SignedRequest {
  const headers = signRequest({ method: "POST", url, body, nowMs, nonce: "nonce-0001" }, key);
  return { method: "POST", scheme: "http", authority: "cn.example:8080", target: url.pathname, headers };
}
const reasonOf = (request: SignedRequest, content: Uint8Array = body, nowMs = NOW_MS) => {
  const result = verifyRequest(request, content, theirs, "vn", nowMs);
  return result.ok ? "taken" : result.reason;
};

describe("a signed request", () => {
  it("is taken as it was sent, up to the edge of the window", () => {
    const result = verifyRequest(signed(), body, theirs, "vn", NOW_MS);
    expect(result).toMatchObject({ ok: true, keyId: "vn-1", nonce: "nonce-0001", createdMs: NOW_MS });
    expect(reasonOf(signed(), body, NOW_MS + WINDOW_MS)).toBe("taken");
    expect(reasonOf(signed(), body, NOW_MS + WINDOW_MS + 1)).toBe("expired");
    expect(reasonOf(signed(), body, NOW_MS - WINDOW_MS - 1)).toBe("expired");
  });

  it("fits no other method, host, path, type or body", () => {
    const good = signed();
    const { headers } = good;
    expect(reasonOf({ ...good, method: "PUT" })).toBe("bad-signature");
    expect(reasonOf({ ...good, authority: "other.example:8080" })).toBe("bad-signature");
    expect(reasonOf({ ...good, target: "/partner/v1/handoffs/h-2/messages" })).toBe("bad-signature");
    expect(reasonOf({ ...good, headers: { ...headers, "content-type": "text/plain" } })).toBe(
      "bad-signature",
    );
    const other = Buffer.from('{"hello":"wurld"}');
    expect(reasonOf(good, other)).toBe("bad-digest");
    expect(
      reasonOf({ ...good, headers: { ...headers, "content-digest": contentDigest(other) } }, other),
    ).toBe("bad-signature");
  });

  it("is refused with its reason when unsigned, unknown, unreadable, forged or thinly covered", () => {
    const good = signed();
    const { headers } = good;
    const input = headers["signature-input"] ?? "";
    expect(reasonOf({ ...good, headers: { "content-type": "application/json" } })).toBe("missing-signature");
    expect(
      reasonOf({
        ...good,
        headers: { ...headers, "signature-input": input.replace(SIGNATURE_TAG, "other") },
      }),
    ).toBe("missing-signature");
    expect(reasonOf({ ...good, headers: { ...headers, "signature-input": "baton=(" } })).toBe("malformed");
    expect(reasonOf({ ...good, headers: { ...headers, signature: "baton=12" } })).toBe("malformed");
    expect(
      reasonOf({ ...good, headers: { ...headers, "signature-input": input.replace("vn-1", "vn-9") } }),
    ).toBe("unknown-key");
    expect(
      reasonOf({ ...good, headers: { ...headers, "signature-input": input.replace('"@path" ', "") } }),
    ).toBe("wrong-components");
    expect(
      reasonOf({ ...good, headers: { ...headers, "signature-input": input.replace("nonce=", "n=") } }),
    ).toBe("wrong-components");
    const forged = { keyId: "vn-1", privateKey: createPrivateKey(stranger.privatePem) };
    expect(reasonOf(signed(forged))).toBe("bad-signature");
    expect(reasonOf(signed(theirs.own)), "a request of the receiver's own, sent back to it").toBe(
      "unknown-key",
    );
  });

  it("is never taken with any one character of its signed parts changed, nor does any text break the parser", () => {
    const good = signed();
    fc.assert(
      fc.property(
        fc.constantFrom("signature-input", "signature", "content-digest", "content-type"),
        fc.nat(),
        fc.constantFrom(...'aZ0+"=;:() ,\\'),
        (name, at, character) => {
          const text = good.headers[name] ?? "";
          const index = at % text.length;
          const changed = text.slice(0, index) + character + text.slice(index + 1);
          const result = verifyRequest(
            { ...good, headers: { ...good.headers, [name]: changed } },
            body,
            theirs,
            "vn",
            NOW_MS,
          );
          // The label is not signed, and trailing base64 bits may be spelled differently: then nothing signed has changed.
          const label = /^[a-z*][a-z0-9_\-.*]*=/;
          const same =
            changed.replace(label, "") === text.replace(label, "") ||
            (name === "signature" && decoded(changed)?.equals(decoded(text) ?? Buffer.alloc(0)) === true);
          expect(result.ok && !same).toBe(false);
        },
      ),
    );
    fc.assert(fc.property(fc.string(), (text) => void parseDictionary(text)));
  });
});

const decoded = (text: string): Buffer | undefined => {
  const member = [...(parseDictionary(text)?.values() ?? [])][0];
  return member?.kind === "item" && member.item.kind === "bytes" ? member.item.value : undefined;
};

describe("a request without a body", () => {
  const target = "/partner/v1/events?since=7";
  const request = (at: string): SignedRequest => {
    const to = new URL(at, url);
    const headers = signRequest(
      { method: "GET", url: to, body: Buffer.alloc(0), nowMs: NOW_MS, nonce: "nonce-0002" },
      ours.own,
    );
    return { method: "GET", scheme: "http", authority: "cn.example:8080", target: at, headers };
  };

  it("is taken with its query, and with no other", () => {
    expect(reasonOf(request(target), Buffer.alloc(0))).toBe("taken");
    expect(reasonOf({ ...request(target), target: "/partner/v1/events?since=8" }, Buffer.alloc(0))).toBe(
      "bad-signature",
    );
    expect(reasonOf({ ...request("/partner/v1/events"), target }, Buffer.alloc(0))).toBe("wrong-components");
  });

  it("cannot be given a body afterwards", () => {
    expect(reasonOf(request(target), body)).toBe("wrong-components");
  });
});

describe("a signed answer", () => {
  const text = Buffer.from('{"messageId":"h-1.offer","duplicate":false}');
  const answer = (request: SignedRequest, key = theirs.own, nowMs = NOW_MS): SignedAnswer => ({
    status: 202,
    request,
    headers: signAnswer({ request, status: 202, contentType: "application/json", body: text }, nowMs, key),
  });
  const doubtOf = (given: SignedAnswer, content: Uint8Array = text) =>
    verifyAnswer(given, content, ours, "cn", NOW_MS)?.reason;

  it("is believed for the request that it answers, and for no other", () => {
    const request = signed();
    expect(doubtOf(answer(request))).toBeUndefined();
    const other = signed(ours.own, NOW_MS + 1_000);
    expect(doubtOf({ ...answer(request), request: other })).toBe("bad-signature");
  });

  it("is not believed with another status, body or signer, unsigned, or long after", () => {
    const request = signed();
    expect(doubtOf({ ...answer(request), status: 503 })).toBe("bad-signature");
    expect(doubtOf(answer(request), Buffer.from("{}"))).toBe("bad-digest");
    expect(doubtOf(answer(request, ours.own)), "our own key").toBe("unknown-key");
    const forged = { keyId: "cn-1", privateKey: createPrivateKey(stranger.privatePem) };
    expect(doubtOf(answer(request, forged))).toBe("bad-signature");
    expect(doubtOf({ status: 202, request, headers: signed().headers })).toBe("missing-signature");
    expect(doubtOf(answer(request, theirs.own, NOW_MS - WINDOW_MS - 1_000))).toBe("expired");
  });

  it("is bound to its request by the tag and the covered signature, or is not believed", () => {
    const request = signed();
    const given = answer(request);
    const input = given.headers["signature-input"] ?? "";
    const thin = { ...given.headers, "signature-input": input.replace(' "signature";req', "") };
    expect(doubtOf({ ...given, headers: thin })).toBe("wrong-components");
    const other = { ...given.headers, "signature-input": input.replace(ANSWER_TAG, SIGNATURE_TAG) };
    expect(doubtOf({ ...given, headers: other })).toBe("missing-signature");
  });
});

describe("a key that is changed without a stop", () => {
  it("is believed beside the old one, which is then retired and signs nothing new", () => {
    const ring = createKeyRing({
      side: "cn",
      keyId: "cn-1",
      privateKey: readPrivateKey(cn.privatePem),
      publicKeys: [{ keyId: "vn-1", side: "vn", publicKey: readPublicKey(vn.publicPem) }],
    });
    const next = generateKeyPair();
    const reason = (request: SignedRequest) => {
      const result = verifyRequest(request, body, ring, "vn", NOW_MS);
      return result.ok ? "taken" : result.reason;
    };
    const withNext = () => signed({ keyId: "vn-2", privateKey: readPrivateKey(next.privatePem) });
    expect(reason(withNext())).toBe("unknown-key");
    ring.learn({ keyId: "vn-2", side: "vn", publicKey: readPublicKey(next.publicPem) });
    expect([reason(signed()), reason(withNext())]).toEqual(["taken", "taken"]);
    ring.learn({ keyId: "vn-1", side: "vn", publicKey: readPublicKey(vn.publicPem), isRetired: true });
    expect([reason(signed()), reason(withNext())]).toEqual(["unknown-key", "taken"]);
    expect(ring.find("vn-1"), "still there for the custody records that it signed").toBeDefined();
    expect(() => ring.learn({ keyId: "vn-2", side: "vn", publicKey: readPublicKey(cn.publicPem) })).toThrow(
      /two keys have the id vn-2/,
    );
  });
});

describe("another implementation of RFC 9421", () => {
  it("verifies what we sign", async () => {
    const { headers } = signed();
    const plain = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value ?? ""] as const),
    );
    const result = await httpbis.verifyMessage(
      {
        keyLookup: async () => ({
          id: "vn-1",
          algs: ["ed25519"],
          verify: createVerifier(vn.publicPem, "ed25519"),
        }),
        requiredFields: [...COVERED],
        notAfter: new Date(NOW_MS + 1_000),
      },
      { method: "POST", url, headers: plain },
    );
    expect(result).toBe(true);
  });

  it("signs what we verify", async () => {
    const { headers } = await httpbis.signMessage(
      {
        key: createSigner(vn.privatePem, "ed25519", "vn-1"),
        fields: [...COVERED],
        params: ["created", "keyid", "nonce", "tag"],
        paramValues: { created: new Date(NOW_MS), nonce: "from-elsewhere", tag: SIGNATURE_TAG },
      },
      {
        method: "POST",
        url,
        headers: { "content-type": "application/json", "content-digest": contentDigest(body) },
      },
    );
    const lower = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    expect(reasonOf({ ...signed(), headers: lower })).toBe("taken");
  });
});
