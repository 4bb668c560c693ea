import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import type { CAC } from "cac";
import type { RunRecord } from "../run/record.ts";
import { findingsIn } from "../run/safety.ts";
import { seedsFrom } from "../run/seeds.ts";
import { loadScenario, ScenarioError } from "../scenario/load.ts";
import type { Host } from "./host.ts";
import { overridesFrom } from "./overrides.ts";
import { createProgress } from "./progress.ts";
import { runMany, STOPPED, tellParent, UNSAFE } from "./run-many.ts";
import type { RunAsked } from "./run-once.ts";

const HOUR_MS = 3_600_000;

interface RunFlags {
  readonly hours?: number;
  readonly seed?: string | number;
  readonly seeds?: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly set?: unknown;
  readonly mcap?: string;
  readonly record?: string;
  readonly jobs?: number;
  readonly stopAbove?: number;
}

export function addRunCommand(cli: CAC, host: Host): void {
  cli
    .command("run <scenario>", "Run a scenario in fast time, and report on it")
    .option("--hours <hours>", "How long, instead of what the scenario says, warm-up included")
    .option("--seed <seed>", "What everything drawn follows from, instead of the scenario's")
    .option("--seeds <count>", "So many runs that differ in their seed, side by side", { default: 1 })
    .option("--out <folder>", "Where the report goes: a page, JSON and CSV")
    .option("--json", "Print one object with the hash and the figures")
    .option("--set <path=value>", "Another figure; may be given again")
    .option("--mcap <file>", "Record the run (one seed) for Foxglove or Lichtblick")
    .option("--record <file>", "Write the run's record (one seed), and nothing else")
    .option("--stop-above <count>", "Give up (exit code 4) when more containers than this are on their way")
    .option("--jobs <count>", "Processes at a time; as many as there are cores if left out")
    .example("run pilot --seed 1 --out /tmp/pilot")
    .example("run target-2030-1119 --hours 6 --seeds 5 --set fleet.count=50 --out /tmp/2030")
    .action((scenario: string, flags: RunFlags) => runCommand(scenario, flags, host));
}

async function runCommand(name: string, flags: RunFlags, host: Host): Promise<void> {
  const set = listOf(flags.set);
  const { scenario, site } = await loadScenario(name, overridesFrom(set));
  const count = Number(flags.seeds ?? 1);
  if (!Number.isInteger(count) || count < 1 || count > 1_000)
    throw new ScenarioError("scenario.invalid", "--seeds is a whole number from 1 to 1000");
  const seeds = seedsFrom(flags.seed === undefined ? undefined : String(flags.seed), count, scenario.seed);
  if (count > 1 && (flags.mcap !== undefined || flags.record !== undefined))
    throw new ScenarioError("scenario.invalid", "--mcap and --record are for a single seed");
  const hours = flags.hours === undefined ? undefined : hoursFrom(flags.hours);
  const runs = seeds.map(
    (seed): RunAsked => ({
      scenario: name,
      seed,
      set,
      mayEndEarly: true,
      ...(hours === undefined ? {} : { hours }),
      ...(flags.mcap === undefined ? {} : { mcap: String(flags.mcap) }),
      ...(flags.stopAbove === undefined ? {} : { stopAbove: Number(flags.stopAbove) }),
    }),
  );

  const isChild = process.connected;
  const progress = createProgress({
    name: `${scenario.scenarioId}, ${count === 1 ? `seed ${seeds[0]}` : `${count} seeds`}`,
    output: process.stderr,
    nowMs: () => performance.now(),
  });
  const records = await runMany({
    runs,
    host,
    ...(flags.jobs === undefined ? {} : { jobs: Number(flags.jobs) }),
    onProgress: isChild ? tellParent : progress.set,
  });
  progress.end();
  const hoursAsked = hours ?? (scenario.endsAtMs - scenario.startsAtMs) / HOUR_MS;
  const [first, ...others] = records;
  if (first === undefined) {
    console.error(
      flags.stopAbove === undefined
        ? "Ended before any run was made."
        : `Given up: more than ${flags.stopAbove} containers were on their way.`,
    );
    process.exitCode = STOPPED;
    return;
  }
  if (records.some(isUnsafe)) process.exitCode = UNSAFE;
  const shortest = Math.min(...records.map(({ beginMs, endMs }) => (endMs - beginMs) / HOUR_MS));
  const isCutShort = shortest < hoursAsked - 1e-6 || records.length < seeds.length;
  if (isCutShort && !isChild)
    console.error(
      `Ended before its time: ${records.length} of ${seeds.length} runs, the shortest of ${shortest.toFixed(2)} of ${hoursAsked} h. Figures are of that.`,
    );
  if (flags.record !== undefined) {
    await writeFile(flags.record, JSON.stringify(first));
    return;
  }
  const { summaryOf, summaryText } = await import("../report/summary.ts");
  let page: string | undefined;
  if (flags.out !== undefined) {
    const { writeReport } = await import("../report/write.ts");
    page = await writeReport(String(flags.out), {
      records: [first, ...others],
      site,
      // What makes it again is as long as it was.
      command: commandOf(name, isCutShort && count === 1 ? { ...flags, hours: shortest } : flags, set),
    });
  }
  const hash = hashOf(records);
  if (flags.json === true) {
    console.log(
      JSON.stringify({ ...summaryOf(records), hash, ...(page === undefined ? {} : { report: page }) }),
    );
    return;
  }
  console.log(summaryText(records));
  console.log(`hash ${hash}`);
  console.log(page ?? "A report with plots: --out FOLDER.");
}

/** The hash of one run; of several, the hash over theirs in their order. */
function hashOf(records: readonly RunRecord[]): string {
  const [only] = records;
  if (only !== undefined && records.length === 1) return only.hash;
  const all = createHash("sha256");
  for (const { hash } of records) all.update(hash);
  return all.digest("hex");
}

function isUnsafe({ safety }: RunRecord): boolean {
  return findingsIn(safety) > 0;
}

/** Flags that may be given again, as a list of texts. */
export function listOf(value: unknown): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

/** @throws {ScenarioError} */
export function hoursFrom(value: unknown): number {
  const hours = Number(value);
  if (hours > 0 && hours <= 744) return hours;
  throw new ScenarioError("scenario.invalid", "--hours is a number above 0, up to 744");
}

/** The command that makes these runs again. */
function commandOf(name: string, flags: RunFlags, set: readonly string[]): string {
  const parts = [
    `npm run sim -- run ${name}`,
    flags.seed === undefined ? "" : `--seed ${flags.seed}`,
    Number(flags.seeds ?? 1) > 1 ? `--seeds ${flags.seeds}` : "",
    flags.hours === undefined ? "" : `--hours ${flags.hours}`,
    ...set.map((one) => `--set '${one}'`),
    `--out ${flags.out ?? "FOLDER"}`,
  ];
  return parts.filter(Boolean).join(" ");
}
