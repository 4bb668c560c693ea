import type { HandoffEvent } from "./port.ts";

export interface PartnerWatchOptions {
  readonly partnerUrl: string;
  /** A partner that was not reached for this long is called silent. */
  readonly silentAfterMs: number;
  readonly announce: (event: HandoffEvent) => void;
}

/** Whether the partner is there: silent once it could not be reached for long enough, back with the first word of it. */
export class PartnerWatch {
  readonly #options: PartnerWatchOptions;
  #lastHeardAtMs: number | undefined;
  #unreachableSinceMs: number | undefined;
  #silent = false;

  constructor(options: PartnerWatchOptions) {
    this.#options = options;
  }

  get lastHeardAtMs(): number | undefined {
    return this.#lastHeardAtMs;
  }

  get isSilent(): boolean {
    return this.#silent;
  }

  heard(nowMs: number): void {
    this.#lastHeardAtMs = nowMs;
    if (this.#silent) {
      this.#silent = false;
      const detail = `after ${Math.round((nowMs - (this.#unreachableSinceMs ?? nowMs)) / 1000)} s`;
      this.#say("partner-back", detail);
    }
    this.#unreachableSinceMs = undefined;
  }

  unreachable(nowMs: number): void {
    this.#unreachableSinceMs ??= nowMs;
  }

  look(nowMs: number): void {
    const since = this.#unreachableSinceMs;
    const { partnerUrl, silentAfterMs } = this.#options;
    if (this.#silent || since === undefined || nowMs - since < silentAfterMs) return;
    this.#silent = true;
    this.#say("partner-silent", `${partnerUrl} has not answered for ${Math.round((nowMs - since) / 1000)} s`);
  }

  #say(code: "partner-silent" | "partner-back", detail: string): void {
    this.#options.announce({ kind: "trouble", handoffId: undefined, code, detail });
  }
}
