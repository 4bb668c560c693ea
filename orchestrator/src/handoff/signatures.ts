import { createHash, sign, timingSafeEqual, verify } from "node:crypto";
import type { Side } from "@baton/maps";
import type { KeyRing } from "./keys.ts";
import {
  type BareItem,
  type Member,
  parseDictionary,
  serializeBytes,
  serializeString,
} from "./structured-fields.ts";

/**
 * HTTP Message Signatures (RFC 9421, Ed25519) with Content-Digest (RFC 9530), in the profile of the partner protocol.
 *
 * Covered are `@method`, `@authority`, `@path`, `content-digest` and `content-type`: method and target without the
 * scheme, so that a proxy may end TLS, while a request meant for one host or hand-off fits no other. Parameters are
 * `created`, `keyid`, `nonce`, `tag`, and optionally `alg`. A partner may cover more; never less. Requests have no query.
 */
export const SIGNATURE_TAG = "baton-handoff";
const SIGNATURE_LABEL = "baton";
export const WINDOW_MS = 300_000;
export const COVERED = ["@method", "@authority", "@path", "content-digest", "content-type"] as const;

export type SignatureReason =
  | "missing-signature"
  | "malformed"
  | "wrong-components"
  | "unknown-key"
  | "bad-digest"
  | "bad-signature"
  | "expired"
  | "replayed";

/** A request as its signature sees it. Header names in lower case; a header given several times is joined by ", ". */
export interface SignedRequest {
  readonly method: string;
  readonly scheme: string;
  readonly authority: string;
  /** Path and query as they stood in the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: Uint8Array;
  readonly nowMs: number;
  readonly nonce: string;
}

/** The headers that make a JSON request a signed one. */
export function signRequest(request: OutgoingRequest, key: KeyRing["own"]): Record<string, string> {
  const { method, url, body } = request;
  const headers = { "content-type": "application/json", "content-digest": contentDigest(body) };
  const parameters = [
    `created=${Math.floor(request.nowMs / 1000)}`,
    `keyid=${quoted(key.keyId)}`,
    `nonce=${quoted(request.nonce)}`,
    `tag=${quoted(SIGNATURE_TAG)}`,
    `alg="ed25519"`,
  ];
  const input = `(${COVERED.map(quoted).join(" ")});${parameters.join(";")}`;
  const target = url.pathname + url.search;
  const signed = { method, scheme: url.protocol.slice(0, -1), authority: url.host, target, headers };
  const base = signatureBase(signed, COVERED, input);
  if (base === undefined) throw new Error("a request of our own cannot be signed");
  return {
    ...headers,
    "signature-input": `${SIGNATURE_LABEL}=${input}`,
    signature: `${SIGNATURE_LABEL}=${serializeBytes(sign(null, Buffer.from(base), key.privateKey))}`,
  };
}

export type Verified =
  | {
      readonly ok: true;
      readonly keyId: string;
      readonly nonce: string;
      readonly createdMs: number;
      readonly skewMs: number;
    }
  | { readonly ok: false; readonly reason: SignatureReason; readonly detail: string };

/**
 * Checks everything of a request but whether its nonce was seen before, which only the caller's memory knows; that
 * memory is asked last, so that no one but a key's owner can fill it.
 */
export function verifyRequest(
  request: SignedRequest,
  body: Uint8Array,
  keys: KeyRing,
  from: Side,
  nowMs: number,
): Verified {
  const no = (reason: SignatureReason, detail: string): Verified => ({ ok: false, reason, detail });
  const inputText = request.headers["signature-input"];
  const signatureText = request.headers.signature;
  if (inputText === undefined || signatureText === undefined) {
    return no("missing-signature", "Signature-Input and Signature are needed, see RFC 9421");
  }
  const inputs = parseDictionary(inputText);
  const signatures = parseDictionary(signatureText);
  if (inputs === undefined || signatures === undefined)
    return no("malformed", "a signature header is no dictionary");
  const ours = [...inputs].find(([, member]) => parameter(member, "tag") === SIGNATURE_TAG);
  if (ours === undefined) return no("missing-signature", `no signature has tag="${SIGNATURE_TAG}"`);
  const [label, input] = ours;
  const signature = signatures.get(label);
  if (input.kind !== "inner-list" || signature?.kind !== "item" || signature.item.kind !== "bytes") {
    return no("malformed", `signature ${label} has no list of components or no bytes`);
  }
  const components: string[] = [];
  for (const { item, parameters } of input.items) {
    if (item.kind !== "string" || parameters.size > 0 || components.includes(item.value)) {
      return no("malformed", "components are plain names, each once");
    }
    components.push(item.value);
  }
  const missing = COVERED.filter((name) => !components.includes(name));
  if (missing.length > 0) return no("wrong-components", `not covered: ${missing.join(", ")}`);
  const created = parameter(input, "created");
  const keyId = parameter(input, "keyid");
  const nonce = parameter(input, "nonce");
  if (typeof created !== "number" || typeof keyId !== "string" || typeof nonce !== "string") {
    return no("wrong-components", "the parameters created, keyid and nonce are needed");
  }
  if (nonce.length < 8 || nonce.length > 128) return no("malformed", "a nonce has 8 to 128 characters");
  const algorithm = parameter(input, "alg");
  if (algorithm !== undefined && algorithm !== "ed25519") return no("malformed", "the algorithm is ed25519");
  const key = keys.find(keyId);
  // A key of our own would let our own requests be sent back to us.
  if (key?.side !== from) return no("unknown-key", `key id ${keyId}`);
  const digest = checkDigest(request.headers["content-digest"], body);
  if (digest !== undefined) return no("bad-digest", digest);
  const base = signatureBase(request, components, input.text);
  if (base === undefined) return no("wrong-components", "a covered component is not part of the request");
  if (!verify(null, Buffer.from(base), key.publicKey, signature.item.value)) {
    return no("bad-signature", "the signature does not fit method, target, headers and body");
  }
  const createdMs = created * 1000;
  const skewMs = nowMs - createdMs;
  if (Math.abs(skewMs) > WINDOW_MS)
    return no("expired", `created ${Math.round(skewMs / 1000)} s from this side's clock`);
  const expires = parameter(input, "expires");
  if (expires !== undefined && (typeof expires !== "number" || expires * 1000 < nowMs)) {
    return no("expired", "the signature's own expiry has passed");
  }
  return { ok: true, keyId, nonce, createdMs, skewMs };
}

/** `Content-Digest` with SHA-256 (RFC 9530). */
export function contentDigest(body: Uint8Array): string {
  return `sha-256=${serializeBytes(createHash("sha256").update(body).digest())}`;
}

/** What is wrong with a digest header; undefined when it fits. Every algorithm that we know must agree. */
export function checkDigest(header: string | undefined, body: Uint8Array): string | undefined {
  const members = header === undefined ? undefined : parseDictionary(header);
  if (members === undefined) return "Content-Digest is missing or unreadable";
  let known = 0;
  for (const [name, hash] of [
    ["sha-256", "sha256"],
    ["sha-512", "sha512"],
  ] as const) {
    const member = members.get(name);
    if (member === undefined) continue;
    known++;
    const expected = createHash(hash).update(body).digest();
    if (member.kind !== "item" || member.item.kind !== "bytes") return `${name} is not a byte sequence`;
    const given = member.item.value;
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return `${name} differs from the body`;
  }
  return known === 0 ? "Content-Digest has neither sha-256 nor sha-512" : undefined;
}

/**
 * The signature base (RFC 9421, 2.5) of plain components: `input` is the member of Signature-Input as written.
 * Undefined when a component is not part of the request or of a kind that this profile does not use.
 */
export function signatureBase(
  request: SignedRequest,
  components: readonly string[],
  input: string,
): string | undefined {
  const lines: string[] = [];
  for (const name of components) {
    const value = componentValue(request, name);
    if (value === undefined) return undefined;
    lines.push(`"${name}": ${value}`);
  }
  lines.push(`"@signature-params": ${input}`);
  return lines.join("\n");
}

function componentValue(request: SignedRequest, name: string): string | undefined {
  const { scheme, target } = request;
  const question = target.indexOf("?");
  const path = question < 0 ? target : target.slice(0, question);
  switch (name) {
    case "@method":
      return request.method;
    case "@scheme":
      return scheme;
    case "@authority":
      return authority(scheme, request.authority);
    case "@path":
      return path === "" ? "/" : path;
    case "@query":
      return question < 0 ? "?" : target.slice(question);
    case "@request-target":
      return target;
    case "@target-uri":
      return `${scheme}://${request.authority}${target}`;
    default:
      if (name.startsWith("@") || name !== name.toLowerCase()) return undefined;
      return request.headers[name]?.trim().replace(/[\r\n]+[ \t]*/g, " ");
  }
}

/** Lower case, and no port where it is the scheme's own (RFC 9421, 2.2.3). */
function authority(scheme: string, host: string): string {
  const lower = host.toLowerCase();
  const port = scheme === "https" ? ":443" : ":80";
  return lower.endsWith(port) ? lower.slice(0, -port.length) : lower;
}

function parameter(member: Member, name: string): string | number | undefined {
  const item: BareItem | undefined = member.kind === "inner-list" ? member.parameters.get(name) : undefined;
  if (item === undefined) return undefined;
  return item.kind === "string" || item.kind === "integer" ? item.value : undefined;
}

function quoted(value: string): string {
  const text = serializeString(value);
  if (text === undefined) throw new Error(`${JSON.stringify(value)} cannot stand in a signature header`);
  return text;
}
