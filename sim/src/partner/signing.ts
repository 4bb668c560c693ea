import { createHash, createPublicKey, type KeyObject, randomUUID, sign, verify } from "node:crypto";

/**
 * Signatures of the partner protocol as docs/partner-api.md describes them, written anew from that page: nothing of the
 * orchestrator is used, so that the emulator finds out when page and orchestrator part ways.
 */
export interface OwnKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

export interface Jwk {
  readonly kid: string;
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
}

export type Headers = Readonly<Record<string, string | undefined>>;

export interface WireRequest {
  readonly method: string;
  readonly host: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

export const publicKeyOf = ({ kty, crv, x }: Jwk): KeyObject =>
  createPublicKey({ key: { kty, crv, x }, format: "jwk" });

const digestOf = (body: Buffer): string => `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;

function headersFor(
  lines: readonly (readonly [string, string])[],
  parameters: string,
  key: OwnKey,
): Record<string, string> {
  const input = `(${lines.map(([name]) => name).join(" ")});${parameters}`;
  const base = [...lines.map(([name, value]) => `${name}: ${value}`), `"@signature-params": ${input}`];
  const signature = sign(null, Buffer.from(base.join("\n")), key.privateKey).toString("base64");
  return { "signature-input": `sig=${input}`, signature: `sig=:${signature}:` };
}

/** The headers of a request. `nonce` only to send one twice on purpose. */
export function signedHeaders(
  request: Pick<WireRequest, "method" | "host" | "target" | "body">,
  key: OwnKey,
  nowMs: number,
  nonce: string = randomUUID(),
): Record<string, string> {
  const { method, host, target, body } = request;
  const [path = "", query] = target.split("?");
  const content: Record<string, string> =
    body.length === 0 ? {} : { "content-type": "application/json", "content-digest": digestOf(body) };
  const lines: [string, string][] = [
    ['"@method"', method],
    ['"@authority"', host.toLowerCase()],
    ['"@path"', path],
    ...(query === undefined ? [] : [['"@query"', `?${query}`] satisfies [string, string]]),
    ...Object.entries(content).map(([name, value]): [string, string] => [`"${name}"`, value]),
  ];
  const created = Math.floor(nowMs / 1000);
  const parameters = `created=${created};keyid="${key.kid}";nonce="${nonce}";tag="baton-handoff";alg="ed25519"`;
  return { ...content, ...headersFor(lines, parameters, key) };
}

/** The headers of an answer to a request. */
export function signedAnswerHeaders(
  request: WireRequest,
  status: number,
  contentType: string,
  body: Buffer,
  key: OwnKey,
  nowMs: number,
): Record<string, string> {
  const content = { "content-type": contentType, "content-digest": digestOf(body) };
  const signature = request.headers.signature;
  const lines: [string, string][] = [
    ['"@status"', String(status)],
    ['"content-type"', content["content-type"]],
    ['"content-digest"', content["content-digest"]],
    ['"@method";req', request.method],
    ['"@path";req', request.target.split("?")[0] ?? ""],
    ...(signature === undefined ? [] : [['"signature";req', signature] satisfies [string, string]]),
  ];
  const parameters = `created=${Math.floor(nowMs / 1000)};keyid="${key.kid}";tag="baton-answer";alg="ed25519"`;
  return { ...content, ...headersFor(lines, parameters, key) };
}

/** What is wrong with a request's signature; undefined when it is the peer's own. */
export function requestDoubt(request: WireRequest, keys: readonly Jwk[], nowMs: number): string | undefined {
  const { method, host, target, headers, body } = request;
  const [path = "", query] = target.split("?");
  if (headers["signature-input"] === undefined) return "missing-signature";
  if (body.length > 0 && headers["content-digest"] !== digestOf(body)) return "bad-digest";
  return signatureDoubt(
    headers,
    "baton-handoff",
    (name) => {
      if (name === '"@method"') return method;
      if (name === '"@authority"') return host.toLowerCase();
      if (name === '"@path"') return path;
      if (name === '"@query"') return query === undefined ? "?" : `?${query}`;
      return headers[name.slice(1, -1)];
    },
    keys,
    nowMs,
    ['"@method"', '"@authority"', '"@path"', ...(body.length > 0 ? ['"content-digest"'] : [])],
  );
}

/** What is wrong with an answer's signature; undefined when it is the peer's own, to this request. */
export function answerDoubt(
  answer: { readonly status: number; readonly headers: Headers; readonly body: Buffer },
  request: Pick<WireRequest, "method" | "target" | "headers">,
  keys: readonly Jwk[],
  nowMs: number,
): string | undefined {
  if (answer.headers["content-digest"] !== digestOf(answer.body)) return "bad-digest";
  return signatureDoubt(
    answer.headers,
    "baton-answer",
    (name) => {
      if (name === '"@status"') return String(answer.status);
      if (name === '"@method";req') return request.method;
      if (name === '"@path";req') return request.target.split("?")[0];
      if (name === '"signature";req') return request.headers.signature;
      return answer.headers[name.slice(1, -1)];
    },
    keys,
    nowMs,
    ['"@status"', '"content-digest"', '"signature";req'],
  );
}

const WINDOW_S = 300;

function signatureDoubt(
  headers: Headers,
  tag: string,
  componentOf: (component: string) => string | undefined,
  keys: readonly Jwk[],
  nowMs: number,
  needed: readonly string[],
): string | undefined {
  const input = /^([a-z0-9_-]+)=(\(([^)]*)\)(;.*))$/.exec(headers["signature-input"] ?? "");
  if (input === null) return "missing-signature";
  const [, label, params = "", components = "", parameters = ""] = input;
  const signature = new RegExp(`^${label}=:([A-Za-z0-9+/=]+):$`).exec(headers.signature ?? "")?.[1];
  if (signature === undefined || !parameters.includes(`;tag="${tag}"`)) return "missing-signature";
  const names = components.split(" ").filter((name) => name !== "");
  if (needed.some((name) => !names.includes(name))) return "wrong-components";
  const kid = /;keyid="([^"]+)"/.exec(parameters)?.[1];
  const key = keys.find((each) => each.kid === kid);
  if (key === undefined) return "unknown-key";
  const lines = names.map((name) => `${name}: ${componentOf(name) ?? ""}`);
  const base = [...lines, `"@signature-params": ${params}`].join("\n");
  if (!verify(null, Buffer.from(base), publicKeyOf(key), Buffer.from(signature, "base64")))
    return "bad-signature";
  const created = Number(/;created=(\d+)/.exec(parameters)?.[1]);
  return Math.abs(nowMs / 1000 - created) > WINDOW_S ? "expired" : undefined;
}

export const nonceOf = (headers: Headers): string | undefined =>
  /;nonce="([^"]+)"/.exec(headers["signature-input"] ?? "")?.[1];
