import type { CAC } from "cac";
import { listScenarios, loadScenario } from "../scenario/load.ts";

export function addScenariosCommand(cli: CAC): void {
  cli
    .command("scenarios", "List the scenarios that come with Baton")
    .option("--questions", "With what each is to answer")
    .action(async (options: { readonly questions?: boolean }) => {
      const names = await listScenarios();
      const width = Math.max(...names.map((name) => name.length));
      for (const name of names) {
        const { scenario } = await loadScenario(name);
        const { title, baseSiteId, layout, fleet, question } = scenario;
        const site = `${baseSiteId}${layout === undefined ? "" : " changed"}`;
        console.log(
          `${name.padEnd(width)}  ${site.padEnd(17)} ${String(fleet.length).padStart(3)} vehicles  ${title}`,
        );
        if (options.questions === true) console.log(`${" ".repeat(width + 2)}${question}`);
      }
    });
}
