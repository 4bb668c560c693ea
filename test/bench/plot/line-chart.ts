import { frame, HEIGHT, MARGIN, number, PLOT_HEIGHT, PLOT_WIDTH, text } from "./frame.ts";

export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly dashed?: boolean;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface LineChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** Both axes by powers of ten, so that growth by a power is a straight line. */
  readonly logarithmic?: boolean;
}

/** Lines over numbers, as an SVG document. */
export function lineChart(chart: LineChart): string {
  const points = chart.series.flatMap((series) => series.points);
  const x = axisOf(
    points.map((point) => point.x),
    chart.logarithmic === true,
  );
  const y = axisOf(
    points.map((point) => point.y),
    chart.logarithmic === true,
  );
  const toX = (value: number): number => MARGIN.left + x.share(value) * PLOT_WIDTH;
  const toY = (value: number): number => HEIGHT - MARGIN.bottom - y.share(value) * PLOT_HEIGHT;
  const parts: string[] = [];
  for (const tick of x.ticks) {
    parts.push(line(toX(tick), toY(y.from), toX(tick), toY(y.to), "#e8e8e8"));
    parts.push(text(toX(tick), HEIGHT - MARGIN.bottom + 16, number(tick), "middle"));
  }
  for (const tick of y.ticks) {
    parts.push(line(toX(x.from), toY(tick), toX(x.to), toY(tick), "#e8e8e8"));
    parts.push(text(MARGIN.left - 6, toY(tick) + 4, number(tick), "end"));
  }
  chart.series.forEach(({ name, colour, dashed, points: own }, i) => {
    const path = own.map((p) => `${toX(p.x).toFixed(1)},${toY(p.y).toFixed(1)}`).join(" ");
    const dash = dashed === true ? ' stroke-dasharray="6 4"' : "";
    parts.push(`<polyline fill="none" stroke="${colour}" stroke-width="2"${dash} points="${path}"/>`);
    for (const p of own) {
      parts.push(`<circle cx="${toX(p.x).toFixed(1)}" cy="${toY(p.y).toFixed(1)}" r="3" fill="${colour}"/>`);
    }
    const legendY = MARGIN.top + 14 + 18 * i;
    parts.push(
      `<line x1="${MARGIN.left + 12}" y1="${legendY - 4}" x2="${MARGIN.left + 36}" y2="${legendY - 4}" stroke="${colour}" stroke-width="2"${dash}/>`,
    );
    parts.push(text(MARGIN.left + 42, legendY, name, "start"));
  });
  return frame(chart, parts);
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  const at = [x1, y1, x2, y2].map((value) => value.toFixed(1));
  return `<line x1="${at[0]}" y1="${at[1]}" x2="${at[2]}" y2="${at[3]}" stroke="${colour}"/>`;
}

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  share(value: number): number;
}

function axisOf(values: readonly number[], logarithmic: boolean): Axis {
  if (!logarithmic) {
    const step = stepFor(Math.max(...values, 1e-9) / 5);
    const to = step * Math.ceil(Math.max(...values, 1e-9) / step);
    const ticks = Array.from({ length: Math.round(to / step) + 1 }, (_, i) => i * step);
    return { from: 0, to, ticks, share: (value) => value / to };
  }
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  return {
    from: 10 ** low,
    to: 10 ** high,
    ticks,
    share: (value) => (Math.log10(value) - low) / (high - low),
  };
}

/** 1, 2 or 5 times a power of ten, not below what is asked. */
function stepFor(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= atLeast) ?? 10 * power;
}
