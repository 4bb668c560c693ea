import { sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkDigest } from "./content-digest.ts";
import { type Component, signatureBase } from "./http-signatures.ts";
import { readPrivateKey } from "./keys.ts";
import { SIGNATURE_ALGORITHMS } from "./signature-algorithms.ts";
import { parseDictionary } from "./structured-fields.ts";
import {
  BROKEN_VECTORS,
  RFC_BODY,
  RFC_ED25519_JWK,
  RFC_REQUEST,
  VECTORS,
  type Vector,
} from "./testing/rfc9421-vectors.ts";

function baseOf({ message, input }: Pick<Vector, "message" | "input">): string {
  const member = parseDictionary(`sig=${input}`)?.get("sig");
  if (member?.kind !== "inner-list") throw new Error("the vector's input cannot be read");
  const components = member.items.map(({ item, parameters }): Component => {
    if (item.kind !== "string") throw new Error("a component is not a string");
    return { name: item.value, parameters };
  });
  const base = signatureBase(message, components, member.text);
  if (base === undefined) throw new Error("the vector has no signature base");
  return base;
}

function holds(vector: Vector): boolean {
  const algorithm = SIGNATURE_ALGORITHMS.get(vector.algorithm);
  if (algorithm === undefined) throw new Error(`no algorithm ${vector.algorithm}`);
  return algorithm.verify(Buffer.from(baseOf(vector)), vector.key, Buffer.from(vector.signature, "base64"));
}

describe("the test cases of RFC 9421, appendix B", () => {
  it.each(VECTORS)("$section holds", (vector) => {
    expect(holds(vector)).toBe(true);
  });

  it.each(BROKEN_VECTORS)("$section does not hold", (vector) => {
    expect(holds(vector)).toBe(false);
  });

  it("B.2.6 is signed here byte for byte as there", () => {
    const vector = VECTORS.find(({ section }) => section.startsWith("B.2.6"));
    if (vector === undefined) throw new Error("no vector B.2.6");
    const signature = sign(null, Buffer.from(baseOf(vector)), readPrivateKey(RFC_ED25519_JWK));
    expect(signature.toString("base64")).toBe(vector.signature);
  });

  it("the content digest of its request is that of its body, and of no other", () => {
    const header = RFC_REQUEST.headers["content-digest"];
    expect(checkDigest(header, Buffer.from(RFC_BODY))).toBeUndefined();
    expect(checkDigest(header, Buffer.from(RFC_BODY.replace("w", "W")))).toMatch(/differs/);
  });

  it.each([...SIGNATURE_ALGORITHMS.keys()])("%s does not hold for another text", (name) => {
    const vector = VECTORS.find(({ algorithm }) => algorithm === name);
    if (vector === undefined) throw new Error(`no vector for ${name}`);
    const algorithm = SIGNATURE_ALGORITHMS.get(name);
    const signature = Buffer.from(vector.signature, "base64");
    expect(algorithm?.verify(Buffer.from(`${baseOf(vector)} `), vector.key, signature)).toBe(false);
  });
});

describe("what cannot be covered has no base", () => {
  const request = { ...RFC_REQUEST, target: "/foo?pet=dog&pet=cat" };
  it.each([
    '("@query-param";name="pet")',
    '("x-not-there")',
    '("date";sf)',
    '("@status")',
    '("@method";req)',
  ])("%s of a request", (input) => {
    expect(() => baseOf({ message: request, input })).toThrow("no signature base");
  });
});
