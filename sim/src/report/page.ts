import type { Site } from "@baton/maps";
import { countedHours } from "../run/figures/span.ts";
import { alarmsByCode } from "../run/kpis.ts";
import type { RunRecord } from "../run/record.ts";
import { figureSection, plainTable } from "./figure-section.ts";
import { type KpiOverRuns, kpisOverRuns, kpiTable, meanAndInterval, UNITS } from "./kpi-table.ts";
import { el, escaped } from "./markup.ts";
import type { ShownClock } from "./plot/time-axis.ts";
import { activitiesFigure } from "./plots/activities.ts";
import { cycleTimeFigure } from "./plots/cycle-time.ts";
import { handoffTimesFigure } from "./plots/handoff-times.ts";
import { heatMapFigure } from "./plots/heat-map.ts";
import { queuesFigure } from "./plots/queues.ts";
import { stationUseFigure } from "./plots/station-use.ts";
import { throughputFigure } from "./plots/throughput.ts";
import { timeSpaceFigure } from "./plots/time-space.ts";
import { STYLE } from "./style.ts";
import { clockDate, figure, span } from "./words.ts";

export interface ReportInputs {
  /** Runs of one scenario that differ in their seed only, at least one. Plots show the first. */
  readonly records: readonly [RunRecord, ...RunRecord[]];
  readonly site: Site;
  /** The command that makes the same runs again. */
  readonly command: string;
}

/** The report of a run as one HTML page that needs nothing but itself. */
export function reportPage({ records, site, command }: ReportInputs): string {
  const [record] = records;
  const clock: ShownClock = {
    name: "Hanoi (UTC+7)",
    utcOffsetMinutes: site.file.sides.vn.utcOffsetMinutes,
  };
  const kpis = kpisOverRuns(records);
  const figures = [
    throughputFigure(record, clock),
    queuesFigure(record, clock),
    stationUseFigure(record),
    cycleTimeFigure(record),
    timeSpaceFigure(record, site, clock),
    activitiesFigure(record, clock),
    handoffTimesFigure(record),
    heatMapFigure(record, site),
  ];
  const several =
    records.length > 1
      ? el(
          "p",
          { class: "reading" },
          `The plots below show the first of ${records.length} seeds, ${escaped(record.seed)}.`,
        )
      : "";
  return htmlPage(
    record.title,
    el("h1", {}, escaped(record.title)),
    el("p", { class: "question" }, escaped(record.question)),
    facts(records, clock),
    safetyBox(records),
    el("div", { class: "tiles" }, ...tiles(kpis, record)),
    several,
    ...figures.map(figureSection),
    el("section", { id: "figures" }, el("h2", {}, "All figures"), kpiTable(kpis)),
    alarmSection(record),
    el(
      "section",
      { id: "replay" },
      el("h2", {}, "To run it again"),
      el(
        "p",
        { class: "reading" },
        "The same seed gives the same run, ledger for ledger: its hash is the same.",
      ),
      el("pre", {}, escaped(command)),
      plainTable({
        columns: ["seed", "SHA-256 over both ledgers"],
        rows: records.map((one) => [one.seed, one.hash]),
      }),
    ),
    footer(records),
  );
}

export function htmlPage(title: string, ...content: readonly string[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(title)} · Baton</title><style>${STYLE}</style></head><body><main>
${content.filter(Boolean).join("\n")}
</main></body></html>
`;
}

function facts(records: ReportInputs["records"], { utcOffsetMinutes }: ShownClock): string {
  const [record] = records;
  const told: readonly (readonly [string, string])[] = [
    ["scenario", record.scenarioId],
    ["site", record.siteId],
    ["vehicles", String(record.vehicles)],
    [
      "run",
      `${clockDate(record.beginMs, utcOffsetMinutes)}, ${span(record.endMs - record.beginMs)}, of which ${span(record.endMs - record.countFromMs)} count`,
    ],
    [records.length > 1 ? "seeds" : "seed", seedsOf(records)],
    ...record.overrides.map((one) => ["changed", one] as const),
  ];
  return el(
    "div",
    { class: "facts" },
    ...told.map(([name, value]) => el("span", {}, `${escaped(name)} `, el("b", {}, escaped(value)))),
  );
}

function seedsOf(records: ReportInputs["records"]): string {
  const seeds = records.map(({ seed }) => seed);
  return seeds.length > 3 ? `${seeds[0]}, … ${seeds.at(-1)} (${seeds.length})` : seeds.join(", ");
}

const MAX_FINDINGS = 12;

/** What the independent eye saw, first of all. */
export function safetyBox(records: readonly RunRecord[]): string {
  const findings = records.flatMap(({ seed, safety }) => [
    ...safety.overlaps.map(({ first, second }) => `seed ${seed}: ${first} and ${second} overlapped`),
    ...(safety.underLoad ?? []).map(
      ({ vehicleId, craneId }) => `seed ${seed}: ${vehicleId} was below what ${craneId} carried`,
    ),
    ...safety.stuck.map(({ vehicleId, why }) => `seed ${seed}: ${vehicleId} is stuck, ${why}`),
    ...safety.unaccounted.map(
      ({ containerNo, detail }) => `seed ${seed}: container ${containerNo} ${detail}`,
    ),
  ]);
  const watched = records.reduce(
    (total, one) => total + (one.vehicles * (one.endMs - one.beginMs)) / 3_600_000,
    0,
  );
  const hours = `${figure(watched)} vehicle-hours looked at second by second`;
  if (findings.length === 0) {
    return el(
      "div",
      { class: "safety" },
      el("b", {}, "Safe."),
      ` No two bodies overlapped, no vehicle is stuck, every container is accounted for: ${hours}, by an eye that shares nothing with the planner.`,
    );
  }
  const more = findings.length > MAX_FINDINGS ? [`and ${findings.length - MAX_FINDINGS} more`] : [];
  return el(
    "div",
    { class: "safety bad" },
    el("b", {}, `${findings.length} safety findings: this run has failed.`),
    ` In ${hours}:`,
    el("ul", {}, ...[...findings.slice(0, MAX_FINDINGS), ...more].map((one) => el("li", {}, escaped(one)))),
  );
}

const TILES = [
  ["delivered-per-hour-export", "target-share-export"],
  ["delivered-per-hour-import", "target-share-import"],
  ["delivered-per-day", undefined],
  ["journey-export-p50", "journey-export-p95"],
  ["handoff-p95", undefined],
  ["empty-travel", undefined],
] as const;

function tiles(kpis: readonly KpiOverRuns[], record: RunRecord): string[] {
  const of = (id: string | undefined): KpiOverRuns | undefined => kpis.find((kpi) => kpi.id === id);
  return TILES.flatMap(([id, moreId]) => {
    const kpi = of(id);
    if (kpi === undefined) return [];
    const more = of(moreId);
    const isTold =
      more !== undefined && more.values.length > 0 && (more.unit !== "%" || record.target !== undefined);
    return [
      el(
        "div",
        { class: "tile" },
        el("div", { class: "name" }, escaped(kpi.label)),
        el(
          "div",
          { class: "value" },
          ...valueAndInterval(kpi),
          " ",
          el("small", {}, escaped(UNITS[kpi.unit])),
        ),
        isTold
          ? el(
              "div",
              { class: "more" },
              more.unit === "%"
                ? `${escaped(meanAndInterval(more))} % of the day's mean asked for`
                : `95 of 100 within ${escaped(meanAndInterval(more))} ${UNITS[more.unit]}`,
            )
          : "",
      ),
    ];
  });
}

/** The mean large, its interval small behind it. */
function valueAndInterval(kpi: KpiOverRuns): string[] {
  const [mean = "", interval] = meanAndInterval(kpi).split(" ± ");
  return [escaped(mean), interval === undefined ? "" : ` ${el("small", {}, `± ${escaped(interval)}`)}`];
}

function alarmSection(record: RunRecord): string {
  const alarms = alarmsByCode(record);
  const text =
    alarms.length === 0
      ? "No alarm was raised in the span that counts."
      : `Both sides together, over ${figure(countedHours(record), 1)} h that count; a control room aims at fewer than six an hour and operator.`;
  return el(
    "section",
    { id: "alarms" },
    el("h2", {}, "Alarms"),
    el("p", { class: "reading" }, text),
    alarms.length === 0
      ? ""
      : plainTable({
          columns: ["code", "an hour"],
          rows: alarms.map(({ code, perHour }) => [code, perHour]),
        }),
  );
}

function footer(records: readonly RunRecord[]): string {
  const wallS = records.reduce((total, { cost }) => total + cost.wallMs, 0) / 1000;
  const simulatedS = records.reduce((total, one) => total + (one.endMs - one.beginMs), 0) / 1000;
  const times = wallS === 0 ? "" : `, ${figure(simulatedS / wallS)} times as fast as the world`;
  return el(
    "footer",
    {},
    `Made by Baton's simulator in fast time: ${span(simulatedS * 1000)} in ${figure(wallS)} s${times}.`,
  );
}
