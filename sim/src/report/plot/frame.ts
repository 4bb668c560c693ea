import { el, label } from "../markup.ts";
import type { Scale } from "./scale.ts";

/** All plots are as wide as the page's column, in its units. */
export const PLOT_WIDTH = 1080;

export interface Axis {
  readonly scale: Scale;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** What it shows, with its unit. */
  readonly title?: string;
}

export interface Panel {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Stands over the panel's upper left corner. */
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Lines across at the ticks of y, and up at those of x. */
  readonly grid?: { readonly x?: boolean; readonly y?: boolean };
}

/** Axes with their marks, under what is drawn on them. */
export function panel(at: Panel, ...marks: readonly string[]): string {
  const { left, right, top, bottom, title, x, y, grid = { y: true } } = at;
  const lines = [
    ...(grid.y === true ? y.ticks.map((tick) => across(left, right, y.scale(tick.at))) : []),
    ...(grid.x === true ? x.ticks.map((tick) => up(x.scale(tick.at), top, bottom)) : []),
  ];
  return el(
    "g",
    {},
    el("g", { class: "grid" }, ...lines),
    ...marks,
    el("path", { class: "axis", d: `M${left} ${bottom}H${right}` }),
    ...x.ticks.map((tick) =>
      label(x.scale(tick.at), bottom + 18, tick.text, { class: "tick", "text-anchor": "middle" }),
    ),
    ...y.ticks.map((tick) =>
      label(left - 8, y.scale(tick.at) + 4, tick.text, { class: "tick", "text-anchor": "end" }),
    ),
    x.title === undefined
      ? ""
      : label((left + right) / 2, bottom + 38, x.title, { class: "axis-title", "text-anchor": "middle" }),
    y.title === undefined
      ? ""
      : label(left, top - 10, y.title, { class: "axis-title", "text-anchor": "start" }),
    title === undefined ? "" : label(right, top - 10, title, { class: "panel-title", "text-anchor": "end" }),
  );
}

const across = (left: number, right: number, y: number): string =>
  el("path", { d: `M${left} ${y.toFixed(1)}H${right}` });
const up = (x: number, top: number, bottom: number): string =>
  el("path", { d: `M${x.toFixed(1)} ${top}V${bottom}` });

/** The whole of a plot. */
export function drawing(height: number, title: string, ...content: readonly string[]): string {
  return el(
    "svg",
    { viewBox: `0 0 ${PLOT_WIDTH} ${height}`, role: "img", "aria-label": title, class: "plot" },
    ...content,
  );
}
