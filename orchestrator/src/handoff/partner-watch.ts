import type { Clock } from "@baton/fleet-adapter";
import type { AskFailure } from "./partner-ask.ts";
import type { HandoffEvent } from "./port.ts";

export interface PartnerWatchOptions {
  readonly partnerUrl: string;
  readonly clock: Clock;
  /** Asks the partner for a sign of life when nothing of ours was answered for this long. */
  readonly heartbeatMs: number;
  /** A partner that has answered nothing for this long is called silent. */
  readonly silentAfterMs: number;
  /** One heartbeat; undefined when the partner took it. Rejects when no answer comes. */
  readonly beat: () => Promise<AskFailure | undefined>;
  readonly announce: (event: HandoffEvent) => void;
}

/**
 * Whether the partner answers us. What counts is an answer that it has signed, its "no" included: a partner whose messages
 * still reach us, while ours do not reach it, takes no offer. Each side watches its own way to the other.
 */
export class PartnerWatch {
  readonly #options: PartnerWatchOptions;
  #lastHeardAtMs: number | undefined;
  /** When it last answered, or was last asked for a sign of life. */
  #lastTriedAtMs: number | undefined;
  #unreachable: { readonly sinceMs: number; why: string } | undefined;
  #isBeating = false;
  #silent = false;

  constructor(options: PartnerWatchOptions) {
    this.#options = options;
  }

  /** An answer of the partner's, or a request of its own. */
  get lastHeardAtMs(): number | undefined {
    return this.#lastHeardAtMs;
  }

  get isSilent(): boolean {
    return this.#silent;
  }

  /** It has answered a request of ours. */
  answered(): void {
    const nowMs = this.#options.clock.nowMs();
    this.#lastHeardAtMs = nowMs;
    this.#lastTriedAtMs = nowMs;
    const sinceMs = this.#unreachable?.sinceMs ?? nowMs;
    this.#unreachable = undefined;
    if (!this.#silent) return;
    this.#silent = false;
    this.#say("partner-back", `after ${Math.round((nowMs - sinceMs) / 1000)} s`);
  }

  /** It has said something of its own accord: a silent one is asked at once whether our words reach it too. */
  spoke(): void {
    this.#lastHeardAtMs = this.#options.clock.nowMs();
    if (this.#silent) this.#lastTriedAtMs = undefined;
  }

  unreachable(why: string): void {
    this.#unreachable ??= { sinceMs: this.#options.clock.nowMs(), why };
    this.#unreachable.why = why;
  }

  look(): void {
    const { partnerUrl, silentAfterMs, heartbeatMs, clock } = this.#options;
    const nowMs = clock.nowMs();
    if (!this.#isBeating && nowMs - (this.#lastTriedAtMs ?? Number.NEGATIVE_INFINITY) >= heartbeatMs)
      void this.#beat(nowMs);
    if (this.#silent || this.#unreachable === undefined) return;
    const { sinceMs, why } = this.#unreachable;
    if (nowMs - sinceMs < silentAfterMs) return;
    this.#silent = true;
    const silentS = Math.round((nowMs - sinceMs) / 1000);
    this.#say("partner-silent", `${partnerUrl} has not answered for ${silentS} s: ${why}`);
  }

  async #beat(nowMs: number): Promise<void> {
    this.#isBeating = true;
    this.#lastTriedAtMs = nowMs;
    const failure = await this.#options.beat().catch((error: unknown) => ({
      kind: "unreachable" as const,
      detail: error instanceof Error ? error.message : String(error),
    }));
    this.#isBeating = false;
    if (failure === undefined || failure.kind === "refused") this.answered();
    else this.unreachable(failure.detail);
  }

  #say(code: "partner-silent" | "partner-back", detail: string): void {
    this.#options.announce({ kind: "trouble", handoffId: undefined, code, detail });
  }
}
