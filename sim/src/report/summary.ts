import { intervalOf } from "../run/confidence.ts";
import type { RunRecord } from "../run/record.ts";
import { findingsIn } from "../run/safety.ts";
import { kpisOverRuns, meanAndInterval, UNITS } from "./kpi-table.ts";

/** A figure over runs, for machines. */
interface FigureSummary {
  readonly mean: number;
  /** Half the width of the 95 % interval; absent for a single run. */
  readonly halfWidth?: number;
  readonly unit: string;
}

export interface Summary {
  readonly scenarioId: string;
  readonly siteId: string;
  readonly overrides: readonly string[];
  readonly seeds: readonly string[];
  readonly hashes: readonly string[];
  readonly beginMs: number;
  readonly countFromMs: number;
  readonly endMs: number;
  readonly safe: boolean;
  /** By KPI; one that could not be told is not there. */
  readonly kpis: Readonly<Record<string, FigureSummary>>;
}

/** Runs in one object. */
export function summaryOf(records: readonly RunRecord[]): Summary {
  const [first] = records;
  if (first === undefined) throw new Error("a summary is of one run at least");
  const { scenarioId, siteId, overrides, beginMs, countFromMs, endMs } = first;
  const kpis = Object.fromEntries(
    kpisOverRuns(records).flatMap(({ id, unit, values }) => {
      const interval = intervalOf(values);
      if (interval === undefined) return [];
      const { mean, halfWidth } = interval;
      return [
        [id, { mean, ...(halfWidth === undefined ? {} : { halfWidth }), unit } satisfies FigureSummary],
      ];
    }),
  );
  return {
    scenarioId,
    siteId,
    overrides,
    seeds: records.map(({ seed }) => seed),
    hashes: records.map(({ hash }) => hash),
    beginMs,
    countFromMs,
    endMs,
    safe: records.every(({ safety }) => findingsIn(safety) === 0),
    kpis,
  };
}

/** The same for reading, a line a figure. */
export function summaryText(records: readonly RunRecord[]): string {
  return kpisOverRuns(records)
    .filter(({ values }) => values.length > 0)
    .map((kpi) => `${kpi.label.padEnd(50)} ${meanAndInterval(kpi).padStart(16)} ${UNITS[kpi.unit]}`.trimEnd())
    .join("\n");
}
