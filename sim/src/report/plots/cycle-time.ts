import { DIRECTIONS, type Direction } from "@baton/maps";
import { type Journey, journeysOf, stepSeconds } from "../../run/figures/journeys.ts";
import { mean, quantile, quantileOfSorted, sum } from "../../run/quantiles.ts";
import type { RunRecord } from "../../run/record.ts";
import type { Figure } from "../figure.ts";
import { el, label } from "../markup.ts";
import { drawing, PLOT_WIDTH, panel } from "../plot/frame.ts";
import { linear, roundUp, ticks } from "../plot/scale.ts";
import { DIRECTION_NAMES, figure } from "../words.ts";
import { PHASES, phaseOf } from "./phases.ts";

const BAR = 40;
const ROW = 58;
const TOP = 92;
const LEFT = 190;
const RIGHT = PLOT_WIDTH - 70;
/** A bar is the mean of the journeys nearest to its quantile, so that its parts add up to a whole journey. */
const NEAREST_SHARE = 0.05;
const NEAREST_LEAST = 5;

interface Bar {
  readonly direction: Direction;
  readonly name: string;
  readonly totalMin: number;
  /** Minutes by phase, in the order in which the direction meets them. */
  readonly parts: readonly { readonly phase: number; readonly minutes: number }[];
}

/** What a journey's time goes into, for a typical and for a slow one. */
export function cycleTimeFigure(record: RunRecord): Figure {
  const journeys = journeysOf(record);
  const bars = DIRECTIONS.flatMap((direction) => {
    const ofDirection = journeys.filter((one) => one.direction === direction);
    return [
      ...barOf(direction, "median", ofDirection, 0.5),
      ...barOf(direction, "95 of 100 are faster", ofDirection, 0.95),
    ];
  });
  const most = roundUp(Math.max(1, ...bars.map(({ totalMin }) => totalMin)) * 1.02, 8);
  const bottom = TOP + Math.max(1, bars.length) * ROW;
  const x = linear([0, most], [LEFT, RIGHT]);
  const drawn = bars.flatMap((bar, row) => {
    const y = TOP + row * ROW + (ROW - BAR) / 2;
    let from = 0;
    const parts = bar.parts.flatMap(({ phase, minutes }) => {
      const shown = PHASES[phase];
      if (shown === undefined) return [];
      const left = x(from);
      from += minutes;
      const width = x(from) - left;
      return [
        el(
          "rect",
          { x: left, y, width, height: BAR, fill: shown.colour, class: "segment" },
          el("title", {}, `${shown.name}: ${figure(minutes, 1)} min`),
        ),
        width < 30
          ? ""
          : label(left + width / 2, y + BAR / 2 + 5, figure(minutes, minutes < 10 ? 1 : 0), {
              class: "in-bar",
              "text-anchor": "middle",
            }),
      ];
    });
    return [
      ...parts,
      label(LEFT - 10, y + 17, DIRECTION_NAMES[bar.direction], { class: "row-name", "text-anchor": "end" }),
      label(LEFT - 10, y + 33, bar.name, { class: "note", "text-anchor": "end" }),
      label(x(bar.totalMin) + 8, y + BAR / 2 + 5, `${figure(bar.totalMin)} min`, { class: "total" }),
    ];
  });
  return {
    id: "cycle-time",
    title: "What a journey's time goes into",
    reading: reading(bars),
    svg: drawing(
      bottom + 50,
      "Minutes from truck in to unloaded, by phase",
      ...legend(),
      panel(
        {
          left: LEFT,
          right: RIGHT,
          top: TOP,
          bottom,
          grid: { x: true },
          x: {
            scale: x,
            ticks: ticks(0, most, 8).map((value) => ({ at: value, text: figure(value) })),
            title: "minutes from the truck's admission to the container's unloading beyond the line",
          },
          y: { scale: linear([0, 1], [TOP, bottom]), ticks: [] },
        },
        ...drawn,
      ),
    ),
    table: stepTable(record),
  };
}

function barOf(direction: Direction, name: string, journeys: readonly Journey[], share: number): Bar[] {
  const totalMs = (one: Journey): number => one.endMs - one.beginMs;
  const sorted = [...journeys].sort((a, b) => totalMs(a) - totalMs(b));
  const aim = quantileOfSorted(sorted.map(totalMs), share);
  if (aim === undefined) return [];
  const near = [...sorted]
    .sort((a, b) => Math.abs(totalMs(a) - aim) - Math.abs(totalMs(b) - aim))
    .slice(0, Math.max(NEAREST_LEAST, Math.round(sorted.length * NEAREST_SHARE)));
  const order = [...new Set(near.flatMap(({ parts }) => parts.map(({ step }) => phaseOf(step))))];
  const parts = order.map((phase) => ({
    phase,
    minutes:
      (mean(
        near.map((one) =>
          sum(one.parts.filter(({ step }) => phaseOf(step) === phase).map(({ durationMs }) => durationMs)),
        ),
      ) ?? 0) / 60_000,
  }));
  return [{ direction, name, parts, totalMin: sum(parts.map(({ minutes }) => minutes)) }];
}

function legend(): string[] {
  const lefts = [10, 190, 375, 585, 835];
  return PHASES.flatMap(({ name, colour }, at) => {
    const x = lefts[at % lefts.length] ?? 0;
    const y = 14 + Math.floor(at / lefts.length) * 26;
    return [
      el("rect", { x, y, width: 14, height: 14, rx: 2, fill: colour }),
      label(x + 21, y + 12, name, { class: "key" }),
    ];
  });
}

function stepTable(record: RunRecord): Figure["table"] {
  const minutes = (seconds: readonly number[], share: number): number | undefined => {
    const found = quantile(seconds, share);
    return found === undefined ? undefined : Math.round(found * 10) / 10;
  };
  return {
    columns: ["bound", "step", "passages", "p50 s", "p95 s"],
    rows: [...stepSeconds(record)].map(([key, seconds]) => {
      const [bound, step] = key.split(" ");
      return [bound, step, seconds.length, minutes(seconds, 0.5), minutes(seconds, 0.95)];
    }),
  };
}

function reading(bars: readonly Bar[]): string {
  const [bar] = bars.filter(({ name }) => name === "median").sort((a, b) => b.totalMin - a.totalMin);
  const [longest] = [...(bar?.parts ?? [])].sort((a, b) => b.minutes - a.minutes);
  const phase = longest === undefined ? undefined : PHASES[longest.phase];
  if (bar === undefined || longest === undefined || phase === undefined)
    return "No container made its whole way in the span that counts.";
  const share = (longest.minutes * 100) / bar.totalMin;
  return `A median ${bar.direction} takes ${figure(bar.totalMin)} min from the truck's admission; the largest part of it, ${figure(longest.minutes, 1)} min (${figure(share)} %), is “${phase.name}”. Each bar is the mean of the journeys nearest to its quantile.`;
}
