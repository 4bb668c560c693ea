/**
 * `npm test [-- vitest arguments]`: provides Redis, mosquitto and Chromium, builds the twin, runs every suite, and
 * ends with one line `N passed, N failed, N skipped`.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Type from "typebox";
import { Value } from "typebox/value";
import { buildTwin } from "./build-twin.ts";
import { CHROMIUM, MOSQUITTO, provide, REDIS } from "./provision/debian.ts";
import { run, tool } from "./run.ts";

const Report = Type.Object({
  numPassedTests: Type.Integer(),
  numFailedTests: Type.Integer(),
  numPendingTests: Type.Integer(),
  numTodoTests: Type.Integer(),
  success: Type.Boolean(),
});

for (const program of [REDIS, MOSQUITTO, CHROMIUM]) await provide(program);
await buildTwin();

const folder = await mkdtemp(join(tmpdir(), "baton-test-"));
try {
  const reportFile = join(folder, "report.json");
  const code = await run(tool("vitest"), [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${reportFile}`,
    ...process.argv.slice(2),
  ]);
  const report = Value.Parse(Report, Value.Clean(Report, JSON.parse(await readFile(reportFile, "utf8"))));
  const skipped = report.numPendingTests + report.numTodoTests;
  // A file that cannot be loaded has no failed test of its own, and is a failure all the same.
  const failed = Math.max(report.numFailedTests, report.success && code === 0 ? 0 : 1);
  console.log(`${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = code === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
