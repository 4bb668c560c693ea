import { SIDES, type Side } from "@baton/maps";
import type { Step } from "@baton/orchestrator/contract";
import { countedSamples } from "../../run/figures/span.ts";
import { mean } from "../../run/quantiles.ts";
import type { RunRecord, Sample } from "../../run/record.ts";
import type { Figure } from "../figure.ts";
import { label } from "../markup.ts";
import { drawing, PLOT_WIDTH, panel } from "../plot/frame.ts";
import { apart, stepsThrough, stroke } from "../plot/marks.ts";
import { linear, roundUp, ticks } from "../plot/scale.ts";
import { type ShownClock, timeAxis } from "../plot/time-axis.ts";
import { clockDate, figure, SIDE_NAMES } from "../words.ts";

interface Queue {
  readonly name: string;
  readonly colour: string;
  readonly steps: readonly Step[];
}

const QUEUES: readonly Queue[] = [
  { name: "for a vehicle", colour: "var(--c-orange)", steps: ["assign-vehicle"] },
  { name: "for the verdict", colour: "var(--c-purple)", steps: ["verdict", "quarantine", "decision"] },
  { name: "in inspection", colour: "var(--c-red)", steps: ["inspection"] },
  {
    name: "for the line",
    colour: "var(--c-blue)",
    steps: ["offer", "guard-exit", "drive-to-hold", "handoff"],
  },
  { name: "to be unloaded", colour: "var(--c-green)", steps: ["drive-to-yard", "unload"] },
];

const PANEL_HEIGHT = 170;
const GAP = 60;
const LABELS = 130;

/** Containers that wait for something, by side, over the run. */
export function queuesFigure(record: RunRecord, clock: ShownClock): Figure {
  const { beginMs, endMs, samples } = record;
  const highest = Math.max(
    1,
    ...SIDES.flatMap((side) => QUEUES.flatMap((queue) => samples.map((one) => count(one, side, queue)))),
  );
  const shown = QUEUES.filter((queue) =>
    SIDES.some((side) => samples.some((one) => count(one, side, queue) > 0)),
  );
  const top = roundUp(highest * 1.05, 4);
  const height = 46 + 2 * PANEL_HEIGHT + GAP + 50;
  const panels = SIDES.map((side, index) => {
    const at = {
      left: 60,
      right: PLOT_WIDTH - LABELS,
      top: 46 + index * (PANEL_HEIGHT + GAP),
      bottom: 46 + index * (PANEL_HEIGHT + GAP) + PANEL_HEIGHT,
    };
    const x = timeAxis(beginMs, endMs, [at.left, at.right], clock, { title: index === 1 });
    const scale = linear([0, top], [at.bottom, at.top]);
    const lines = shown.map((queue, layer) => ({
      queue,
      // A little apart, so that one line does not hide another.
      points: samples.map((one) => ({
        x: x.scale(one.atMs),
        y: scale(count(one, side, queue)) + (layer - (shown.length - 1) / 2) * 2,
      })),
    }));
    const labels = apart(
      lines.map(({ queue, points }) => ({ queue, y: points.at(-1)?.y ?? at.bottom })),
      15,
      at.top,
      at.bottom,
    );
    return panel(
      {
        ...at,
        title: SIDE_NAMES[side],
        x,
        y: {
          scale,
          ticks: ticks(0, top, 4).map((value) => ({ at: value, text: figure(value) })),
          ...(index === 0 ? { title: "containers" } : {}),
        },
      },
      ...lines.map(({ queue, points }) => stroke(stepsThrough(points), queue.colour)),
      ...labels.map(({ queue, y }) =>
        label(at.right + 8, y + 4, queue.name, { class: "direct", style: `fill:${queue.colour}` }),
      ),
    );
  });
  return {
    id: "queues",
    title: "Queues",
    reading: reading(record),
    svg: drawing(height, "Containers that wait, by side and by what for", ...panels),
    table: {
      columns: ["at", ...SIDES.flatMap((side) => QUEUES.map((queue) => `${side} ${queue.name}`))],
      rows: samples.map((one) => [
        clockDate(one.atMs, clock.utcOffsetMinutes),
        ...SIDES.flatMap((side) => QUEUES.map((queue) => count(one, side, queue))),
      ]),
    },
  };
}

function count({ sides }: Sample, side: Side, { steps }: Queue): number {
  return steps.reduce((total, step) => total + (sides[side].missionsAt[step] ?? 0), 0);
}

function reading(record: RunRecord): string {
  const samples = countedSamples(record);
  const [longest] = SIDES.flatMap((side) =>
    QUEUES.map((queue) => ({
      side,
      queue,
      average: mean(samples.map((one) => count(one, side, queue))) ?? 0,
      most: Math.max(0, ...samples.map((one) => count(one, side, queue))),
    })),
  ).sort((a, b) => b.average - a.average);
  if (longest === undefined || longest.average === 0) return "Nothing had to wait.";
  const { side, queue, average, most } = longest;
  return `Most wait ${queue.name}, in ${SIDE_NAMES[side]}: ${figure(average, 1)} containers on average, ${figure(most)} at most.`;
}
