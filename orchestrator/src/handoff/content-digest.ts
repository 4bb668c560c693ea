import { hash, timingSafeEqual } from "node:crypto";
import { parseDictionary, serializeBytes } from "./structured-fields.ts";

/** `Content-Digest` with SHA-256 (RFC 9530). */
export function contentDigest(body: Uint8Array): string {
  return `sha-256=${serializeBytes(hash("sha256", body, "buffer"))}`;
}

/** What is wrong with a digest header; undefined when it fits. Every algorithm that we know must agree. */
export function checkDigest(header: string | undefined, body: Uint8Array): string | undefined {
  const members = header === undefined ? undefined : parseDictionary(header);
  if (members === undefined) return "Content-Digest is missing or unreadable";
  let known = 0;
  for (const [name, algorithm] of [
    ["sha-256", "sha256"],
    ["sha-512", "sha512"],
  ] as const) {
    const member = members.get(name);
    if (member === undefined) continue;
    known++;
    const expected = hash(algorithm, body, "buffer");
    if (member.kind !== "item" || member.item.kind !== "bytes") return `${name} is not a byte sequence`;
    const given = member.item.value;
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return `${name} differs from the body`;
  }
  return known === 0 ? "Content-Digest has neither sha-256 nor sha-512" : undefined;
}
