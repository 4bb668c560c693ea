import type { CAC } from "cac";
import { loadScenario } from "../scenario/load.ts";

export function addCheckCommand(cli: CAC): void {
  cli
    .command("check <file>", "Check a scenario, by name or file, against its site")
    .action(async (file: string) => {
      const { scenario } = await loadScenario(file);
      const warm = scenario.fleet.filter((vehicle) => vehicle.warm !== undefined).length;
      console.log(
        `${scenario.scenarioId} fits ${scenario.siteId}: ${scenario.fleet.length} vehicles, ${warm} of them loaded`,
      );
    });
}
