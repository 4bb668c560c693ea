import type { CAC } from "cac";
import { listScenarios, loadScenario } from "../scenario/load.ts";
import type { Scenario } from "../scenario/scenario.ts";

export function addScenariosCommand(cli: CAC): void {
  cli
    .command("scenarios", "List the scenarios that come with Baton")
    .option("--questions", "With what each is to answer")
    .option("--table", "As the table in scenarios/README.md")
    .action(async (options: { readonly questions?: boolean; readonly table?: boolean }) => {
      if (options.table === true) return console.log((await libraryTable()).join("\n"));
      const all = await library();
      const width = Math.max(...all.map(({ scenarioId }) => scenarioId.length));
      for (const scenario of all) {
        const { scenarioId, title, fleet, question } = scenario;
        const vehicles = String(fleet.length).padStart(3);
        console.log(
          `${scenarioId.padEnd(width)}  ${siteOf(scenario).padEnd(17)} ${vehicles} vehicles  ${title}`,
        );
        if (options.questions === true) console.log(`${" ".repeat(width + 2)}${question}`);
      }
    });
}

/** The library as Markdown: what each is to answer, and its load. */
export async function libraryTable(): Promise<string[]> {
  const rows = (await library()).map((scenario) => {
    const { scenarioId, title, question, road, fleet } = scenario;
    const load =
      road === undefined
        ? "a closed loop"
        : `${road.vehiclesPerDay.value} a day, ${road.unmanned.vehiclesPerDay.value} unmanned`;
    return `| \`${scenarioId}\` | ${siteOf(scenario)} | ${load} | ${fleet.length} | ${title}. ${question} |`;
  });
  return [
    "| scenario | site | road's load | vehicles | what it answers |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ];
}

async function library(): Promise<Scenario[]> {
  const all: Scenario[] = [];
  for (const name of await listScenarios()) all.push((await loadScenario(name)).scenario);
  return all;
}

function siteOf({ baseSiteId, layout }: Scenario): string {
  return `${baseSiteId}${layout === undefined ? "" : " changed"}`;
}
