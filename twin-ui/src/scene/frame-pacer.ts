const FASTEST_MS = 33;
const SLOWEST_MS = 250;

/**
 * Decides when the next frame is drawn while something moves: at most 30 a second, and less where drawing is slow
 * (software rendering), so that the page stays usable. Asks for nothing while all stands still.
 */
export class FramePacer {
  readonly #invalidate: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askedAtMs = 0;
  #costMs = 0;
  #pending = false;

  constructor(invalidate: () => void) {
    this.#invalidate = invalidate;
  }

  /** New data have arrived. */
  wake(): void {
    if (this.#timer === undefined && !this.#pending) this.#ask();
  }

  /** A frame is being drawn; `more` when the next one will differ. */
  drawn(more: boolean): void {
    const nowMs = performance.now();
    if (this.#pending) this.#costMs += (nowMs - this.#askedAtMs - this.#costMs) * 0.2;
    this.#pending = false;
    if (!more || this.#timer !== undefined) return;
    const waitMs = Math.max(FASTEST_MS, Math.min(SLOWEST_MS, this.#costMs));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#ask();
    }, waitMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #ask(): void {
    this.#pending = true;
    this.#askedAtMs = performance.now();
    this.#invalidate();
  }
}
