import type { LabelSpot, PlacedLabel } from "./label-placement.ts";
import { type LabelSize, LabelSizes } from "./label-sizes.ts";

/** Where the name of a thing would like to be, before collisions are sorted out. */
export interface Wanted {
  readonly id: string;
  readonly first: string;
  readonly second: string;
  readonly className: string;
  readonly xM: number;
  readonly yM: number;
  readonly zM: number;
  readonly priority: number;
}

/** The element of a label, and what was written into it last. */
export interface Tag {
  readonly element: HTMLDivElement;
  readonly first: HTMLSpanElement;
  readonly second: HTMLSpanElement;
  wanted: Wanted | undefined;
  className: string;
  text: string;
  size: LabelSize | undefined;
  leftPx: number;
  topPx: number;
  spot: LabelSpot | "none";
}

/** The labels' elements, of which no more is touched than what is another: the page pays for every touch. */
export class LabelTags {
  readonly #host: HTMLElement;
  readonly #tags = new Map<string, Tag>();
  readonly #sizes = new LabelSizes();

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** The element of a label, made when first wanted; its size is asked for when its text changes. */
  of(wanted: Wanted): Tag {
    let tag = this.#tags.get(wanted.id);
    if (tag === undefined) {
      const element = document.createElement("div");
      const first = document.createElement("span");
      const second = document.createElement("span");
      second.className = "scene-label-second";
      element.append(first, second);
      element.dataset.spot = "none";
      this.#host.append(element);
      tag = {
        element,
        first,
        second,
        wanted: undefined,
        className: "",
        text: "",
        size: undefined,
        leftPx: 0,
        topPx: 0,
        spot: "none",
      };
      this.#tags.set(wanted.id, tag);
    }
    if (tag.wanted === wanted) return tag;
    tag.wanted = wanted;
    const text = `${wanted.first}\n${wanted.second}`;
    if (tag.text !== text || tag.className !== wanted.className) {
      tag.text = text;
      tag.className = wanted.className;
      tag.element.className = wanted.className;
      tag.first.textContent = wanted.first;
      tag.second.textContent = wanted.second;
      tag.second.hidden = wanted.second === "";
      tag.size = this.#sizes.sizeOf(tag.className, text);
    }
    return tag;
  }

  /** Measured when it is not known: after all that is wanted is written, so that the page is laid out once. */
  sizeOf(tag: Tag): LabelSize {
    tag.size ??= this.#measured(tag);
    return tag.size;
  }

  #measured({ element, className, text }: Tag): LabelSize {
    const known = this.#sizes.sizeOf(className, text);
    if (known !== undefined) return known;
    const size = { widthPx: element.offsetWidth, heightPx: element.offsetHeight };
    this.#sizes.keep(className, text, size);
    return size;
  }

  /** Shows these where they were placed, and no others. */
  put(placed: readonly PlacedLabel[]): void {
    const shown = new Set<Tag>();
    for (const { id, leftPx, topPx, spot } of placed) {
      const tag = this.#tags.get(id);
      if (tag === undefined) continue;
      shown.add(tag);
      const left = Math.round(leftPx);
      const top = Math.round(topPx);
      if (tag.leftPx !== left || tag.topPx !== top) {
        tag.leftPx = left;
        tag.topPx = top;
        tag.element.style.transform = `translate(${left}px, ${top}px)`;
      }
      this.#show(tag, spot);
    }
    for (const tag of this.#tags.values()) if (!shown.has(tag)) this.#show(tag, "none");
  }

  /** Another font has come. */
  forgetSizes(): void {
    this.#sizes.forget();
    for (const tag of this.#tags.values()) tag.size = undefined;
  }

  dispose(): void {
    for (const { element } of this.#tags.values()) element.remove();
    this.#tags.clear();
  }

  #show(tag: Tag, spot: Tag["spot"]): void {
    if (tag.spot === spot) return;
    tag.spot = spot;
    tag.element.dataset.spot = spot;
  }
}
