/** `npm run bench -- NAME [--json] [...]`: one benchmark; prints its rows, or with --json one object. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BadBenchOption } from "../test/bench/options.ts";
import type { BenchReport } from "../test/bench/report.ts";
import { ROOT } from "./run.ts";

const folder = join(ROOT, "test", "bench");
const names = (await readdir(folder)).flatMap((file) =>
  file.endsWith(".bench.ts") ? [file.replace(".bench.ts", "")] : [],
);
const name = process.argv[2];
if (name === undefined || !names.includes(name)) {
  console.error(`npm run bench -- NAME [--json]\n\nBenchmarks: ${names.join(", ")}`);
  process.exit(2);
}
const module: { readonly bench: (args: readonly string[]) => Promise<BenchReport> } = await import(
  pathToFileURL(join(folder, `${name}.bench.ts`)).href
);
const report = await module.bench(process.argv.slice(3)).catch((error: unknown) => {
  if (!(error instanceof BadBenchOption)) throw error;
  console.error(error.message);
  process.exit(2);
});
if (process.argv.includes("--json")) {
  console.log(JSON.stringify(report));
} else {
  for (const row of report.rows) {
    const bar = row.bar === undefined ? "" : `bar ${row.bar} ${row.unit}  ${row.ok ? "met" : "MISSED"}`;
    console.log(
      `${row.name.padEnd(40)} ${row.value.toPrecision(4).padStart(10)} ${row.unit.padEnd(8)} ${bar}`,
    );
  }
}
process.exit(0);
