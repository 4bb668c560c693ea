import type { Compared, Comparison } from "../run/comparison.ts";
import type { RunRecord } from "../run/record.ts";
import { DECIMALS, UNITS } from "./kpi-table.ts";
import { el, escaped, label } from "./markup.ts";
import { htmlPage, safetyBox } from "./page.ts";
import { figure } from "./words.ts";

export interface Operand {
  readonly name: string;
  readonly records: readonly RunRecord[];
}

const VERDICTS: Readonly<Record<Compared["verdict"], string>> = {
  better: "better",
  worse: "worse",
  other: "differs",
  same: "no difference shown",
  unknown: "",
};

/** `24.3 → 26.1, +1.8 ± 0.4`, with a sign. */
export function differenceText({ difference, halfWidth, unit }: Compared): string {
  if (difference === undefined) return "–";
  const decimals = Math.max(1, DECIMALS[unit]);
  const sign = difference > 0 ? "+" : difference < 0 ? "−" : "";
  const told = `${sign}${figure(Math.abs(difference), decimals)}`;
  return halfWidth === undefined ? told : `${told} ± ${figure(halfWidth, decimals)}`;
}

/** How the runs compare, for a terminal. */
export function comparisonText(first: string, second: string, comparison: Comparison): string {
  const { kpis } = comparison;
  const cells = (name: string, a: string, b: string, difference: string, verdict: string): string =>
    `${name.padEnd(58)} ${a.padStart(9)} ${b.padStart(9)}  ${difference.padStart(18)}  ${verdict}`.trimEnd();
  const value = (interval: Compared["first"], kpi: Compared): string =>
    figure(interval?.mean, DECIMALS[kpi.unit]);
  return [
    `A  ${first}`,
    `B  ${second}`,
    how(comparison),
    "",
    cells("", "A", "B", "B less A", ""),
    ...kpis
      .filter((kpi) => kpi.first !== undefined || kpi.second !== undefined)
      .map((kpi) =>
        cells(
          `${kpi.label}${UNITS[kpi.unit] === "" ? "" : `, ${UNITS[kpi.unit]}`}`,
          value(kpi.first, kpi),
          value(kpi.second, kpi),
          differenceText(kpi),
          VERDICTS[kpi.verdict],
        ),
      ),
  ].join("\n");
}

function how({ isPaired, runs: [first, second] }: Comparison): string {
  return isPaired
    ? `${first} pair${first === 1 ? "" : "s"} of runs with the same seed, 95 % intervals of the differences`
    : `${first} and ${second} runs with seeds of their own, 95 % intervals after Welch`;
}

/** The comparison as a page of its own. */
export function comparePage(first: Operand, second: Operand, comparison: Comparison): string {
  const told = comparison.kpis.filter((kpi) => kpi.first !== undefined || kpi.second !== undefined);
  const count = (verdict: Compared["verdict"]): number =>
    told.filter((kpi) => kpi.verdict === verdict).length;
  const reading = `${second.name} is better in ${count("better")} of ${told.length} figures and worse in ${count("worse")}; in ${count("same")} no difference is shown. ${how(comparison)}.`;
  const rows = told.map((kpi) => {
    const decimals = DECIMALS[kpi.unit];
    const colour =
      kpi.verdict === "better" ? "var(--good)" : kpi.verdict === "worse" ? "var(--bad)" : "var(--dim)";
    return el(
      "tr",
      {},
      el("td", {}, escaped(kpi.label)),
      el("td", { class: "n" }, figure(kpi.first?.mean, decimals)),
      el("td", { class: "n" }, figure(kpi.second?.mean, decimals)),
      el("td", { class: "n" }, escaped(differenceText(kpi))),
      el("td", {}, escaped(UNITS[kpi.unit])),
      el("td", {}, relativeBar(kpi, colour)),
      el("td", { style: `color:${colour}` }, escaped(VERDICTS[kpi.verdict])),
    );
  });
  const head = ["Figure", "A", "B", "B less A", "", "relative change, 95 % interval", ""];
  return htmlPage(
    `${first.name} and ${second.name}`,
    el("h1", {}, `${escaped(first.name)} <small>and</small> ${escaped(second.name)}`),
    el("p", { class: "question" }, escaped(reading)),
    safetyBox([...first.records, ...second.records]),
    el(
      "section",
      {},
      el(
        "table",
        {},
        el(
          "thead",
          {},
          el("tr", {}, ...head.map((name, at) => el("th", at > 0 && at < 4 ? { class: "n" } : {}, name))),
        ),
        el("tbody", {}, ...rows),
      ),
    ),
  );
}

const BAR_WIDTH = 300;
const BAR_HEIGHT = 20;
/** Relative changes beyond this are cut off at the bar's end. */
const MOST = 0.5;

/** The relative change as a dot with its interval, zero in the middle. */
function relativeBar({ first, difference, halfWidth, label: name }: Compared, colour: string): string {
  if (first === undefined || difference === undefined || first.mean === 0) return "";
  const at = (relative: number): number =>
    BAR_WIDTH / 2 + (Math.max(-MOST, Math.min(MOST, relative)) / MOST) * (BAR_WIDTH / 2 - 66);
  const change = difference / Math.abs(first.mean);
  const half = halfWidth === undefined ? 0 : halfWidth / Math.abs(first.mean);
  const middle = BAR_HEIGHT / 2;
  const pct = `${change > 0 ? "+" : change < 0 ? "−" : ""}${figure(Math.abs(change * 100), 1)} %`;
  const isRight = change >= 0;
  return el(
    "svg",
    {
      viewBox: `0 0 ${BAR_WIDTH} ${BAR_HEIGHT}`,
      width: BAR_WIDTH,
      height: BAR_HEIGHT,
      class: "plot",
      style: `width:${BAR_WIDTH}px`,
      role: "img",
      "aria-label": `${name}: ${pct}`,
    },
    el("path", { class: "axis", d: `M${BAR_WIDTH / 2} 0V${BAR_HEIGHT}` }),
    el("path", {
      d: `M${at(change - half).toFixed(1)} ${middle}H${at(change + half).toFixed(1)}`,
      stroke: colour,
      "stroke-width": 2,
    }),
    el("circle", { cx: at(change), cy: middle, r: 4, fill: colour }),
    label(isRight ? at(change + half) + 8 : at(change - half) - 8, middle + 4, pct, {
      class: "note",
      "text-anchor": isRight ? "start" : "end",
    }),
  );
}
