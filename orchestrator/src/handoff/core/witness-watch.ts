import type { HandoffId } from "../port.ts";

export interface WitnessPatience {
  /** A witness that says nothing for this long is silent, and a person looks too. */
  readonly unheardAfterMs: number;
}

/** A hand-off that waits for its witness, and the step it waits in: another step is another wait. */
export interface Awaited {
  readonly handoffId: HandoffId;
  /** The vehicle, or the device at the line (`witness.ts`). */
  readonly witness: string;
  /** What it has to change, in words. */
  readonly register: string;
  /** One that reports its register unchanged for this long is not switching. */
  readonly witnessAfterMs: number;
  readonly phase: string;
}

interface Wait {
  readonly phase: string;
  readonly witness: string;
  readonly sinceMs: number;
  heardFirstMs: number | undefined;
  heardLastMs: number | undefined;
}

/**
 * When a witness that does not move is brought to a person. What counts is the vehicle's own word: not how long the
 * hand-off has waited, but for how long the vehicle has been heard while its register stayed as it was. A side that
 * was down, or a vehicle that has yet to come back to its broker, is no vehicle that does not switch. One that is not
 * heard at all is brought to a person later. Decides nothing: who holds the vehicle, the register alone says.
 */
export class WitnessWatch {
  readonly #patience: WitnessPatience;
  readonly #waits = new Map<HandoffId, Wait>();

  constructor(patience: WitnessPatience) {
    this.#patience = patience;
  }

  /** A state of the witness, whatever its register says. */
  heard(witness: string, nowMs: number): void {
    for (const wait of this.#waits.values()) {
      if (wait.witness !== witness) continue;
      const gapMs = nowMs - (wait.heardLastMs ?? nowMs);
      if (wait.heardFirstMs === undefined || gapMs >= this.#patience.unheardAfterMs)
        wait.heardFirstMs = nowMs;
      wait.heardLastMs = nowMs;
    }
  }

  /** What a person has to be told of a hand-off that waits; undefined while there is patience. Begins the wait. */
  look({ handoffId, witness, register, witnessAfterMs, phase }: Awaited, nowMs: number): string | undefined {
    const known = this.#waits.get(handoffId);
    if (known === undefined || known.phase !== phase) {
      const wait = { phase, witness, sinceMs: nowMs, heardFirstMs: undefined, heardLastMs: undefined };
      this.#waits.set(handoffId, wait);
      return undefined;
    }
    const { unheardAfterMs } = this.#patience;
    const { sinceMs, heardFirstMs, heardLastMs } = known;
    const silentMs = nowMs - (heardLastMs ?? sinceMs);
    if (silentMs >= unheardAfterMs)
      return `${witness} has said nothing for ${Math.round(silentMs / 1000)} s; its ${register} is not known`;
    if (heardFirstMs === undefined || heardLastMs === undefined) return undefined;
    if (heardLastMs - heardFirstMs < witnessAfterMs) return undefined;
    return `${witness} has not changed its ${register} for ${Math.round(witnessAfterMs / 1000)} s`;
  }

  /** It waits no more, or not for the vehicle. */
  forget(handoffId: HandoffId): void {
    this.#waits.delete(handoffId);
  }
}
