import { type Interval, intervalOf, studentT975 } from "./confidence.ts";
import { type Kpi, kpisOf } from "./kpis.ts";
import type { RunRecord } from "./record.ts";

/** A KPI of two sets of runs, the second measured against the first. */
export interface Compared extends Omit<Kpi, "value"> {
  readonly first: Interval | undefined;
  readonly second: Interval | undefined;
  /** Second less first; undefined when either is. */
  readonly difference: number | undefined;
  /** Half the width of its 95 % interval; undefined with too few runs. */
  readonly halfWidth: number | undefined;
  /** `same` when the interval has zero in it: no difference is shown. */
  readonly verdict: "better" | "worse" | "other" | "same" | "unknown";
}

export interface Comparison {
  /** Whether runs with the same seed were set against each other, which shows smaller differences. */
  readonly isPaired: boolean;
  /** Runs of each, or pairs. */
  readonly runs: readonly [number, number];
  readonly kpis: readonly Compared[];
}

/**
 * Compares two sets of runs, KPI by KPI: by pairs where each seed of one is a seed of the other (paired t), else as two
 * samples of unequal variance (Welch 1947).
 */
export function compareRuns(first: readonly RunRecord[], second: readonly RunRecord[]): Comparison {
  const seeds = new Set(first.map(({ seed }) => seed));
  const isPaired =
    first.length > 0 &&
    first.length === second.length &&
    seeds.size === first.length &&
    second.every(({ seed }) => seeds.has(seed));
  const firstKpis = first.map((record) => ({ seed: record.seed, kpis: kpisOf(record) }));
  const secondKpis = second.map((record) => ({ seed: record.seed, kpis: kpisOf(record) }));
  const valueIn = (kpis: readonly Kpi[], id: string): number | undefined =>
    kpis.find((kpi) => kpi.id === id)?.value;
  const kpis = (firstKpis[0]?.kpis ?? []).map(({ value: _own, ...kpi }): Compared => {
    const before = firstKpis.flatMap((one) => valueIn(one.kpis, kpi.id) ?? []);
    const after = secondKpis.flatMap((one) => valueIn(one.kpis, kpi.id) ?? []);
    const pairs = isPaired
      ? firstKpis.flatMap((one) => {
          const mate = secondKpis.find(({ seed }) => seed === one.seed);
          const from = valueIn(one.kpis, kpi.id);
          const to = mate === undefined ? undefined : valueIn(mate.kpis, kpi.id);
          return from === undefined || to === undefined ? [] : [to - from];
        })
      : undefined;
    const told = pairs === undefined ? welch(before, after) : pairedDifference(pairs);
    return {
      ...kpi,
      first: intervalOf(before),
      second: intervalOf(after),
      ...told,
      verdict: verdictOf(kpi.better, told.difference, told.halfWidth),
    };
  });
  return { isPaired, runs: [first.length, second.length], kpis };
}

interface Difference {
  readonly difference: number | undefined;
  readonly halfWidth: number | undefined;
}

function pairedDifference(differences: readonly number[]): Difference {
  const interval = intervalOf(differences);
  return { difference: interval?.mean, halfWidth: interval?.halfWidth };
}

function welch(first: readonly number[], second: readonly number[]): Difference {
  const a = momentsOf(first);
  const b = momentsOf(second);
  if (a === undefined || b === undefined) return { difference: undefined, halfWidth: undefined };
  const difference = b.mean - a.mean;
  if (a.errorSquared === undefined || b.errorSquared === undefined)
    return { difference, halfWidth: undefined };
  const errorSquared = a.errorSquared + b.errorSquared;
  if (errorSquared === 0) return { difference, halfWidth: 0 };
  const degrees =
    errorSquared ** 2 /
    (a.errorSquared ** 2 / (first.length - 1) + b.errorSquared ** 2 / (second.length - 1));
  return { difference, halfWidth: studentT975(Math.max(1, Math.floor(degrees))) * Math.sqrt(errorSquared) };
}

/** Mean, and the square of its standard error. */
function momentsOf(
  values: readonly number[],
): { readonly mean: number; readonly errorSquared: number | undefined } | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const mean = values.reduce((total, value) => total + value, 0) / count;
  if (count === 1) return { mean, errorSquared: undefined };
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / (count - 1);
  return { mean, errorSquared: variance / count };
}

function verdictOf(
  better: Kpi["better"],
  difference: number | undefined,
  halfWidth: number | undefined,
): Compared["verdict"] {
  if (difference === undefined || halfWidth === undefined) return "unknown";
  if (Math.abs(difference) <= halfWidth) return "same";
  if (better === "neither") return "other";
  return difference > 0 === (better === "more") ? "better" : "worse";
}
