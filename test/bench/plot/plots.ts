import type { BenchRow } from "../report.ts";
import { barChart } from "./bar-chart.ts";
import { lineChart, type Series } from "./line-chart.ts";

const OURS = "#1f6feb";
const GREEDY = "#d1495b";
const CLAIM_2 = "#edae49";
const FIXED = "#7a8b99";
const BOUND = "#999999";
const BAR = "#2a9d8f";

export interface Plot {
  readonly fileName: string;
  readonly svg: string;
}

/** The plots that can be drawn of what a run measured: none of what it left out. */
export function plotsOf(rows: readonly BenchRow[]): Plot[] {
  return [...warehousePlot(rows), ...lanesPlots(rows), ...growthPlot(rows)];
}

function numbered(rows: readonly BenchRow[], name: RegExp, of: (row: BenchRow) => number | undefined) {
  return rows.flatMap((row) => {
    const found = name.exec(row.name);
    const y = of(row);
    return found === null || y === undefined ? [] : [{ x: Number(found[1]), y }];
  });
}

function warehousePlot(rows: readonly BenchRow[]): Plot[] {
  const tasks = /^warehouse-(\d+)\/tasksATick$/;
  const series: Series[] = [
    {
      name: "bound: agents / mean distance",
      colour: BOUND,
      dashed: true,
      points: numbered(rows, /^warehouse-(\d+)\/boundATick$/, (row) => row.value),
    },
    { name: "to reach", colour: BAR, dashed: true, points: numbered(rows, tasks, (row) => row.bar) },
    { name: "Baton's planner", colour: OURS, points: numbered(rows, tasks, (row) => row.value) },
  ];
  if (series.some(({ points }) => points.length < 2)) return [];
  const svg = lineChart({
    title: "Warehouse 33 x 46: finished tasks",
    xLabel: "agents",
    yLabel: "tasks a tick",
    series,
  });
  return [{ fileName: "warehouse.svg", svg }];
}

function lanesPlots(rows: readonly BenchRow[]): Plot[] {
  return ["next-run", "braking-distance"].flatMap((grantAhead) => {
    const cases = rows.flatMap((row) => {
      const found = /^(lanes-(\d+)\/p([\d.]+)\/(.+?))\/shareOfBound$/.exec(row.name);
      return found === null || found[4] !== grantAhead
        ? []
        : [{ path: found[1], name: `${found[2]} / ${found[3]}` }];
    });
    if (cases.length === 0) return [];
    const figureOf = (name: string): number | undefined => rows.find((row) => row.name === name)?.value;
    const svg = barChart({
      title: "Streets",
      xLabel: `vehicles / probability of a stop, a second and vehicle; grants ahead by ${grantAhead === "next-run" ? "one block" : "braking distance"}`,
      yLabel: "missions in an hour, % of the bound",
      yTo: 100,
      kinds: [
        { name: "Baton", colour: OURS },
        { name: "fixed order", colour: FIXED },
        { name: "greedy", colour: GREEDY },
        { name: "claim 2 ahead", colour: CLAIM_2 },
      ],
      groups: cases.map(({ path, name }) => ({
        name,
        values: ["", "/fixedOrder", "/greedy", "/claim2"].map((who) =>
          figureOf(`${path}${who}/shareOfBound`),
        ),
      })),
      missing: "gridlock",
    });
    return [{ fileName: `lanes-${grantAhead}.svg`, svg }];
  });
}

/** Ticks without a pause, of all fleets: the largest has a row with a tick each second besides, which would bend the line. */
function growthPlot(all: readonly BenchRow[]): Plot[] {
  const names = new Set(all.map(({ name }) => name));
  const rows = all
    .filter(({ name }) => !names.has(name.replace("/tick", "/noPause/tick")))
    .map((row) => ({ ...row, name: row.name.replace("/noPause/", "/") }));
  const series: Series[] = [
    {
      name: "99th percentile",
      colour: BOUND,
      points: numbered(rows, /^growth-(\d+)\/tickP99Ms$/, (row) => row.value),
    },
    { name: "mean", colour: OURS, points: numbered(rows, /^growth-(\d+)\/tickMeanMs$/, (row) => row.value) },
  ];
  if (series.some(({ points }) => points.length < 2)) return [];
  const svg = lineChart({
    title: "One zone, 1 s ticks one after the other, Redis with every tick on disk: time of a tick",
    xLabel: "vehicles, at constant density",
    yLabel: "ms a tick",
    series,
    logarithmic: true,
  });
  return [{ fileName: "growth.svg", svg }];
}
