/** What a network in memory does to what is sent through it. Shares are probabilities, 0 to 1. */
export interface NetworkConditions {
  /**
   * How long a message is on its way: a whole number of milliseconds, uniform between the two, both included; with `step`
   * only `min` and what is whole steps more, so that what was sent together comes at few instants.
   */
  readonly latencyMs: { readonly min: number; readonly max: number; readonly step?: number };
  /** How many get lost. */
  readonly lossShare: number;
  /** How many come twice. */
  readonly duplicateShare: number;
  /** How many are held up, so that later ones overtake them. */
  readonly reorderShare: number;
}

export const PERFECT_NETWORK: NetworkConditions = {
  latencyMs: { min: 0, max: 0 },
  lossShare: 0,
  duplicateShare: 0,
  reorderShare: 0,
};

/** A stream of numbers that follows from a seed; uniform in [0, 1). */
export interface RandomSource {
  next(): number;
}

/** Draws what becomes of each message. What cannot happen takes nothing from the stream. */
export class NetworkDice {
  readonly #conditions: NetworkConditions;
  readonly #random: RandomSource;

  /** @throws {RangeError} when the conditions are none: a negative latency, a share above 1. */
  constructor(conditions: NetworkConditions, random: RandomSource) {
    const { latencyMs, ...shares } = conditions;
    const { min, max, step = 1 } = latencyMs;
    if (!(Number.isInteger(min) && Number.isInteger(max) && 0 <= min && min <= max)) {
      throw new RangeError(`a latency is from 0 up, in whole milliseconds, not ${min} to ${max}`);
    }
    if (!(Number.isInteger(step) && step > 0)) {
      throw new RangeError(`latencies are whole milliseconds apart, at least one, not ${step}`);
    }
    for (const [name, share] of Object.entries(shares)) {
      if (!(share >= 0 && share <= 1)) throw new RangeError(`${name} is from 0 to 1, not ${share}`);
    }
    this.#conditions = conditions;
    this.#random = random;
  }

  latencyMs(): number {
    const { min, max, step = 1 } = this.#conditions.latencyMs;
    const choices = Math.floor((max - min) / step) + 1;
    return choices === 1 ? min : min + step * Math.floor(this.#random.next() * choices);
  }

  /** How much longer than its latency a message takes that others overtake: at least 1 ms. */
  holdUpMs(): number {
    return 1 + Math.floor(this.#random.next() * 2 * Math.max(1, this.#conditions.latencyMs.max));
  }

  isLost(): boolean {
    return this.#happens(this.#conditions.lossShare);
  }

  isDoubled(): boolean {
    return this.#happens(this.#conditions.duplicateShare);
  }

  isHeldUp(): boolean {
    return this.#happens(this.#conditions.reorderShare);
  }

  /** Some moment within a span, for things that happen whenever they happen. */
  within(spanMs: number): number {
    return Math.floor(this.#random.next() * spanMs);
  }

  #happens(share: number): boolean {
    return share > 0 && this.#random.next() < share;
  }
}
