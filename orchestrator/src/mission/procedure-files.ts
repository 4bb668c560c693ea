import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Procedure, readProcedure } from "./procedure.ts";

/** The procedures that ship with the product. */
const PROCEDURES_DIRECTORY = fileURLToPath(new URL("./procedures", import.meta.url));

/** A procedure file that cannot be used: which, where in it, and why. Code `procedure.invalid`. */
class ProcedureError extends Error {
  readonly code = "procedure.invalid";
  readonly file: string;
  constructor(file: string, problems: readonly string[]) {
    super(`${file} is no usable procedure:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "ProcedureError";
    this.file = file;
  }
}

/** Reads every `*.json` of a folder. Throws a ProcedureError for the first one that does not hold up. */
export async function loadProcedures(
  directory: string = PROCEDURES_DIRECTORY,
): Promise<readonly Procedure[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".json")).sort();
  const procedures: Procedure[] = [];
  for (const name of names) {
    const file = join(directory, name);
    let data: unknown;
    try {
      data = JSON.parse(await readFile(file, "utf8"));
    } catch (error) {
      throw new ProcedureError(file, [error instanceof Error ? error.message : String(error)]);
    }
    const reading = readProcedure(data);
    if (reading.kind === "invalid") throw new ProcedureError(file, reading.problems);
    const twin = procedures.find(
      (one) => one.procedureId === reading.procedure.procedureId && one.version === reading.procedure.version,
    );
    if (twin !== undefined)
      throw new ProcedureError(file, [
        `/version: ${twin.procedureId} version ${twin.version} is in another file too`,
      ]);
    procedures.push(reading.procedure);
  }
  return procedures;
}
