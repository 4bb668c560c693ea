/** Parts of the full number of pixels along each side of the picture. */
const STEPS = [1, 0.75, 0.5] as const;
/** A frame that takes longer to come is too slow; one that comes sooner leaves room for more pixels. */
const SLOW_MS = 80;
const QUICK_MS = 25;
/** So many frames in a row decide. */
const SLOW_FRAMES = 8;
const QUICK_FRAMES = 150;
/** After a step up that did not hold, the next one waits so many times longer. */
const PATIENCE_TIMES = 4;

/**
 * How sharp the scene is drawn: fewer pixels where frames come slowly, which on a desk without graphics hardware is nearly
 * all that a frame costs, and more again when they come quickly. Labels are no part of the picture and stay sharp. Pure.
 */
export class Sharpness {
  #step = 0;
  #slow = 0;
  #quick = 0;
  #quickFrames = QUICK_FRAMES;

  get part(): number {
    return STEPS[this.#step] ?? 1;
  }

  /** A frame came `costMs` after it was asked for. */
  observe(costMs: number): void {
    this.#slow = costMs > SLOW_MS ? this.#slow + 1 : 0;
    this.#quick = costMs < QUICK_MS ? this.#quick + 1 : 0;
    if (this.#slow >= SLOW_FRAMES && this.#step + 1 < STEPS.length) this.#go(1);
    else if (this.#quick >= this.#quickFrames && this.#step > 0) {
      this.#quickFrames *= PATIENCE_TIMES;
      this.#go(-1);
    }
  }

  #go(steps: 1 | -1): void {
    this.#step += steps;
    this.#slow = 0;
    this.#quick = 0;
  }
}
