import type { Clock } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import type { HandoffStore } from "./handoff-store.ts";
import type { KeyRing } from "./keys.ts";
import type { Counters } from "./metrics.ts";
import type { HandoffEvent } from "./port.ts";
import { type Problem, problem } from "./problems.ts";
import { type SignedRequest, verifyRequest, WINDOW_MS } from "./signatures.ts";
import { type Acknowledgement, type Envelope, readEnvelope } from "./wire.ts";

export interface PartnerDoorOptions {
  readonly side: Side;
  readonly partnerSide: Side;
  readonly keys: KeyRing;
  readonly store: Pick<HandoffStore, "rememberNonce">;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: { warn(context: object, message: string): void };
  readonly announce: (event: HandoffEvent) => void;
  /** The partner has spoken, with its own signature. */
  readonly heard: () => void;
  /** Takes a message that is the partner's own and is meant for us. */
  readonly take: (envelope: Envelope, nowMs: number) => Promise<Acknowledgement | Problem>;
}

const SIGNATURE_TROUBLE_PAUSE_MS = 60_000;
const SKEW_MS = 2_000;

/** What of the partner's requests comes in: signed by its key, new, fresh, well-formed, for this side. All else is a problem. */
export class PartnerDoor {
  readonly #options: PartnerDoorOptions;
  readonly #signatureTroubleAtMs = new Map<string, number>();

  constructor(options: PartnerDoorOptions) {
    this.#options = options;
  }

  async receive(
    request: SignedRequest,
    handoffId: string,
    body: Uint8Array,
  ): Promise<Acknowledgement | Problem> {
    const { clock, side, partnerSide, counters } = this.#options;
    const nowMs = clock.nowMs();
    const answer = await this.#judge(request, body, nowMs);
    if (answer !== undefined) return answer;
    this.#options.heard();
    const reading = readEnvelope(body);
    if (!reading.ok) return this.#refuse(problem(reading.code, reading.detail));
    const { envelope } = reading;
    if (envelope.handoffId !== handoffId || envelope.from !== partnerSide || envelope.to !== side) {
      return this.#refuse(
        problem("wrong-recipient", `${envelope.handoffId} from ${envelope.from} to ${envelope.to}`),
      );
    }
    const said = await this.#options.take(envelope, nowMs);
    if ("status" in said) return this.#refuse(said);
    counters.taken++;
    if (said.duplicate) counters.duplicates++;
    return said;
  }

  /** The signature and its nonce; undefined when both are good. */
  async #judge(request: SignedRequest, body: Uint8Array, nowMs: number): Promise<Problem | undefined> {
    const { keys, partnerSide, store, counters } = this.#options;
    const verified = verifyRequest(request, body, keys, partnerSide, nowMs);
    if (!verified.ok) return this.#refuseSignature(verified.reason, verified.detail, nowMs);
    const nonce = `${verified.keyId} ${verified.nonce}`;
    const isNew = await store
      .rememberNonce(nonce, verified.createdMs, nowMs - WINDOW_MS)
      .catch(() => undefined);
    if (isNew === undefined) return this.#refuse(problem("not-durable", "the nonce could not be remembered"));
    if (!isNew) return this.#refuseSignature("replayed", "sign each request with a nonce of its own", nowMs);
    if (Math.abs(verified.skewMs) > SKEW_MS) counters.skewed++;
    return undefined;
  }

  #refuseSignature(reason: Parameters<typeof problem>[0], detail: string, nowMs: number): Problem {
    this.#options.counters.countSignature(reason);
    const before = this.#signatureTroubleAtMs.get(reason);
    if (before === undefined || nowMs - before >= SIGNATURE_TROUBLE_PAUSE_MS) {
      this.#signatureTroubleAtMs.set(reason, nowMs);
      this.#options.announce({
        kind: "trouble",
        handoffId: undefined,
        code: "signature-refused",
        detail: `${reason}: ${detail}`,
      });
    }
    return this.#refuse(problem(reason, detail));
  }

  #refuse(answer: Problem): Problem {
    this.#options.counters.countRefused(answer.code);
    this.#options.log.warn({ code: answer.code, detail: answer.detail }, "a partner request was refused");
    return answer;
  }
}
