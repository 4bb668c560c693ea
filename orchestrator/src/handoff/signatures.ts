import type { Side } from "@baton/maps";
import { checkDigest, contentDigest } from "./content-digest.ts";
import {
  type Component,
  component,
  componentText,
  type SignedAnswer,
  type SignedRequest,
  signatureBase,
} from "./http-signatures.ts";
import type { KeyRing, KnownKey } from "./keys.ts";
import { ED25519 } from "./signature-algorithms.ts";
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
 * A request covers `@method`, `@authority` and `@path`; `@query` when it has a query; `content-digest` and `content-type`
 * when it has a body: method and target without the scheme, so that a proxy may end TLS, while a request meant for one
 * host or hand-off fits no other. Parameters are `created`, `keyid`, `nonce`, `tag`, and optionally `alg` and `expires`.
 * An answer covers `@status`, `content-type`, `content-digest`, and of its request `@method`, `@path` and `signature`,
 * so that it fits that one request only. A partner may cover more; never less.
 */
export const SIGNATURE_TAG = "baton-handoff";
export const ANSWER_TAG = "baton-answer";
const SIGNATURE_LABEL = "baton";
export const WINDOW_MS = 300_000;

const TARGET = [component("@method"), component("@authority"), component("@path")];
const QUERY = component("@query");
const CONTENT = [component("content-digest"), component("content-type")];
const ANSWER = [
  component("@status"),
  component("content-type"),
  component("content-digest"),
  component("@method", "req"),
  component("@path", "req"),
];
const ANSWERED_SIGNATURE = component("signature", "req");

export type SignatureReason =
  | "missing-signature"
  | "malformed"
  | "wrong-components"
  | "unknown-key"
  | "bad-digest"
  | "bad-signature"
  | "expired"
  | "replayed";

export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  /** Empty for a request without one. */
  readonly body: Uint8Array;
  readonly nowMs: number;
  readonly nonce: string;
  /** Of the body; JSON if not given. */
  readonly contentType?: string;
}

/** What a signature of a request has to cover. */
export function coveredOf(target: string, hasBody: boolean): readonly Component[] {
  return [...TARGET, ...(target.includes("?") ? [QUERY] : []), ...(hasBody ? CONTENT : [])];
}

/** The headers that make a request a signed one. */
export function signRequest(request: OutgoingRequest, key: KeyRing["own"]): Record<string, string> {
  const { method, url, body, contentType = "application/json" } = request;
  const hasBody = body.byteLength > 0;
  const headers: Record<string, string> = hasBody
    ? { "content-type": contentType, "content-digest": contentDigest(body) }
    : {};
  const target = url.pathname + url.search;
  const signed = { method, scheme: url.protocol.slice(0, -1), authority: url.host, target, headers };
  const nonce = `nonce=${quoted(request.nonce)}`;
  const covered = coveredOf(target, hasBody);
  return { ...headers, ...signatureHeaders(signed, covered, request.nowMs, [nonce], SIGNATURE_TAG, key) };
}

/** The headers that make an answer with this body a signed one. */
export function signAnswer(
  answer: {
    readonly request: SignedRequest;
    readonly status: number;
    readonly contentType: string;
    readonly body: Uint8Array;
  },
  nowMs: number,
  key: KeyRing["own"],
): Record<string, string> {
  const { request, status, contentType, body } = answer;
  const headers = { "content-type": contentType, "content-digest": contentDigest(body) };
  const covered = request.headers.signature === undefined ? ANSWER : [...ANSWER, ANSWERED_SIGNATURE];
  return {
    ...headers,
    ...signatureHeaders({ status, headers, request }, covered, nowMs, [], ANSWER_TAG, key),
  };
}

function signatureHeaders(
  message: SignedRequest | SignedAnswer,
  covered: readonly Component[],
  nowMs: number,
  more: readonly string[],
  tag: string,
  key: KeyRing["own"],
): { "signature-input": string; signature: string } {
  const parameters = [
    `created=${Math.floor(nowMs / 1000)}`,
    `keyid=${quoted(key.keyId)}`,
    ...more,
    `tag=${quoted(tag)}`,
    `alg="${ED25519.name}"`,
  ];
  const input = `(${covered.map(componentText).join(" ")});${parameters.join(";")}`;
  const base = signatureBase(message, covered, input);
  if (base === undefined) throw new Error("a message of our own cannot be signed");
  return {
    "signature-input": `${SIGNATURE_LABEL}=${input}`,
    signature: `${SIGNATURE_LABEL}=${serializeBytes(ED25519.sign(Buffer.from(base), key.privateKey))}`,
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
  | Unverified;
export interface Unverified {
  readonly ok: false;
  readonly reason: SignatureReason;
  readonly detail: string;
}

const no = (reason: SignatureReason, detail: string): Unverified => ({ ok: false, reason, detail });

/**
 * Checks everything of a request but whether its nonce was seen before, which only the caller's memory knows; that
 * memory is asked last, so that no one but a key's owner can fill it.
 */
export function verifyRequest(
  request: SignedRequest,
  body: Uint8Array,
  keys: Pick<KeyRing, "find">,
  from: Side,
  nowMs: number,
): Verified {
  const reading = readSignature(request.headers, SIGNATURE_TAG);
  if ("ok" in reading) return reading;
  const { created, keyId, input } = reading;
  const nonce = parameter(input, "nonce");
  const hasBody = body.byteLength > 0;
  const missing = notCovered(reading.components, coveredOf(request.target, hasBody));
  if (missing !== undefined) return missing;
  if (typeof nonce !== "string") return no("wrong-components", "the parameter nonce is needed");
  if (nonce.length < 8 || nonce.length > 128) return no("malformed", "a nonce has 8 to 128 characters");
  const key = usableKey(keys, keyId, from);
  if (key === undefined) return no("unknown-key", `key id ${keyId}`);
  const digest = hasBody ? checkDigest(request.headers["content-digest"], body) : undefined;
  if (digest !== undefined) return no("bad-digest", digest);
  const judged = judge(request, reading, key, nowMs);
  if (judged !== undefined) return judged;
  return { ok: true, keyId, nonce, createdMs: created * 1000, skewMs: nowMs - created * 1000 };
}

/** Whether an answer is the partner's, to this very request. Undefined when it is. */
export function verifyAnswer(
  answer: SignedAnswer,
  body: Uint8Array,
  keys: Pick<KeyRing, "find">,
  from: Side,
  nowMs: number,
): Unverified | undefined {
  const reading = readSignature(answer.headers, ANSWER_TAG);
  if ("ok" in reading) return reading;
  const missing = notCovered(reading.components, [...ANSWER, ANSWERED_SIGNATURE]);
  if (missing !== undefined) return missing;
  const key = usableKey(keys, reading.keyId, from);
  if (key === undefined) return no("unknown-key", `key id ${reading.keyId}`);
  const digest = checkDigest(answer.headers["content-digest"], body);
  if (digest !== undefined) return no("bad-digest", digest);
  return judge(answer, reading, key, nowMs);
}

export interface SignatureReading {
  readonly label: string;
  readonly components: readonly Component[];
  readonly input: Extract<Member, { kind: "inner-list" }>;
  readonly signature: Uint8Array;
  readonly created: number;
  readonly keyId: string;
}

/** The signature with this tag, as its headers say it; nothing of it is believed yet. */
export function readSignature(headers: SignedRequest["headers"], tag: string): SignatureReading | Unverified {
  const inputText = headers["signature-input"];
  const signatureText = headers.signature;
  if (inputText === undefined || signatureText === undefined) {
    return no("missing-signature", "Signature-Input and Signature are needed, see RFC 9421");
  }
  const inputs = parseDictionary(inputText);
  const signatures = parseDictionary(signatureText);
  if (inputs === undefined || signatures === undefined)
    return no("malformed", "a signature header is no dictionary");
  const ours = [...inputs].find(([, member]) => parameter(member, "tag") === tag);
  if (ours === undefined) return no("missing-signature", `no signature has tag="${tag}"`);
  const [label, input] = ours;
  const signature = signatures.get(label);
  if (input.kind !== "inner-list" || signature?.kind !== "item" || signature.item.kind !== "bytes") {
    return no("malformed", `signature ${label} has no list of components or no bytes`);
  }
  const components: Component[] = [];
  const seen = new Set<string>();
  for (const { item, parameters } of input.items) {
    if (item.kind !== "string") return no("malformed", "components are names in quotes");
    const one = { name: item.value, parameters };
    const text = componentText(one);
    if (seen.has(text)) return no("malformed", `${text} is covered twice`);
    seen.add(text);
    components.push(one);
  }
  const created = parameter(input, "created");
  const keyId = parameter(input, "keyid");
  if (typeof created !== "number" || typeof keyId !== "string") {
    return no("wrong-components", "the parameters created and keyid are needed");
  }
  const algorithm = parameter(input, "alg");
  if (algorithm !== undefined && algorithm !== ED25519.name)
    return no("malformed", "the algorithm is ed25519");
  return { label, components, input, signature: signature.item.value, created, keyId };
}

function notCovered(given: readonly Component[], wanted: readonly Component[]): Unverified | undefined {
  const covered = new Set(given.map(componentText));
  const missing = wanted.map(componentText).filter((text) => !covered.has(text));
  return missing.length === 0 ? undefined : no("wrong-components", `not covered: ${missing.join(", ")}`);
}

/** A key of our own would let our own messages be sent back to us; a retired one only proves what it signed before. */
function usableKey(keys: Pick<KeyRing, "find">, keyId: string, from: Side): KnownKey | undefined {
  const key = keys.find(keyId);
  return key?.side === from && key.isRetired !== true ? key : undefined;
}

function judge(
  message: SignedRequest | SignedAnswer,
  { components, input, signature, created }: SignatureReading,
  key: KnownKey,
  nowMs: number,
): Unverified | undefined {
  const base = signatureBase(message, components, input.text);
  if (base === undefined) return no("wrong-components", "a covered component is not part of the message");
  if (!ED25519.verify(Buffer.from(base), key.publicKey, signature)) {
    return no("bad-signature", "the signature does not fit method, target, headers and body");
  }
  const skewMs = nowMs - created * 1000;
  if (Math.abs(skewMs) > WINDOW_MS)
    return no("expired", `created ${Math.round(skewMs / 1000)} s from this side's clock`);
  const expires = parameter(input, "expires");
  if (expires !== undefined && (typeof expires !== "number" || expires * 1000 < nowMs)) {
    return no("expired", "the signature's own expiry has passed");
  }
  return undefined;
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
