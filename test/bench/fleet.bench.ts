import { FLEET_CASE } from "./cases/fleet.ts";
import { parseBenchOptions } from "./options.ts";
import type { BenchReport } from "./report.ts";

/** `npm run bench -- fleet`: what the adapter costs with many vehicles on a real broker. Method: docs/benchmarks.md. */
export async function bench(args: readonly string[]): Promise<BenchReport> {
  return { bench: "fleet", rows: [...(await FLEET_CASE.run(parseBenchOptions(args)))] };
}
