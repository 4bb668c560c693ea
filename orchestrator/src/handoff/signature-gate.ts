import type { Clock } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import { ClockSkew } from "./clock-skew.ts";
import type { HandoffStore } from "./handoff-store.ts";
import type { SignedRequest } from "./http-signatures.ts";
import type { KeyRing } from "./keys.ts";
import type { Counters } from "./metrics.ts";
import type { HandoffEvent } from "./port.ts";
import { type Problem, type ProblemCode, problem } from "./problems.ts";
import { signAnswer, verifyRequest, WINDOW_MS } from "./signatures.ts";

export interface SignatureGateOptions {
  readonly partnerSide: Side;
  readonly keys: KeyRing;
  readonly store: Pick<HandoffStore, "rememberNonce">;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: { warn(context: object, message: string): void };
  readonly announce: (event: HandoffEvent) => void;
  /** The partner has spoken, with its own signature. */
  readonly heard: () => void;
}

export interface OutgoingAnswer {
  readonly request: SignedRequest;
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** The headers of an answer of ours: type, digest and signature. */
export type SignAnswer = (answer: OutgoingAnswer) => Record<string, string>;

/** What the partner's requests have to pass, and its answers carry, whatever they are about. */
export interface PartnerGate {
  /** Whose request it is, by its signature and a nonce that was not seen before; else what to answer. */
  judge(request: SignedRequest, body: Uint8Array): Promise<{ readonly keyId: string } | Problem>;
  /** Counts a refusal, and gives it back. */
  refuse(answer: Problem): Problem;
  readonly signAnswer: SignAnswer;
}

const SIGNATURE_TROUBLE_PAUSE_MS = 60_000;

/** Signatures and nonces of the partner's requests; every refusal has a reason and a counter, one alarm a minute for each reason. */
export class SignatureGate implements PartnerGate {
  readonly #options: SignatureGateOptions;
  readonly #troubleAtMs = new Map<string, number>();
  readonly #skew = new ClockSkew();

  constructor(options: SignatureGateOptions) {
    this.#options = options;
  }

  async judge(request: SignedRequest, body: Uint8Array): Promise<{ readonly keyId: string } | Problem> {
    const { keys, partnerSide, store, clock } = this.#options;
    const nowMs = clock.nowMs();
    const verified = verifyRequest(request, body, keys, partnerSide, nowMs);
    if (!verified.ok) return this.#refuseSignature(verified.reason, verified.detail, nowMs);
    const nonce = `${verified.keyId} ${verified.nonce}`;
    const isNew = await store
      .rememberNonce(nonce, verified.createdMs, nowMs - WINDOW_MS)
      .catch(() => undefined);
    if (isNew === undefined) return this.refuse(problem("not-durable", "the nonce could not be remembered"));
    if (!isNew) return this.#refuseSignature("replayed", "sign each request with a nonce of its own", nowMs);
    this.#noteSkew(verified.skewMs);
    this.#options.heard();
    return { keyId: verified.keyId };
  }

  refuse(answer: Problem): Problem {
    this.#options.counters.countRefused(answer.code);
    this.#options.log.warn({ code: answer.code, detail: answer.detail }, "a partner request was refused");
    return answer;
  }

  readonly signAnswer: SignAnswer = (answer) => {
    const { clock, keys } = this.#options;
    return signAnswer(answer, clock.nowMs(), keys.own);
  };

  #noteSkew(ageMs: number): void {
    const verdict = this.#skew.note(ageMs);
    if (verdict === "unchanged") return;
    const isSkewed = verdict === "skewed";
    if (isSkewed) this.#options.counters.skewed++;
    const partnerBehindMs = this.#skew.estimateMs ?? 0;
    this.#options.announce({
      kind: "trouble",
      handoffId: undefined,
      code: isSkewed ? "clock-skew" : "clocks-agree",
      detail: `the partner's clock is ${(partnerBehindMs / 1000).toFixed(1)} s behind ours`,
      partnerBehindMs,
    });
  }

  #refuseSignature(reason: ProblemCode, detail: string, nowMs: number): Problem {
    this.#options.counters.countSignature(reason);
    const before = this.#troubleAtMs.get(reason);
    if (before === undefined || nowMs - before >= SIGNATURE_TROUBLE_PAUSE_MS) {
      this.#troubleAtMs.set(reason, nowMs);
      this.#options.announce({
        kind: "trouble",
        handoffId: undefined,
        code: "signature-refused",
        detail: `${reason}: ${detail}`,
        cause: reason,
      });
    }
    return this.refuse(problem(reason, detail));
  }
}
