import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import fc from "fast-check";
import { createSigner, createVerifier, httpbis } from "http-message-signatures";
import { describe, expect, it } from "vitest";
import { createKeyRing, generateKeyPair, readPrivateKey, readPublicKey } from "./keys.ts";
import {
  COVERED,
  checkDigest,
  contentDigest,
  SIGNATURE_TAG,
  type SignedRequest,
  signatureBase,
  signRequest,
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
const url = new URL("http://cn.example:8080/partner/v1/handoffs/h-1/messages");

function signed(key = ours.own, nowMs = NOW_MS): SignedRequest {
  const headers = signRequest({ method: "POST", url, body, nowMs, nonce: "nonce-0001" }, key);
  return { method: "POST", scheme: "http", authority: "cn.example:8080", target: url.pathname, headers };
}
const reasonOf = (request: SignedRequest, content: Uint8Array = body, nowMs = NOW_MS) => {
  const result = verifyRequest(request, content, theirs, "vn", nowMs);
  return result.ok ? "taken" : result.reason;
};

/** RFC 9421, appendix B.1.4 and B.2.6: the test key and the Ed25519 signature of the test request. */
const RFC_KEY = `{"kty":"OKP","crv":"Ed25519","kid":"test-key-ed25519",
  "d":"n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}`;
const RFC_INPUT =
  '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
const RFC_SIGNATURE =
  "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";
const RFC_REQUEST: SignedRequest = {
  method: "POST",
  scheme: "https",
  authority: "example.com",
  target: "/foo?param=Value&Pet=dog",
  headers: {
    date: "Tue, 20 Apr 2021 02:07:55 GMT",
    "content-type": "application/json",
    "content-digest":
      "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    "content-length": "18",
  },
};

describe("the test vectors of the RFCs", () => {
  it("makes and verifies the Ed25519 signature of RFC 9421, B.2.6", () => {
    const input = parseDictionary(`sig-b26=${RFC_INPUT}`)?.get("sig-b26");
    if (input?.kind !== "inner-list") throw new Error("the vector's input cannot be read");
    const names = input.items.map(({ item }) => (item.kind === "string" ? item.value : ""));
    const base = signatureBase(RFC_REQUEST, names, input.text);
    if (base === undefined) throw new Error("the vector has no signature base");
    expect(base.split("\n")).toHaveLength(7);
    expect(
      verify(
        null,
        Buffer.from(base),
        createPublicKey(readPrivateKey(RFC_KEY)),
        Buffer.from(RFC_SIGNATURE, "base64"),
      ),
    ).toBe(true);
    expect(sign(null, Buffer.from(base), readPrivateKey(RFC_KEY)).toString("base64")).toBe(RFC_SIGNATURE);
  });

  it("takes the content digest of RFC 9421's test request, and not that of another body", () => {
    const header = RFC_REQUEST.headers["content-digest"];
    expect(checkDigest(header, Buffer.from('{"hello": "world"}'))).toBeUndefined();
    expect(checkDigest(header, Buffer.from('{"hello": "World"}'))).toMatch(/differs/);
  });
});

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

describe("another implementation of RFC 9421", () => {
  it("verifies what we sign", async () => {
    const { headers } = signed();
    const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value ?? ""]));
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
