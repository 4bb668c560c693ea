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

  /** From asking for a frame to drawing it, of late. */
  get costMs(): number {
    return this.#costMs;
  }

  /** From one frame to the next while something moves. */
  get intervalMs(): number {
    return this.#costMs + this.#waitMs;
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
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#ask();
    }, this.#waitMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** As long as a frame takes, the page has for everything else. */
  get #waitMs(): number {
    return Math.max(FASTEST_MS, Math.min(SLOWEST_MS, this.#costMs));
  }

  #ask(): void {
    this.#pending = true;
    this.#askedAtMs = performance.now();
    this.#invalidate();
  }
}
