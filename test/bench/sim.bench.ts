import { SIM_DAY_CASE, SIM_GROWTH_CASES } from "./cases/sim.ts";
import { BadBenchOption, parseBenchOptions } from "./options.ts";
import type { BenchReport, BenchRow } from "./report.ts";

const CASES = [SIM_DAY_CASE, ...SIM_GROWTH_CASES];

/** `npm run bench -- sim`: how long a simulated day takes, and how that grows with vehicles. Method: docs/benchmarks.md. */
export async function bench(args: readonly string[]): Promise<BenchReport> {
  const options = parseBenchOptions(args);
  const chosen = CASES.filter(
    ({ name }) => options.only.length === 0 || options.only.some((wanted) => name.startsWith(wanted)),
  );
  if (chosen.length === 0) {
    throw new BadBenchOption(`no such case; there are ${CASES.map(({ name }) => name).join(", ")}`);
  }
  const rows: BenchRow[] = [];
  for (const one of chosen) {
    process.stderr.write(`${one.name} …\n`);
    rows.push(...(await one.run(options)));
  }
  return { bench: "sim", rows };
}
