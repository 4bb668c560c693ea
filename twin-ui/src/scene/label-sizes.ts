/** How much room a label takes, in pixels of the page. */
export interface LabelSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** More than a site has names and a shift has containers; then it begins anew. */
const MAX_SIZES = 4_000;

/**
 * Sizes of labels by their looks and text. To ask the browser for a size makes it lay out the page there and then, so each
 * is asked for once. Digits are as wide as each other in our labels (`tabular-nums`): an age that counts has one size.
 */
export class LabelSizes {
  readonly #sizes = new Map<string, LabelSize>();

  sizeOf(className: string, text: string): LabelSize | undefined {
    return this.#sizes.get(keyOf(className, text));
  }

  keep(className: string, text: string, size: LabelSize): void {
    if (this.#sizes.size >= MAX_SIZES) this.#sizes.clear();
    this.#sizes.set(keyOf(className, text), size);
  }

  /** Another font has come: what was measured with the one before is of no use. */
  forget(): void {
    this.#sizes.clear();
  }
}

const keyOf = (className: string, text: string): string => `${className}\n${text.replaceAll(/\d/g, "0")}`;
