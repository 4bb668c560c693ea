import Type, { type Static } from "typebox";
import { Summary, summaryOf } from "./statistics.ts";

/** Both clocks of a stretch of work: what it took, and what of that was this thread's work on a machine that others use too. */
export const Timing = Type.Object({ wall: Summary, cpu: Summary });
export type Timing = Static<typeof Timing>;

/** Takes both. */
export class Stopwatch {
  readonly #wallMs: number[] = [];
  readonly #cpuMs: number[] = [];
  #begunMs = 0;
  #begunCpuMs = 0;

  begin(): void {
    this.#begunCpuMs = threadCpuMs();
    this.#begunMs = performance.now();
  }

  /** Ends the stretch begun last; returns its milliseconds. Only counted stretches show in the summaries. */
  end(counted = true): number {
    const wallMs = performance.now() - this.#begunMs;
    if (counted) {
      this.#wallMs.push(wallMs);
      this.#cpuMs.push(threadCpuMs() - this.#begunCpuMs);
    }
    return wallMs;
  }

  timing(): Timing {
    return { wall: summaryOf(this.#wallMs), cpu: summaryOf(this.#cpuMs) };
  }
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
