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
