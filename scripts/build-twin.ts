import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT, run } from "./run.ts";

const TWIN = join(ROOT, "twin-ui");
/** Run on this very Node: the twin's configuration is TypeScript of this workspace. */
export const VITE = join(TWIN, "node_modules", "vite", "bin", "vite.js");
const STAMP = join(TWIN, "dist", ".built-from");

/** A hash of all that the twin is built from. */
async function sources(): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of [join(TWIN, "src"), join(ROOT, "orchestrator/src/contract"), join(ROOT, "maps/src")]) {
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) hash.update(file.slice(ROOT.length)).update(await readFile(file));
  }
  for (const file of ["index.html", "package.json", "vite.config.ts"])
    hash.update(await readFile(join(TWIN, file)));
  return hash.digest("hex");
}

/** Builds the twin into `twin-ui/dist`, unless that was built from these very sources; returns the folder. */
export async function buildTwin(): Promise<string> {
  const stamp = await sources();
  const built = await readFile(STAMP, "utf8").catch(() => "");
  if (built !== stamp) {
    const code = await run(process.execPath, [VITE, "build", "--logLevel", "warn", TWIN]);
    if (code !== 0) throw new Error("the twin could not be built; see above");
    await writeFile(STAMP, stamp);
  }
  return join(TWIN, "dist");
}
