import { atMost, type BenchCase } from "./bench-case.ts";
import { COMMIT_CASE } from "./cases/commit.ts";
import { GROWTH_CASE } from "./cases/growth.ts";
import { LANES_CASES } from "./cases/lanes.ts";
import { MEMORY_CASE } from "./cases/memory.ts";
import { SERVICE_CASES } from "./cases/service.ts";
import { SORTING_CASES } from "./cases/sorting.ts";
import { WAREHOUSE_CASES } from "./cases/warehouse.ts";
import { BadBenchOption, type BenchOptions, parseBenchOptions } from "./options.ts";
import { publish } from "./publish.ts";
import type { BenchReport, BenchRow } from "./report.ts";

const CASES: readonly BenchCase[] = [
  ...WAREHOUSE_CASES,
  ...SORTING_CASES,
  ...LANES_CASES,
  ...SERVICE_CASES,
  GROWTH_CASE,
  COMMIT_CASE,
  MEMORY_CASE,
];

/**
 * The real-time core against the numbers that its design names, and against peers on the same seeds. Rows that miss
 * their bar are published like the others. Method: docs/benchmarks.md.
 */
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
    const begunMs = performance.now();
    process.stderr.write(`${one.name} … `);
    const measured = await rowsOf(one, options);
    rows.push(...measured);
    // After each case, so that what a long run has measured is there when it is cut off.
    if (options.publish)
      await publish(
        one.name,
        measured,
        CASES.map(({ name }) => name),
      );
    process.stderr.write(`${((performance.now() - begunMs) / 1000).toFixed(1)} s\n`);
  }
  return { bench: "reservation", rows };
}

/** A case that breaks is a row that is missed, and the others go on. */
async function rowsOf(one: BenchCase, options: BenchOptions): Promise<readonly BenchRow[]> {
  try {
    return await one.run(options);
  } catch (error) {
    process.stderr.write(`broke: ${error instanceof Error ? error.stack : String(error)}\n`);
    return [atMost(`${one.name}/broke`, 1, "runs", 0)];
  }
}
