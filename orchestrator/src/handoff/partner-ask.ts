import type { Clock, Ids } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import Type from "typebox";
import { Compile } from "typebox/compile";
import type { SignedRequest } from "./http-signatures.ts";
import type { KeyRing } from "./keys.ts";
import { signRequest, verifyAnswer } from "./signatures.ts";

/** A signed request to the partner. Header names in lower case. */
export interface PartnerPost {
  readonly method: "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

export interface PartnerAnswer {
  /** A status from 200 to 299. */
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** The way to the partner: the part of `fetch` that is used here. Rejects when no answer comes, in a time that it knows best. */
export type Fetch = (url: string, post: PartnerPost) => Promise<PartnerAnswer>;

export type AskFailure =
  /** No answer, or one that says the partner's service is down. */
  | { readonly kind: "unreachable"; readonly detail: string }
  /** An answer that the partner has not signed, or not to this request: whoever sent it, it is not believed. */
  | { readonly kind: "untrusted"; readonly detail: string }
  /** The partner's "no", by its stable code. */
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly code: string;
      readonly retryable: boolean;
      readonly detail: string;
    };

export interface AskOptions {
  readonly partnerUrl: string;
  readonly partnerSide: Side;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly fetch: Fetch;
  /** The body of an answer that says yes. */
  readonly heard?: (answer: unknown) => void;
}

/** One signed request under `/partner/v1/`; undefined when the partner said yes. Rejects when no answer comes. */
export type AskPartner = (path: string, said: object) => Promise<AskFailure | undefined>;

const problemCheck = Compile(
  Type.Object({
    code: Type.String(),
    retryable: Type.Optional(Type.Boolean()),
    detail: Type.Optional(Type.String()),
  }),
);

/** Requests of ours to the partner: each signed afresh, and each answer believed only with the partner's signature. */
export function askPartner(options: AskOptions): AskPartner {
  const { partnerUrl, partnerSide, keys, clock, ids, fetch, heard } = options;
  const base = partnerUrl.endsWith("/") ? partnerUrl : `${partnerUrl}/`;
  return async (path, said) => {
    const url = new URL(`partner/v1/${path}`, base);
    const body = Buffer.from(JSON.stringify(said));
    const headers = signRequest(
      { method: "POST", url, body, nowMs: clock.nowMs(), nonce: ids.next() },
      keys.own,
    );
    const response = await fetch(url.href, { method: "POST", headers, body });
    const text = await response.text();
    const { status } = response;
    const request: SignedRequest = {
      method: "POST",
      scheme: url.protocol.slice(0, -1),
      authority: url.host,
      target: url.pathname + url.search,
      headers,
    };
    const answer = { status, headers: signedHeaders(response), request };
    const doubt = verifyAnswer(answer, Buffer.from(text), keys, partnerSide, clock.nowMs());
    if (doubt !== undefined) {
      // What stands before the partner (a proxy, a load balancer) says that it is down, and cannot sign.
      if (status >= 500) return { kind: "unreachable", detail: `status ${status}` };
      return { kind: "untrusted", detail: `status ${status}, ${doubt.reason}: ${doubt.detail}` };
    }
    if (response.ok) {
      heard?.(parsed(text));
      return undefined;
    }
    const answered = parsed(text);
    if (!problemCheck.Check(answered)) {
      if (status >= 500) return { kind: "unreachable", detail: `status ${status}` };
      return {
        kind: "refused",
        status,
        code: `http-${status}`,
        retryable: status === 408 || status === 429,
        detail: "",
      };
    }
    const { code, detail = "", retryable = status >= 500 || status === 429 } = answered;
    if (status >= 500) return { kind: "unreachable", detail: `${code}: ${detail}` };
    return { kind: "refused", status, code, retryable, detail };
  };
}

/** What of an answer's header its signature may cover. */
function signedHeaders({ headers }: PartnerAnswer): Record<string, string | undefined> {
  return Object.fromEntries(
    ["signature-input", "signature", "content-digest", "content-type"].map((name) => [
      name,
      headers.get(name) ?? undefined,
    ]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
