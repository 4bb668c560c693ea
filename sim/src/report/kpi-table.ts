import { intervalOf } from "../run/confidence.ts";
import { type Kpi, type KpiGroup, type KpiUnit, kpisOf } from "../run/kpis.ts";
import type { RunRecord } from "../run/record.ts";
import { el, escaped } from "./markup.ts";
import { figure } from "./words.ts";

const GROUPS: Readonly<Record<KpiGroup, string>> = {
  throughput: "Throughput",
  times: "Times",
  stations: "Stations",
  fleet: "Fleet",
  people: "What needs people",
  safety: "Safety",
};
export const UNITS: Readonly<Record<KpiUnit, string>> = {
  "1/h": "an hour",
  "1/d": "a day",
  min: "min",
  s: "s",
  "%": "%",
  m: "m",
  count: "",
};
export const DECIMALS: Readonly<Record<KpiUnit, number>> = {
  "1/h": 1,
  "1/d": 0,
  min: 1,
  s: 1,
  "%": 1,
  m: 0,
  count: 0,
};

/** A KPI over all runs of a report. */
export interface KpiOverRuns extends Omit<Kpi, "value"> {
  readonly values: readonly number[];
}

/** The same KPIs of several runs put together; values that could not be told are left out. */
export function kpisOverRuns(records: readonly RunRecord[]): KpiOverRuns[] {
  const all = records.map(kpisOf);
  return (all[0] ?? []).map(({ value: _own, ...kpi }) => ({
    ...kpi,
    values: all.flatMap((kpis) => kpis.find(({ id }) => id === kpi.id)?.value ?? []),
  }));
}

/** `24.3 ± 0.8`, or the value alone where there is one run. */
export function meanAndInterval({ values, unit }: KpiOverRuns): string {
  const interval = intervalOf(values);
  if (interval === undefined) return "–";
  const decimals = DECIMALS[unit];
  // Counts over runs are means, too.
  const shown = unit === "count" && interval.runs > 1 ? 1 : decimals;
  const told = figure(interval.mean, shown);
  return interval.halfWidth === undefined
    ? told
    : `${told} ± ${figure(interval.halfWidth, Math.max(shown, 1))}`;
}

/** All KPIs in a table, with 95 % intervals where there are several runs. */
export function kpiTable(kpis: readonly KpiOverRuns[]): string {
  const runs = Math.max(0, ...kpis.map(({ values }) => values.length));
  const rows = kpis.flatMap((kpi, at) => {
    const isFirst = kpis[at - 1]?.group !== kpi.group;
    const spread =
      runs > 1 && kpi.values.length > 0
        ? `${figure(Math.min(...kpi.values), DECIMALS[kpi.unit])} – ${figure(Math.max(...kpi.values), DECIMALS[kpi.unit])}`
        : "";
    return [
      isFirst ? el("tr", { class: "group" }, el("td", { colspan: 4 }, escaped(GROUPS[kpi.group]))) : "",
      el(
        "tr",
        {},
        el("td", {}, escaped(kpi.label)),
        el("td", { class: "n" }, escaped(meanAndInterval(kpi))),
        el("td", {}, escaped(UNITS[kpi.unit])),
        runs > 1 ? el("td", { class: "n" }, escaped(spread)) : "",
      ),
    ];
  });
  const head = el(
    "tr",
    {},
    el("th", {}, "Figure"),
    el("th", { class: "n" }, runs > 1 ? `Mean of ${runs} seeds, 95 % interval` : "Value"),
    el("th", {}, ""),
    runs > 1 ? el("th", { class: "n" }, "Least – most") : "",
  );
  return el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows));
}
