import { cac } from "cac";
import { listScenarios, loadScenario, ScenarioError } from "./scenario/load.ts";
import { cargoOf } from "./world/cargo.ts";
import { isContainerNo } from "./world/iso6346.ts";

/** `npm run sim -- scenarios | check FILE | cargo CONTAINER | run` */

const cli = cac("sim");

cli.command("scenarios", "List the scenarios that come with Baton").action(async () => {
  for (const name of await listScenarios()) {
    const { scenario } = await loadScenario(name);
    const { title, siteId, fleet } = scenario;
    console.log(
      `${name.padEnd(14)} site ${siteId.padEnd(10)} ${String(fleet.length).padStart(3)} vehicles  ${title}`,
    );
  }
});

cli
  .command("check <file>", "Check a scenario, by name or file, against its site")
  .action(async (file: string) => {
    const { scenario } = await loadScenario(file);
    const warm = scenario.fleet.filter((vehicle) => vehicle.warm !== undefined).length;
    console.log(
      `${scenario.scenarioId} fits ${scenario.siteId}: ${scenario.fleet.length} vehicles, ${warm} of them loaded`,
    );
  });

cli
  .command(
    "cargo <containerNo>",
    "Say what a container of a scenario really weighs, so that a declaration can fit",
  )
  .option("--scenario <name>", "The scenario", { default: "first-look" })
  .action(async (containerNo: string, options: { readonly scenario: string }) => {
    if (!isContainerNo(containerNo))
      throw new ScenarioError("scenario.invalid", `${containerNo} is no ISO 6346 number`);
    const { scenario } = await loadScenario(options.scenario);
    console.log(JSON.stringify({ containerNo, ...cargoOf(scenario.seed, containerNo) }, undefined, 2));
  });

cli.command("run [scenario]", "Run a scenario in fast time").action(() => {
  console.error(
    "Runs in fast time are not built yet. `npm start -- --speed 4` runs the same world in real processes.",
  );
  process.exitCode = 2;
});

cli.help();
cli.parse(process.argv, { run: false });
if (cli.matchedCommand === undefined && !cli.options.help) {
  cli.outputHelp();
  process.exitCode = 2;
} else {
  try {
    await cli.runMatchedCommand();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error instanceof ScenarioError ? `${error.code}: ${error.message}` : error.message);
    process.exitCode = 1;
  }
}
