import { mkdir, readFile, writeFile } from "node:fs/promises";
import { arch, cpus, loadavg, platform } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/run.ts";
import { plotsOf } from "./plot/plots.ts";
import type { BenchRow } from "./report.ts";

const PAGE = join(ROOT, "docs", "benchmarks.md");
const PICTURES = join(ROOT, "docs", "benchmarks");
const BEGIN = "<!-- last run: written by npm run bench -- reservation --publish -->";
const END = "<!-- end of last run -->";

/** Writes the plots of a run and its table into the documentation. */
export async function publish(rows: readonly BenchRow[]): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  for (const { fileName, svg } of plotsOf(rows)) await writeFile(join(PICTURES, fileName), svg);
  const page = await readFile(PAGE, "utf8");
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from)
    throw new Error(`${PAGE} has no place for the last run: put back\n${BEGIN}\n${END}`);
  await writeFile(PAGE, page.slice(0, from + BEGIN.length) + tableOf(rows) + page.slice(to));
}

function tableOf(rows: readonly BenchRow[]): string {
  const judged = rows.filter((row) => row.bar !== undefined);
  const machine = `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ${platform()} ${arch()}, Node ${process.version}, load ${short(loadavg()[1] ?? 0)}`;
  return [
    "",
    "",
    `${new Date().toISOString().slice(0, 10)}, ${machine}. Met: ${judged.filter((row) => row.ok).length} of ${judged.length} bars.`,
    "",
    "| row | value | unit | bar | |",
    "| --- | ---: | --- | ---: | --- |",
    ...rows.map(lineOf),
    "",
    "",
  ].join("\n");
}

function lineOf({ name, value, unit, bar, ok }: BenchRow): string {
  const verdict = bar === undefined ? "" : ok ? "met" : "**missed**";
  return `| ${name} | ${short(value)} | ${unit} | ${bar ?? ""} | ${verdict} |`;
}

function short(value: number): string {
  return String(Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3)));
}
