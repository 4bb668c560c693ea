/** What a tick brought, as far as it is counted. */
export interface Counted {
  readonly planned: number;
  readonly jumps?: number;
  readonly replans?: number;
}

type Times = Readonly<
  Record<
    "coreMsMean" | "coreMsP99" | "coreMsMax" | "commitMsMean" | "commitMsP99" | "commitMsMax" | "tickMsP99",
    number
  >
>;

/** How long ticks took, over the last 1,000, in real milliseconds; and what they brought, since the start. */
export class Measurements {
  ticks = 0;
  overruns = 0;
  #planned = 0;
  #jumps = 0;
  #replans = 0;
  readonly #coreMs: number[] = [];
  readonly #commitMs: number[] = [];
  /** Sorted once, however often it is asked for between two ticks. */
  #times: Times | undefined;

  took(coreMs: number, commitMs: number, { planned, jumps = 0, replans = 0 }: Counted): void {
    this.#coreMs[this.ticks % 1000] = coreMs;
    this.#commitMs[this.ticks % 1000] = commitMs;
    this.ticks++;
    this.#planned += planned;
    this.#jumps += jumps;
    this.#replans += replans;
    this.#times = undefined;
  }

  summary() {
    this.#times ??= this.#timesOf();
    return {
      ticks: this.ticks,
      overruns: this.overruns,
      ...this.#times,
      planned: this.#planned,
      jumps: this.#jumps,
      replans: this.#replans,
    };
  }

  #timesOf() {
    const core = summaryOf(this.#coreMs);
    const commit = summaryOf(this.#commitMs);
    const tick = summaryOf(this.#coreMs.map((ms, i) => ms + (this.#commitMs[i] ?? 0)));
    return {
      coreMsMean: core.mean,
      coreMsP99: core.p99,
      coreMsMax: core.max,
      commitMsMean: commit.mean,
      commitMsP99: commit.p99,
      commitMsMax: commit.max,
      tickMsP99: tick.p99,
    };
  }
}

function summaryOf(values: readonly number[]): { mean: number; p99: number; max: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    mean: sum / Math.max(1, sorted.length),
    p99: sorted[Math.floor(0.99 * sorted.length)] ?? 0,
    max: sorted[sorted.length - 1] ?? 0,
  };
}
