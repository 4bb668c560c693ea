import type { BenchOptions } from "./options.ts";
import type { BenchRow } from "./report.ts";
import { meanOf } from "./statistics.ts";
import type { Timing } from "./stopwatch.ts";

/** One row of the design's table of numbers: a name like `lanes-400`, and what it measures. */
export interface BenchCase {
  readonly name: string;
  run(options: BenchOptions): Promise<readonly BenchRow[]>;
}

/** A figure without a bar: published, not judged. */
export function figure(name: string, value: number, unit: string): BenchRow {
  return { name, value, unit, ok: true };
}

export function atMost(name: string, value: number, unit: string, bar: number): BenchRow {
  return { name, value, unit, bar, ok: value <= bar };
}

export function atLeast(name: string, value: number, unit: string, bar: number): BenchRow {
  return { name, value, unit, bar, ok: value >= bar };
}

interface TimingBars {
  readonly mean?: number;
  readonly p99?: number;
  readonly max?: number;
}

/**
 * How long the ticks of some runs took, mean over all and the worst run's 99th percentile and maximum; beside them what of it
 * was this thread's own work, since the clock on the wall also counts what else the machine does.
 */
export function timing(name: string, runs: readonly Timing[], bars: TimingBars = {}): BenchRow[] {
  const judged = (row: string, value: number, bar: number | undefined): BenchRow =>
    bar === undefined ? figure(row, value, "ms") : atMost(row, value, "ms", bar);
  const worst = (of: (run: Timing) => number): number => Math.max(...runs.map(of));
  return [
    judged(`${name}MeanMs`, meanOf(runs.map(({ wall }) => wall.mean)), bars.mean),
    judged(
      `${name}P99Ms`,
      worst(({ wall }) => wall.p99),
      bars.p99,
    ),
    judged(
      `${name}MaxMs`,
      worst(({ wall }) => wall.max),
      bars.max,
    ),
    figure(`${name}MeanCpuMs`, meanOf(runs.map(({ cpu }) => cpu.mean)), "ms"),
    figure(
      `${name}P99CpuMs`,
      worst(({ cpu }) => cpu.p99),
      "ms",
    ),
  ];
}
