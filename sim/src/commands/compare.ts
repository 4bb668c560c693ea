import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { CAC } from "cac";
import type { Operand } from "../report/compare-page.ts";
import { readRecords } from "../report/read.ts";
import { compareRuns } from "../run/comparison.ts";
import { seedsFrom } from "../run/seeds.ts";
import { loadScenario } from "../scenario/load.ts";
import type { Host } from "./host.ts";
import { overridesFrom } from "./overrides.ts";
import { createProgress } from "./progress.ts";
import { hoursFrom, listOf } from "./run.ts";
import { runMany } from "./run-many.ts";
import type { RunAsked } from "./run-once.ts";

interface CompareFlags {
  readonly seeds?: number;
  readonly seed?: string | number;
  readonly hours?: number;
  readonly set?: unknown;
  readonly setB?: unknown;
  readonly json?: boolean;
  readonly out?: string;
  readonly jobs?: number;
}

export function addCompareCommand(cli: CAC, host: Host): void {
  cli
    .command(
      "compare <a> <b>",
      "Compare two sets of runs: folders or records of runs, or scenarios that are then run",
    )
    .option("--seeds <count>", "Runs of each scenario", { default: 5 })
    .option("--seed <seed>", "The first seed")
    .option("--hours <hours>", "How long each run is")
    .option("--set <path=value>", "Another figure for scenarios of both; may be given again")
    .option("--set-b <path=value>", "Another figure for scenario B only; may be given again")
    .option("--json", "Print the comparison as one object")
    .option("--out <file>", "Write it as an HTML page")
    .option("--jobs <count>", "Processes at a time; as many as there are cores if left out")
    .example("compare /tmp/before /tmp/after")
    .example("compare target-2027-1119 target-2027-1119 --set-b fleet.count=40 --hours 4")
    .action((a: string, b: string, flags: CompareFlags) => compareCommand(a, b, flags, host));
}

async function compareCommand(a: string, b: string, flags: CompareFlags, host: Host): Promise<void> {
  const { comparePage, comparisonText } = await import("../report/compare-page.ts");
  const both = listOf(flags.set);
  // What cannot be run is told before anything is.
  const runFirst = await operand(a, both, flags, host);
  const runSecond = await operand(b, [...both, ...listOf(flags.setB)], flags, host);
  const first = await runFirst();
  const second = await runSecond();
  const comparison = compareRuns(first.records, second.records);
  if (flags.out !== undefined) {
    await mkdir(dirname(String(flags.out)), { recursive: true });
    await writeFile(String(flags.out), comparePage(first, second, comparison));
  }
  if (flags.json === true) console.log(JSON.stringify({ a: first.name, b: second.name, ...comparison }));
  else console.log(comparisonText(first.name, second.name, comparison));
}

/** Runs that were made before, or those of a scenario, made now. */
async function operand(
  path: string,
  set: readonly string[],
  flags: CompareFlags,
  host: Host,
): Promise<() => Promise<Operand>> {
  const read = await readRecords(path);
  if (read !== undefined) return async () => ({ name: path, records: read });
  const { scenario } = await loadScenario(path, overridesFrom(set));
  const seeds = seedsFrom(
    flags.seed === undefined ? undefined : String(flags.seed),
    Number(flags.seeds ?? 5),
    scenario.seed,
  );
  const hours = flags.hours === undefined ? undefined : hoursFrom(flags.hours);
  const name = [scenario.scenarioId, ...set].join(" ");
  return async () => {
    const progress = createProgress({ name, output: process.stderr, nowMs: () => performance.now() });
    const records = await runMany({
      runs: seeds.map(
        (seed): RunAsked => ({ scenario: path, seed, set, ...(hours === undefined ? {} : { hours }) }),
      ),
      host,
      ...(flags.jobs === undefined ? {} : { jobs: Number(flags.jobs) }),
      onProgress: progress.set,
    });
    progress.end();
    return { name, records };
  };
}
