import { el, num } from "../markup.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Straight from point to point. */
export function lineThrough(points: readonly Point[]): string {
  return points.map(({ x, y }, at) => `${at === 0 ? "M" : "L"}${num(x)} ${num(y)}`).join("");
}

/** Level until the next point, then up or down. */
export function stepsThrough(points: readonly Point[]): string {
  return points.map(({ x, y }, at) => (at === 0 ? `M${num(x)} ${num(y)}` : `H${num(x)}V${num(y)}`)).join("");
}

/** The ground between an upper and a lower line with the same x. */
export function areaBetween(upper: readonly Point[], lower: readonly Point[]): string {
  return `${lineThrough(upper)}${[...lower]
    .reverse()
    .map(({ x, y }) => `L${num(x)} ${num(y)}`)
    .join("")}Z`;
}

export function stroke(
  d: string,
  colour: string,
  attributes: Readonly<Record<string, string | number>> = {},
): string {
  return el("path", {
    d,
    fill: "none",
    stroke: colour,
    "stroke-width": 1.8,
    "stroke-linejoin": "round",
    ...attributes,
  });
}

/** Moves labels that stand one below the other apart, as little as needed; keeps their order. */
export function apart<T extends { readonly y: number }>(
  labels: readonly T[],
  least: number,
  from: number,
  to: number,
): T[] {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  let next = from;
  const down = sorted.map((one) => {
    const y = Math.max(one.y, next);
    next = y + least;
    return { ...one, y };
  });
  let last = to;
  return down
    .reverse()
    .map((one) => {
      const y = Math.min(one.y, last);
      last = y - least;
      return { ...one, y };
    })
    .reverse();
}
