/** What every benchmark prints with `--json`. */
export interface BenchReport {
  readonly bench: string;
  readonly rows: readonly BenchRow[];
}

export interface BenchRow {
  /** `<case>/<measure>`, e.g. `synthetic-1000/tickP99Ms`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is to reach, if there is such a figure. */
  readonly bar?: number;
  readonly ok: boolean;
}

/** The value below which a share `p` (0..1) of the samples lies. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}
