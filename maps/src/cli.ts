import { writeFile } from "node:fs/promises";
import { cac } from "cac";
import { checkFile } from "./check-file.ts";
import { drawSite } from "./draw/draw-site.ts";
import { loadSite, siteDirectory, writeSite } from "./files.ts";
import { generateSite } from "./generate/generate-site.ts";
import type { SiteParameters } from "./generate/parameters.ts";
import { SITE_PARAMETERS } from "./generate/sites.ts";
import { withLanes } from "./generate/with-lanes.ts";
import { describeProblem, type MapProblem } from "./layout/problems.ts";

const cli = cac("maps");

cli
  .command("check <fileOrDir>", "Check a site (its directory or site file), or one LIF file")
  .example("  maps check maps/sites/mini")
  .action(async (fileOrDir: string) => {
    const report = await checkFile(fileOrDir);
    if (report.problems.length > 0) refuse(report.problems);
    else for (const line of report.summary) process.stdout.write(`${line}\n`);
  });

cli
  .command("draw <fileOrDir>", "Draw a site as an SVG")
  .option("--out <file>", "Where to write it", { default: "site.svg" })
  .example("  maps draw maps/sites/mini --out mini.svg")
  .action(async (fileOrDir: string, options: { out: string }) => {
    const result = await loadSite(fileOrDir);
    if (!result.ok) refuse(result.problems);
    else {
      await writeFile(String(options.out), drawSite(result.site));
      process.stdout.write(`drawn to ${options.out}\n`);
    }
  });

cli
  .command("generate", "Generate the files of a site from its parameters")
  .option("--site <siteId>", "mini, 1119-1120 or 1088-1089; all of them when left out")
  .option("--lanes <count>", "Lanes of the crossing, both directions together")
  .option("--unmanned <count>", "Unmanned lanes a direction")
  .option("--out <dir>", "Where to write the files; the committed site's folder when left out")
  .example("  maps generate --site 1119-1120 --lanes 14 --unmanned 1 --out sites/fourteen-lanes")
  .action(async (options: { site?: string; lanes?: number; unmanned?: number; out?: string }) => {
    const chosen = SITE_PARAMETERS.filter(
      (site) => options.site === undefined || site.siteId === String(options.site),
    );
    if (chosen.length === 0) return complain(`There is no site ${options.site}: it is one of ${known()}.`);
    if (options.out !== undefined && chosen.length > 1) return complain("Name one --site for --out.");
    for (const site of chosen) await generateOne(site, options);
  });

async function generateOne(
  site: SiteParameters,
  options: { lanes?: number; unmanned?: number; out?: string },
): Promise<void> {
  const parameters = withLanes(site, options.lanes, options.unmanned);
  if (typeof parameters === "string") return complain(parameters);
  const directory = options.out === undefined ? siteDirectory(site.siteId) : String(options.out);
  const paths = await writeSite(directory, generateSite(parameters));
  for (const path of paths) process.stdout.write(`wrote ${path}\n`);
}

function known(): string {
  return SITE_PARAMETERS.map((site) => site.siteId).join(", ");
}

function refuse(problems: readonly MapProblem[]): void {
  complain(
    `${problems.map(describeProblem).join("\n")}\n${problems.length} problem${problems.length === 1 ? "" : "s"}`,
  );
}

function complain(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

cli.help();
try {
  cli.parse(process.argv, { run: false });
  if (cli.matchedCommand === undefined && cli.options.help !== true) {
    cli.outputHelp();
    process.exitCode = 1;
  }
  await cli.runMatchedCommand();
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
}
