import { describeProblem, type Site } from "@baton/maps";
import { ALL_PARAMETERS, generatedSite, listSites, loadSite, siteDirectory } from "@baton/maps/files";
import type { CAC } from "cac";
import type { SiteLimits } from "../limits/lane-limits.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { limitsTable } from "../limits/table.ts";
import { listScenarios, loadDefaults, loadScenario, ScenarioError } from "../scenario/load.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { overridesFrom } from "./overrides.ts";

/** The class that the generated sites have. */
const VEHICLE_CLASS_ID = "sim.carrier-15";

export function addLimitsCommand(cli: CAC): void {
  cli
    .command("limits <site>", "Say what bounds each unmanned lane of a site, or of a scenario")
    .option("--json", "As JSON")
    .option("--set <path=value>", "Another figure for a scenario; may be given again")
    .action(async (name: string, options: { readonly json?: boolean; readonly set?: unknown }) => {
      const limits = await limitsFor(name, options.set);
      console.log(options.json === true ? JSON.stringify(limits, undefined, 2) : limitsTable(limits));
    });
}

async function limitsFor(name: string, set: unknown): Promise<SiteLimits> {
  // Not before it is needed: it brings all rooms of the orchestrator with it.
  const { loadProcedures } = await import("@baton/orchestrator/rooms");
  const procedures = await loadProcedures();
  const site = await siteNamed(name);
  if (site !== undefined) {
    const targets = (await library()).filter((one) => one.siteId === site.siteId && one.road !== undefined);
    return limitsOf({
      site,
      vehicleClassId: VEHICLE_CLASS_ID,
      procedures,
      times: await loadDefaults(),
      targets,
    });
  }
  const { scenario, site: its } = await loadScenario(name, overridesFrom(set));
  const targets = scenario.road === undefined ? [] : [scenario];
  const { vehicleClassId } = scenario;
  return limitsOf({ site: its, vehicleClassId, procedures, times: scenario, scenario, targets });
}

async function siteNamed(name: string): Promise<Site | undefined> {
  if ((await listSites()).includes(name)) {
    const read = await loadSite(siteDirectory(name));
    if (read.ok) return read.site;
    throw new ScenarioError("scenario.site", read.problems.map(describeProblem).join("\n"));
  }
  return ALL_PARAMETERS.some((one) => one.siteId === name) ? generatedSite(name) : undefined;
}

async function library(): Promise<Scenario[]> {
  const names = await listScenarios();
  return Promise.all(names.map(async (name) => (await loadScenario(name)).scenario));
}
