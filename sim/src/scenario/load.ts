import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Site } from "@baton/maps";
import { Compile } from "typebox/compile";
import { fileProblems, scenarioProblems } from "./check.ts";
import { type Override, withOverrides } from "./override.ts";
import { resolved } from "./resolve.ts";
import type { Scenario } from "./scenario.ts";
import { Defaults, ScenarioFile } from "./scenario-file.ts";
import { siteOf } from "./site-of.ts";
import { migrated, ScenarioFileV1 } from "./version-1.ts";

const SCENARIOS = fileURLToPath(new URL("../../scenarios/", import.meta.url));
const DEFAULTS = join(SCENARIOS, "defaults", "defaults.json");
const MAX_PROBLEMS_TOLD = 8;

/** A scenario that cannot be read, does not fit its schema, or does not fit its site. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
  readonly code: "scenario.unreadable" | "scenario.invalid" | "scenario.site";

  constructor(code: ScenarioError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

export interface LoadedScenario {
  readonly scenario: Scenario;
  readonly site: Site;
}

/** The names of the scenarios that come with Baton. */
export async function listScenarios(): Promise<string[]> {
  const files = await readdir(SCENARIOS);
  return files
    .filter((file) => file.endsWith(".json"))
    .map((file) => basename(file, ".json"))
    .sort();
}

const fileCheck = Compile(ScenarioFile);
const version1Check = Compile(ScenarioFileV1);
const defaultsCheck = Compile(Defaults);

/**
 * Reads a scenario, by its name or by the path of its file, with figures overridden by path if there are any, makes its site, and checks
 * one against the other. Files of version 1 are read as what they mean in version 2.
 * @throws {ScenarioError} saying what is wrong and where.
 */
export async function loadScenario(
  nameOrPath: string,
  overrides: readonly Override[] = [],
): Promise<LoadedScenario> {
  const isName = /^[A-Za-z0-9_-]+$/.test(nameOrPath);
  const path = isName ? join(SCENARIOS, `${nameOrPath}.json`) : nameOrPath;
  return scenarioFrom(await readJson(path), path, overrides);
}

/**
 * A scenario from the contents of a file.
 * @throws {ScenarioError} as `loadScenario`; `where` names the file in it.
 */
export async function scenarioFrom(
  contents: unknown,
  where: string,
  overrides: readonly Override[] = [],
): Promise<LoadedScenario> {
  const overridden = withOverrides(latest(contents, where), overrides);
  if (overridden.kind !== "set")
    throw new ScenarioError("scenario.invalid", `${where}: ${overridden.detail}`);
  const file = checked(overridden.file, where);
  let site: Site;
  try {
    site = await siteOf(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ScenarioError("scenario.site", `${where}: site ${file.siteId}: ${reason}`);
  }
  const scenario = resolved(file, site, await loadDefaults());
  const problems = scenarioProblems(scenario, site, file);
  if (problems.length > 0) {
    const told = problems.slice(0, MAX_PROBLEMS_TOLD).join("\n");
    throw new ScenarioError("scenario.invalid", `${where} does not fit site ${file.siteId}:\n${told}`);
  }
  return { scenario, site };
}

/**
 * What holds for every scenario that does not say otherwise.
 * @throws {ScenarioError}
 */
export async function loadDefaults(): Promise<Defaults> {
  const value = await readJson(DEFAULTS);
  if (defaultsCheck.Check(value)) return value;
  throw new ScenarioError("scenario.invalid", `${DEFAULTS}:\n${told(defaultsCheck.Errors(value))}`);
}

function latest(contents: unknown, where: string): unknown {
  const isVersion1 =
    typeof contents === "object" &&
    contents !== null &&
    "scenarioVersion" in contents &&
    contents.scenarioVersion === 1;
  if (!isVersion1) return contents;
  if (version1Check.Check(contents)) return migrated(contents);
  throw new ScenarioError(
    "scenario.invalid",
    `${where} is no scenario of version 1:\n${told(version1Check.Errors(contents))}`,
  );
}

function checked(value: unknown, where: string): ScenarioFile {
  if (!fileCheck.Check(value)) {
    throw new ScenarioError("scenario.invalid", `${where} is no scenario:\n${told(fileCheck.Errors(value))}`);
  }
  const problems = fileProblems(value);
  if (problems.length === 0) return value;
  throw new ScenarioError("scenario.invalid", `${where} is no scenario:\n${problems.join("\n")}`);
}

function told(errors: readonly { readonly instancePath: string; readonly message: string }[]): string {
  return errors
    .slice(0, MAX_PROBLEMS_TOLD)
    .map((problem) => `${problem.instancePath || "/"}: ${problem.message}`)
    .join("\n");
}

async function readJson(path: string): Promise<unknown> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ScenarioError(
      "scenario.unreadable",
      `${path}: ${reason}. Name one of ${(await listScenarios()).join(", ")}, or a scenario file.`,
    );
  }
}
