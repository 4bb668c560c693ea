import { mkdir, readFile, writeFile } from "node:fs/promises";
import { arch, cpus, loadavg, platform } from "node:os";
import { join } from "node:path";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import { ROOT } from "../../scripts/run.ts";
import { plotsOf } from "./plot/plots.ts";
import type { BenchRow } from "./report.ts";

const PAGE = join(ROOT, "docs", "benchmarks.md");
const FOLDER = join(ROOT, "docs", "benchmarks");
const RECORD = join(FOLDER, "last-run.json");
const BEGIN = "<!-- last run: written by npm run bench -- reservation --publish -->";
const END = "<!-- end of last run -->";

/** What a case measured when it ran last. */
const CaseRecord = Type.Object({
  case: Type.String(),
  date: Type.String(),
  machine: Type.String(),
  /** Processes that wanted a core, mean of five minutes: above the number of cores, the wall clock is not the engine's. */
  load: Type.Number(),
  rows: Type.Array(
    Type.Object({
      name: Type.String(),
      value: Type.Number(),
      unit: Type.String(),
      bar: Type.Optional(Type.Number()),
      ok: Type.Boolean(),
    }),
  ),
});
type CaseRecord = Static<typeof CaseRecord>;
const checkRecord = Compile(Type.Array(CaseRecord));

/**
 * Writes what a case measured into the documentation: its part of the table, and the plots of all. Cases that do not run
 * this time keep what they measured last. `order` is the order of all cases in the table.
 */
export async function publish(
  name: string,
  rows: readonly BenchRow[],
  order: readonly string[],
): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const machine = `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ${platform()} ${arch()}, Node ${process.version}`;
  const measured: CaseRecord = {
    case: name,
    date: new Date().toISOString().slice(0, 10),
    machine,
    load: Number((loadavg()[1] ?? 0).toFixed(1)),
    rows: rows.map((row) => ({ ...row })),
  };
  const records = [...(await recorded()).filter((record) => record.case !== name), measured]
    .filter((record) => order.includes(record.case))
    .sort((a, b) => order.indexOf(a.case) - order.indexOf(b.case));
  await writeFile(RECORD, `${JSON.stringify(records, undefined, 1)}\n`);
  for (const { fileName, svg } of plotsOf(records.flatMap((record) => record.rows))) {
    await writeFile(join(FOLDER, fileName), svg);
  }
  const page = await readFile(PAGE, "utf8");
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from)
    throw new Error(`${PAGE} has no place for the last run: put back\n${BEGIN}\n${END}`);
  await writeFile(PAGE, page.slice(0, from + BEGIN.length) + tablesOf(records) + page.slice(to));
}

async function recorded(): Promise<CaseRecord[]> {
  try {
    return checkRecord.Parse(JSON.parse(await readFile(RECORD, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new Error(`${RECORD} is not what this version wrote: delete it`, { cause: error });
  }
}

function tablesOf(records: readonly CaseRecord[]): string {
  const judged = records.flatMap(({ rows }) => rows.filter((row) => row.bar !== undefined));
  const sections = records.map(({ case: name, date, machine, load, rows }) =>
    [
      `### ${name}`,
      `${date}, ${machine}, load ${load}.`,
      "",
      "| row | value | unit | bar | |",
      "| --- | ---: | --- | ---: | --- |",
      ...rows.map((row) => lineOf(row, name)),
    ].join("\n"),
  );
  const met = `Met: ${judged.filter((row) => row.ok).length} of ${judged.length} bars.`;
  return ["", met, ...sections, ""].join("\n\n");
}

function lineOf({ name, value, unit, bar, ok }: BenchRow, of: string): string {
  const verdict = bar === undefined ? "" : ok ? "met" : "**missed**";
  const short = name.startsWith(`${of}/`) ? name.slice(of.length + 1) : name;
  return `| ${short} | ${figureOf(value)} | ${unit} | ${bar ?? ""} | ${verdict} |`;
}

function figureOf(value: number): string {
  return String(Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3)));
}
