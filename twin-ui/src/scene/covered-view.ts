import type { Box } from "./label-placement.ts";

/** So often it is looked anew: panels open, close and grow with what they say. */
const LOOK_EVERY_S = 0.5;

/** Which parts of the view lie under the page's panels: those that say so themselves by the attribute `data-over-scene`. */
export class CoveredView {
  readonly #view: Element;
  #boxes: readonly Box[] = [];
  #lookInS = 0;

  /** `view` is as large as the scene; panels over it are in the same `main`. */
  constructor(view: Element) {
    this.#view = view;
  }

  /** Called once a frame. */
  boxes(elapsedS: number): readonly Box[] {
    this.#lookInS -= elapsedS;
    if (this.#lookInS > 0) return this.#boxes;
    this.#lookInS = LOOK_EVERY_S;
    const { left, top } = this.#view.getBoundingClientRect();
    this.#boxes = [...(this.#view.closest("main")?.querySelectorAll("[data-over-scene]") ?? [])].map(
      (panel): Box => {
        const box = panel.getBoundingClientRect();
        return {
          left: box.left - left,
          top: box.top - top,
          right: box.right - left,
          bottom: box.bottom - top,
        };
      },
    );
    return this.#boxes;
  }
}
