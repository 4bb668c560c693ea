import type { Point } from "../geometry/pose.ts";

/** A number as short as a drawing needs it. */
export function fixed(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return String(rounded === 0 ? 0 : rounded);
}

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

export function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(typeof value === "number" ? fixed(value) : value)}"`)
    .join(" ");
}

/** A path through points of the site frame; drawings have y downwards. */
export function pathThrough(points: readonly Point[]): string {
  return points.map((point, i) => `${i === 0 ? "M" : "L"}${fixed(point.xM)} ${fixed(-point.yM)}`).join("");
}
