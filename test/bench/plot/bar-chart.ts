import { frame, HEIGHT, MARGIN, number, PLOT_HEIGHT, PLOT_WIDTH, text, WIDTH } from "./frame.ts";

export interface BarChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** The value at the upper end of the axis. */
  readonly yTo: number;
  readonly kinds: readonly { readonly name: string; readonly colour: string }[];
  /** A group of bars each, one value a kind; `undefined` where there is none, and why. */
  readonly groups: readonly {
    readonly name: string;
    readonly values: readonly (number | undefined)[];
  }[];
  /** Written where a bar is missing. */
  readonly missing: string;
}

/** Groups of bars, as an SVG document. */
export function barChart(chart: BarChart): string {
  const parts: string[] = [];
  const toY = (value: number): number => HEIGHT - MARGIN.bottom - (value / chart.yTo) * PLOT_HEIGHT;
  for (let share = 0; share <= 5; share++) {
    const value = (chart.yTo * share) / 5;
    const y = toY(value).toFixed(1);
    parts.push(
      `<line x1="${MARGIN.left}" y1="${y}" x2="${WIDTH - MARGIN.right}" y2="${y}" stroke="#e8e8e8"/>`,
    );
    parts.push(text(MARGIN.left - 6, toY(value) + 4, number(value), "end"));
  }
  const groupWidth = PLOT_WIDTH / Math.max(1, chart.groups.length);
  const barWidth = (0.8 * groupWidth) / chart.kinds.length;
  chart.groups.forEach((group, g) => {
    const left = MARGIN.left + (g + 0.1) * groupWidth;
    group.values.forEach((value, k) => {
      const x = left + k * barWidth;
      if (value === undefined) {
        const foot = `translate(${(x + barWidth / 2 + 4).toFixed(1)} ${HEIGHT - MARGIN.bottom - 6})`;
        parts.push(
          `<text transform="${foot} rotate(-90)" font-size="10" fill="#999">${chart.missing}</text>`,
        );
        return;
      }
      const height = HEIGHT - MARGIN.bottom - toY(value);
      parts.push(
        `<rect x="${x.toFixed(1)}" y="${toY(value).toFixed(1)}" width="${(barWidth - 2).toFixed(1)}" height="${height.toFixed(1)}" fill="${chart.kinds[k]?.colour ?? "#888"}"/>`,
      );
    });
    parts.push(text(left + 0.4 * groupWidth, HEIGHT - MARGIN.bottom + 16, group.name, "middle"));
  });
  chart.kinds.forEach(({ name, colour }, k) => {
    const x = MARGIN.left + 200 + 105 * k;
    parts.push(`<rect x="${x}" y="30" width="10" height="10" fill="${colour}"/>`);
    parts.push(text(x + 14, 39, name, "start"));
  });
  return frame(chart, parts);
}
