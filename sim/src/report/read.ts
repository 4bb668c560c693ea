import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Compile } from "typebox/compile";
import { RunRecord } from "../run/record.ts";

const check = Compile(RunRecord);
const MAX_PROBLEMS_TOLD = 5;
/** How the records of a folder are named: `run.json`, or one a seed. */
const RECORD_FILE = /^run(-.+)?\.json$/;

/**
 * Reads the record of a run.
 * @throws {Error} saying what it lacks.
 */
export async function readRecord(path: string): Promise<RunRecord> {
  const value: unknown = JSON.parse(await readFile(path, "utf8"));
  if (check.Check(value)) return value;
  const told = check
    .Errors(value)
    .slice(0, MAX_PROBLEMS_TOLD)
    .map(({ instancePath, message }) => `${instancePath || "/"}: ${message}`);
  throw new Error(`${path} is no record of a run:\n${told.join("\n")}`);
}

/**
 * The records in a file, or in a folder that `run --out` has made. Undefined when there is nothing at that path.
 * @throws {Error} when there is something else.
 */
export async function readRecords(path: string): Promise<RunRecord[] | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isDirectory()) return [await readRecord(path)];
  const files = (await readdir(path)).filter((file) => RECORD_FILE.test(file)).sort();
  if (files.length === 0) throw new Error(`${path} has no run.json; name a folder that "run --out" has made`);
  return Promise.all(files.map((file) => readRecord(join(path, file))));
}
