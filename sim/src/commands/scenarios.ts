import type { CAC } from "cac";
import { listScenarios, loadScenario } from "../scenario/load.ts";

export function addScenariosCommand(cli: CAC): void {
  cli.command("scenarios", "List the scenarios that come with Baton").action(async () => {
    for (const name of await listScenarios()) {
      const { scenario } = await loadScenario(name);
      const { title, siteId, fleet } = scenario;
      console.log(
        `${name.padEnd(14)} site ${siteId.padEnd(10)} ${String(fleet.length).padStart(3)} vehicles  ${title}`,
      );
    }
  });
}
