/** The partner's clock may be this far from ours; beyond it a person has to look (handoff protocol, signatures). */
const SKEW_MS = 2_000;
/** A signature's `created` has whole seconds: the instant itself is up to this much later. */
const RESOLUTION_MS = 1_000;
/** Delay on the way looks like a clock that is behind, but not each time: the least of so many is the clock. */
const SAMPLES = 5;

export type SkewVerdict = "unchanged" | "skewed" | "agrees";

/**
 * How far the partner's clock is from ours, from the ages of its signatures. A signature from the future shows a clock that
 * is ahead at once, since nothing arrives before it is sent; one that is behind shows once several in a row are too old.
 */
export class ClockSkew {
  readonly #ages: number[] = [];
  #isSkewed = false;

  /** The best guess, positive when the partner's clock is behind ours. */
  estimateMs: number | undefined;

  /** `ageMs`: our clock minus the signature's `created`. */
  note(ageMs: number): SkewVerdict {
    this.#ages.push(ageMs);
    if (this.#ages.length > SAMPLES) this.#ages.shift();
    const least = Math.min(...this.#ages);
    this.estimateMs = least < 0 ? least : Math.max(0, least - RESOLUTION_MS);
    const isAhead = least < -SKEW_MS;
    const isBehind = this.#ages.length === SAMPLES && this.estimateMs > SKEW_MS;
    const isSkewed = isAhead || isBehind;
    if (isSkewed === this.#isSkewed) return "unchanged";
    this.#isSkewed = isSkewed;
    return isSkewed ? "skewed" : "agrees";
  }
}
