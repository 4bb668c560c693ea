import { DIRECTIONS, type Direction } from "@baton/maps";
import { deliveriesOf, enteredMs } from "../../run/figures/journeys.ts";
import { countedHours, HOUR_MS, HOURS_A_DAY } from "../../run/figures/span.ts";
import type { RunRecord } from "../../run/record.ts";
import type { Figure } from "../figure.ts";
import { el, label } from "../markup.ts";
import { drawing, PLOT_WIDTH, panel } from "../plot/frame.ts";
import { stepsThrough, stroke } from "../plot/marks.ts";
import { linear, roundUp, ticks } from "../plot/scale.ts";
import { type ShownClock, timeAxis } from "../plot/time-axis.ts";
import { clockDate, DIRECTION_NAMES, figure, span } from "../words.ts";

const HEIGHT = 330;
/** A day may be worked off in no fewer hours than this: the rest is for closing times and maintenance. */
const WORKING_HOURS = 22;

/** Containers unloaded an hour in each direction, against what the scenario asks for. */
export function throughputFigure(record: RunRecord, clock: ShownClock): Figure {
  const { beginMs, countFromMs, endMs, target } = record;
  const binMs = binFor(endMs - beginMs);
  const bins = binned(record, binMs);
  const bandOf = (direction: Direction): { low: number; high: number } | undefined =>
    target === undefined
      ? undefined
      : { low: target.perDay[direction] / HOURS_A_DAY, high: target.perDay[direction] / WORKING_HOURS };
  const highest = Math.max(
    ...bins.flatMap((bin) => [bin.export, bin.import, bin.came.export, bin.came.import]),
    ...DIRECTIONS.map((direction) => bandOf(direction)?.high ?? 0),
  );
  const top = roundUp(Math.max(highest * 1.08, 1), 5);

  const width = (PLOT_WIDTH - 60 - 60 - 20) / 2;
  const panels = DIRECTIONS.map((direction, index) => {
    const left = 60 + index * (width + 60);
    const right = left + width;
    const at = { left, right, top: 46, bottom: HEIGHT - 50 };
    const x = timeAxis(beginMs, endMs, [left, right], clock, { count: 6 });
    const scale = linear([0, top], [at.bottom, at.top]);
    const band = bandOf(direction);
    const colour = `var(--${direction})`;
    const bars = bins.map((bin) => {
      const from = x.scale(bin.fromMs) + 1;
      const to = x.scale(Math.min(bin.fromMs + binMs, endMs)) - 1;
      const y = scale(bin[direction]);
      return el(
        "rect",
        {
          x: from,
          y,
          width: Math.max(0.5, to - from),
          height: Math.max(0, at.bottom - y),
          fill: colour,
          "fill-opacity": bin.fromMs + binMs <= countFromMs ? 0.32 : 0.9,
        },
        el("title", {}, `${figure(bin[direction], 1)} an hour`),
      );
    });
    return panel(
      {
        ...at,
        title: DIRECTION_NAMES[direction],
        x,
        y: {
          scale,
          ticks: ticks(0, top, 5).map((value) => ({ at: value, text: figure(value) })),
          title: index === 0 ? "containers an hour" : "bars: unloaded beyond the line · line: trucks let in",
        },
      },
      ...bars,
      stroke(
        stepsThrough([
          ...bins.map((bin) => ({ x: x.scale(bin.fromMs), y: scale(bin.came[direction]) })),
          { x: right, y: scale(bins.at(-1)?.came[direction] ?? 0) },
        ]),
        "var(--ink)",
        { "stroke-width": 1.6 },
      ),
      band === undefined
        ? ""
        : el("rect", {
            class: "band",
            x: left,
            width,
            y: scale(band.high),
            height: Math.max(2, scale(band.low) - scale(band.high)),
          }),
      band === undefined
        ? ""
        : label(
            left + 6,
            scale(band.high) - 6,
            `asked for: ${figure(band.low)}–${figure(band.high)} an hour`,
            {
              class: "note halo",
              "text-anchor": "start",
            },
          ),
      warmUp(x.scale(beginMs), x.scale(Math.max(countFromMs, beginMs)), at.top),
    );
  });
  return {
    id: "throughput",
    title: "Throughput",
    reading: reading(record),
    svg: drawing(HEIGHT, "Containers delivered an hour, by direction", ...panels),
    table: {
      columns: ["from", "export unloaded/h", "import unloaded/h", "export trucks in/h", "import trucks in/h"],
      rows: bins.map((bin) => [
        clockDate(bin.fromMs, clock.utcOffsetMinutes),
        bin.export,
        bin.import,
        bin.came.export,
        bin.came.import,
      ]),
    },
  };
}

/** Bars that hold enough containers to say something, and are enough to show a course. */
function binFor(spanMs: number): number {
  if (spanMs >= 5 * HOUR_MS) return HOUR_MS;
  return spanMs > HOUR_MS ? HOUR_MS / 4 : HOUR_MS / 12;
}

interface Bin {
  readonly fromMs: number;
  /** Unloaded beyond the line, an hour. */
  export: number;
  import: number;
  /** Trucks let in, an hour: what there was to carry. */
  readonly came: { export: number; import: number };
}

function binned(record: RunRecord, binMs: number): Bin[] {
  const { beginMs, endMs } = record;
  const bins: Bin[] = [];
  for (let fromMs = beginMs; fromMs < endMs; fromMs += binMs) {
    bins.push({ fromMs, export: 0, import: 0, came: { export: 0, import: 0 } });
  }
  for (const { atMs, direction } of deliveriesOf({ ...record, countFromMs: beginMs })) {
    const bin = bins[Math.floor((atMs - beginMs) / binMs)];
    if (bin === undefined) continue;
    bin[direction] += HOUR_MS / (Math.min(bin.fromMs + binMs, endMs) - bin.fromMs);
  }
  for (const mission of record.missions) {
    const cameMs = mission.bound === "outbound" ? enteredMs(mission, "assign-vehicle") : undefined;
    const bin = cameMs === undefined ? undefined : bins[Math.floor((cameMs - beginMs) / binMs)];
    if (bin === undefined) continue;
    bin.came[mission.direction] += HOUR_MS / (Math.min(bin.fromMs + binMs, endMs) - bin.fromMs);
  }
  return bins;
}

/** Says which part is not counted. */
function warmUp(from: number, to: number, top: number): string {
  if (to - from < 2) return "";
  return [
    el("path", { class: "warm-up", d: `M${to.toFixed(1)} ${top}V${HEIGHT - 50}` }),
    to - from < 56 ? "" : label(to - 5, top + 12, "warm-up", { class: "note", "text-anchor": "end" }),
  ].join("");
}

function reading(record: RunRecord): string {
  const hours = countedHours(record);
  const deliveries = deliveriesOf(record);
  const told = DIRECTIONS.map((direction) => {
    const perHour = hours === 0 ? 0 : deliveries.filter((one) => one.direction === direction).length / hours;
    const asked = record.target?.perDay[direction];
    const share =
      asked === undefined || asked === 0
        ? ""
        : ` (${figure((perHour * HOURS_A_DAY * 100) / asked)} % of the day's mean that is asked for)`;
    return `${direction} ${figure(perHour, 1)} an hour${share}`;
  });
  const asks = record.target === undefined ? " This scenario asks for no number." : "";
  return `Unloaded beyond the line: ${told.join(", ")}, over ${span(hours * HOUR_MS)} that count.${asks}`;
}
