import { atMost, type BenchCase } from "./bench-case.ts";
import { BadBenchOption, parseBenchOptions } from "./options.ts";
import type { BenchReport, BenchRow } from "./report.ts";

/**
 * Runs the cases that were asked for, one after the other, and says on stderr which one is on. A case that comes to no end
 * is a row that misses its bar, so that what the others measured is not lost with it.
 */
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
    try {
      rows.push(...(await one.run(options)));
    } catch (error) {
      console.error(error);
      rows.push(atMost(`${one.name}/failed`, 1, "cases", 0));
    }
  }
  return { bench, rows };
}
