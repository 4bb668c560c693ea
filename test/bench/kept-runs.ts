import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";

/** What a run follows from, beside its name: runs of other sources than these are not taken for today's. */
const SOURCES = ["orchestrator/src/reservation/core", "maps/src", "test/bench"];
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Runs that are the same whenever they are made, each kept in a file once it is through, so that a benchmark of hours can be
 * cut off and go on. A file is named by what it is a run of and by the sources that made it. Their times were measured when
 * they were made. Without a folder nothing is kept.
 */
export async function keptRuns<Schema extends TSchema>(
  folder: string | undefined,
  schema: Schema,
): Promise<(name: readonly string[], run: () => Promise<Static<Schema>>) => Promise<Static<Schema>>> {
  if (folder === undefined) return (_name, run) => run();
  const sources = await fingerprint();
  await mkdir(folder, { recursive: true });
  return async (name, run) => {
    const file = join(folder, `${[...name, sources].join(" ").replaceAll("/", "_")}.json`);
    const before = await readFile(file, "utf8").catch(() => undefined);
    if (before !== undefined) return Value.Parse(schema, JSON.parse(before));
    const result = await run();
    // Whole or not at all: it may be cut off while it writes.
    await writeFile(`${file}.part`, JSON.stringify(result));
    await rename(`${file}.part`, file);
    return result;
  };
}

async function fingerprint(): Promise<string> {
  const digest = createHash("sha256");
  for (const folder of SOURCES) {
    const files = await readdir(join(ROOT, folder), { recursive: true });
    for (const file of files.filter(isSource).sort()) {
      digest.update(file).update(await readFile(join(ROOT, folder, file)));
    }
  }
  return digest.digest("hex").slice(0, 12);
}

function isSource(file: string): boolean {
  return file.endsWith(".ts") && !file.endsWith(".test.ts");
}
