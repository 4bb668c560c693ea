import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeProblem, type Site } from "@baton/maps";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { Compile } from "typebox/compile";
import { scenarioProblems } from "./check.ts";
import { Scenario } from "./scenario.ts";

const SCENARIOS = fileURLToPath(new URL("../../scenarios/", import.meta.url));
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

const scenarioCheck = Compile(Scenario);

/**
 * Reads a scenario, by its name or by the path of its file, and its site, and checks one against the other.
 * @throws {ScenarioError} saying what is wrong and where.
 */
export async function loadScenario(nameOrPath: string): Promise<LoadedScenario> {
  const isName = /^[A-Za-z0-9_-]+$/.test(nameOrPath);
  const path = isName ? join(SCENARIOS, `${nameOrPath}.json`) : nameOrPath;
  const scenario = await readScenario(path);
  const read = await loadSite(siteDirectory(scenario.siteId));
  if (!read.ok) {
    const told = read.problems.slice(0, MAX_PROBLEMS_TOLD).map(describeProblem);
    throw new ScenarioError("scenario.site", `${path}: site ${scenario.siteId}: ${told.join("\n")}`);
  }
  const problems = scenarioProblems(scenario, read.site);
  if (problems.length > 0) {
    const told = problems.slice(0, MAX_PROBLEMS_TOLD).join("\n");
    throw new ScenarioError("scenario.invalid", `${path} does not fit site ${scenario.siteId}:\n${told}`);
  }
  return { scenario, site: read.site };
}

async function readScenario(path: string): Promise<Scenario> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ScenarioError(
      "scenario.unreadable",
      `${path}: ${reason}. Name one of ${(await listScenarios()).join(", ")}, or a scenario file.`,
    );
  }
  if (scenarioCheck.Check(value)) return value;
  const problems = scenarioCheck
    .Errors(value)
    .map((problem) => `${problem.instancePath || "/"}: ${problem.message}`);
  throw new ScenarioError(
    "scenario.invalid",
    `${path} is no scenario:\n${problems.slice(0, MAX_PROBLEMS_TOLD).join("\n")}`,
  );
}
