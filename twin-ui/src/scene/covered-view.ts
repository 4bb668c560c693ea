import type { Box } from "./label-placement.ts";

/** So often it is looked whether there is another panel. */
const LOOK_EVERY_S = 0.5;

/**
 * Which parts of the view lie under the page's panels: those that say so themselves by the attribute `data-over-scene`. Measured when
 * one of them, or the view, has another size, after the page is laid out: to ask in between would have it laid out once more.
 */
export class CoveredView {
  readonly #view: Element;
  readonly #sizes: ResizeObserver;
  #panels: ReadonlySet<Element> = new Set();
  #boxes: readonly Box[] = [];
  #lookInS = 0;

  /** `view` is as large as the scene; panels over it are in the same `main`. */
  constructor(view: Element) {
    this.#view = view;
    this.#sizes = new ResizeObserver(() => this.#measure());
    this.#sizes.observe(view);
  }

  /** Called once a frame. */
  boxes(elapsedS: number): readonly Box[] {
    this.#lookInS -= elapsedS;
    if (this.#lookInS <= 0) {
      this.#lookInS = LOOK_EVERY_S;
      this.#look();
    }
    return this.#boxes;
  }

  dispose(): void {
    this.#sizes.disconnect();
  }

  #look(): void {
    const panels = new Set(this.#view.closest("main")?.querySelectorAll("[data-over-scene]"));
    // Whoever is new is measured at once, and so is everybody when one has gone.
    for (const panel of this.#panels) if (!panels.has(panel)) this.#sizes.unobserve(panel);
    for (const panel of panels) if (!this.#panels.has(panel)) this.#sizes.observe(panel);
    const isOneGone = [...this.#panels].some((panel) => !panels.has(panel));
    this.#panels = panels;
    if (isOneGone) this.#measure();
  }

  #measure(): void {
    const { left, top } = this.#view.getBoundingClientRect();
    this.#boxes = [...this.#panels].map((panel): Box => {
      const box = panel.getBoundingClientRect();
      return { left: box.left - left, top: box.top - top, right: box.right - left, bottom: box.bottom - top };
    });
  }
}
