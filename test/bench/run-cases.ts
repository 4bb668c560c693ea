import type { BenchCase } from "./bench-case.ts";
import { BadBenchOption, parseBenchOptions } from "./options.ts";
import type { BenchReport, BenchRow } from "./report.ts";

/** Runs the cases that were asked for, one after the other, and says on stderr which one is on. */
export async function runCases(
  bench: string,
  cases: readonly BenchCase[],
  args: readonly string[],
): Promise<BenchReport> {
  const options = parseBenchOptions(args);
  const chosen = cases.filter(
    ({ name }) => options.only.length === 0 || options.only.some((wanted) => name.startsWith(wanted)),
  );
  if (chosen.length === 0) {
    throw new BadBenchOption(`no such case; there are ${cases.map(({ name }) => name).join(", ")}`);
  }
  const rows: BenchRow[] = [];
  for (const one of chosen) {
    process.stderr.write(`${one.name} …\n`);
    rows.push(...(await one.run(options)));
  }
  return { bench, rows };
}
