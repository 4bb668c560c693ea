import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GeneratedSite } from "./generate/generate-site.ts";
import { SIDES } from "./ids.ts";
import { type ParseResult, parseSite } from "./layout/parse-site.ts";
import type { MapProblem } from "./layout/problems.ts";

export { generatedSite } from "./generate/generated-site.ts";
export type { SiteParameters } from "./generate/parameters.ts";
export { ALL_PARAMETERS } from "./generate/sites.ts";
export { type LayoutChange, withLayout } from "./generate/with-layout.ts";

export const SITE_FILE_NAME = "site.json";

const SITES = fileURLToPath(new URL("../sites/", import.meta.url));

/** Where a committed site's files are. */
export function siteDirectory(siteId: string): string {
  return join(SITES, siteId);
}

/** The ids of the committed sites. */
export async function listSites(): Promise<string[]> {
  const entries = await readdir(SITES, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * Reads a site from its directory (or from its site file): `site.json` and the LIF files that it names beside
 * it. What is wrong comes back as problems; nothing is thrown for a bad or missing file.
 */
export async function loadSite(directoryOrFile: string): Promise<ParseResult> {
  const siteFile = (await isDirectory(directoryOrFile))
    ? join(directoryOrFile, SITE_FILE_NAME)
    : directoryOrFile;
  const read = await readJson(siteFile);
  if (!read.ok) return { ok: false, problems: [read.problem] };
  const directory = dirname(siteFile);
  const [vn, cn] = SIDES.map((side) => join(directory, basename(lifFileOf(read.value, side))));
  if (vn === undefined || cn === undefined) throw new Error("there are two sides");
  const lif = { vn: await readJson(vn), cn: await readJson(cn) };
  const problems = [lif.vn, lif.cn].flatMap((result) => (result.ok ? [] : [result.problem]));
  if (!lif.vn.ok || !lif.cn.ok) return { ok: false, problems };
  return parseSite({
    siteFile: read.value,
    lif: { vn: lif.vn.value, cn: lif.cn.value },
    where: { siteFile, vn, cn },
  });
}

/** Writes a generated site's files; the same site gives the same bytes. Returns the paths written. */
export async function writeSite(directory: string, generated: GeneratedSite): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const contents = siteContents(generated);
  const paths: string[] = [];
  for (const { name, text } of contents) {
    const path = join(directory, name);
    await writeFile(path, text);
    paths.push(path);
  }
  return paths;
}

/** A generated site's files by name, as they are written. */
export function siteContents(generated: GeneratedSite): { readonly name: string; readonly text: string }[] {
  const text = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;
  return [
    { name: SITE_FILE_NAME, text: text(generated.siteFile) },
    ...SIDES.map((side) => ({
      name: generated.siteFile.sides[side].lifFile,
      text: text(generated.lif[side]),
    })),
  ];
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** The LIF file that a site file names, even when the site file is otherwise broken. */
function lifFileOf(siteFile: unknown, side: string): string {
  const named = field(field(field(siteFile, "sides"), side), "lifFile");
  return typeof named === "string" && named !== "" ? named : `${side}.lif.json`;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: MapProblem };

/** Reads a JSON file; what is wrong comes back as a problem. */
export async function readJson(file: string): Promise<JsonResult> {
  const refuse = (code: "file.unreadable" | "file.not-json", message: string, hint: string): JsonResult => ({
    ok: false,
    problem: { code, file, path: "", message, hint },
  });
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return refuse("file.unreadable", message, "Check the path, and that the file may be read.");
  }
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return refuse("file.not-json", message, "Repair the file until it is JSON, or export it again.");
  }
}
