import { DIRECTIONS, type Direction } from "@baton/maps";
import { HANDOFF_GOALS_S, handoffSeconds } from "../../run/figures/handoffs.ts";
import { quantile } from "../../run/quantiles.ts";
import type { RunRecord } from "../../run/record.ts";
import type { Figure } from "../figure.ts";
import { el, label } from "../markup.ts";
import { drawing, PLOT_WIDTH, panel } from "../plot/frame.ts";
import { stepsThrough, stroke } from "../plot/marks.ts";
import { linear, roundUp, ticks } from "../plot/scale.ts";
import { DIRECTION_NAMES, figure } from "../words.ts";

const HEIGHT = 320;
const AT = { left: 60, right: PLOT_WIDTH - 90, top: 46, bottom: HEIGHT - 50 };
const GOAL = 0.95;

/** How long hand-offs took from `ready` until the tail was past the hold node, as the share that was done within so long. */
export function handoffTimesFigure(record: RunRecord): Figure {
  const of = (direction: Direction): number[] =>
    handoffSeconds({
      ...record,
      handoffs: record.handoffs.filter((one) => one.direction === direction),
    }).sort((a, b) => a - b);
  const seconds = { export: of("export"), import: of("import") };
  const longest = Math.max(HANDOFF_GOALS_S.fromStandstill * 1.2, ...seconds.export, ...seconds.import);
  const most = roundUp(longest, 10);
  const x = linear([0, most], [AT.left, AT.right]);
  const y = linear([0, 1], [AT.bottom, AT.top]);
  const lines = DIRECTIONS.flatMap((direction, index) => {
    const values = seconds[direction];
    const last = values.at(-1);
    if (last === undefined) return [];
    const points = [
      { x: AT.left, y: AT.bottom },
      ...values.map((value, at) => ({ x: x(value), y: y((at + 1) / values.length) })),
      { x: AT.right, y: AT.top },
    ];
    const middle = quantile(values, 0.3 + 0.3 * index) ?? 0;
    return [
      stroke(stepsThrough(points), `var(--${direction})`, { "stroke-width": 2.2 }),
      label(
        x(middle) + 10,
        y(0.3 + 0.3 * index) + 14,
        `${DIRECTION_NAMES[direction]}, ${values.length} hand-offs`,
        {
          class: "direct halo",
          style: `fill:var(--${direction})`,
        },
      ),
    ];
  });
  const goal = (at: number, text: string): string =>
    [
      el("path", { class: "goal", d: `M${x(at).toFixed(1)} ${AT.top}V${AT.bottom}` }),
      label(x(at), AT.top - 8, text, { class: "note", "text-anchor": "middle" }),
    ].join("");
  return {
    id: "handoffs",
    title: "Hand-off times",
    reading: reading([...seconds.export, ...seconds.import]),
    svg: drawing(
      HEIGHT,
      "Share of hand-offs done within so many seconds",
      panel(
        {
          ...AT,
          x: {
            scale: x,
            ticks: ticks(0, most, 10).map((value) => ({ at: value, text: figure(value) })),
            title: "seconds from ready until the tail is past the hold node",
          },
          y: {
            scale: y,
            ticks: [0, 0.25, 0.5, 0.75, 1].map((value) => ({ at: value, text: `${figure(value * 100)} %` })),
            title: "of all hand-offs",
          },
        },
        el("path", { class: "goal", d: `M${AT.left} ${y(GOAL).toFixed(1)}H${AT.right}` }),
        label(AT.right + 6, y(GOAL) + 4, "95 %", { class: "note" }),
        goal(HANDOFF_GOALS_S.rolling, `${HANDOFF_GOALS_S.rolling} s rolling`),
        goal(HANDOFF_GOALS_S.fromStandstill, `${HANDOFF_GOALS_S.fromStandstill} s from standstill`),
        ...lines,
      ),
    ),
    table: {
      columns: ["direction", "seconds"],
      rows: DIRECTIONS.flatMap((direction) => seconds[direction].map((value) => [direction, value])),
    },
  };
}

function reading(seconds: readonly number[]): string {
  const p95 = quantile(seconds, GOAL);
  if (p95 === undefined) return "No hand-off was made in the span that counts.";
  const { fromStandstill } = HANDOFF_GOALS_S;
  const verdict = p95 <= fromStandstill ? "within" : "over";
  return `95 of 100 hand-offs were done within ${figure(p95, 1)} s, ${verdict} the goal of ${fromStandstill} s from standstill; the median is ${figure(quantile(seconds, 0.5), 1)} s.`;
}
