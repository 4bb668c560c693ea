import type { CAC } from "cac";
import { loadScenario } from "../scenario/load.ts";
import { overridesFrom } from "./overrides.ts";

export function addCheckCommand(cli: CAC): void {
  cli
    .command("check <file>", "Check a scenario, by name or file, against its site")
    .option("--set <path=value>", "Another figure, as fleet.count=46; may be given again")
    .action(async (file: string, options: { readonly set?: unknown }) => {
      const { scenario } = await loadScenario(file, overridesFrom(options.set));
      const warm = scenario.fleet.filter((vehicle) => vehicle.warm !== undefined).length;
      console.log(
        `${scenario.scenarioId} fits ${scenario.siteId}: ${scenario.fleet.length} vehicles, ${warm} of them loaded`,
      );
    });
}
