import { SIM_DAY_CASE, SIM_GROWTH_CASES } from "./cases/sim.ts";
import type { BenchReport } from "./report.ts";
import { runCases } from "./run-cases.ts";

/** `npm run bench -- sim`: how long a simulated day takes, and how that grows with vehicles. Method: docs/benchmarks.md. */
export function bench(args: readonly string[]): Promise<BenchReport> {
  return runCases("sim", [SIM_DAY_CASE, ...SIM_GROWTH_CASES], args);
}
