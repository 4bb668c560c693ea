import { TWIN_CASES, TWIN_HOUR_CASE, TWIN_SIZE_CASE } from "./cases/twin.ts";
import { VIEWERS_CASE } from "./cases/viewers.ts";
import type { BenchReport } from "./report.ts";
import { runCases } from "./run-cases.ts";

/** `npm run bench -- twin`: what the control room's page costs its browser, and its viewers the orchestrator. Method: docs/benchmarks.md. */
export function bench(args: readonly string[]): Promise<BenchReport> {
  return runCases("twin", [TWIN_SIZE_CASE, ...TWIN_CASES, TWIN_HOUR_CASE, VIEWERS_CASE], args);
}
