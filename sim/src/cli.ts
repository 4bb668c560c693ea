import { cac } from "cac";
import { addCargoCommand } from "./commands/cargo.ts";
import { addCheckCommand } from "./commands/check.ts";
import { addLimitsCommand } from "./commands/limits.ts";
import { addRoadCommand } from "./commands/road.ts";
import { addRunCommand } from "./commands/run.ts";
import { addScenariosCommand } from "./commands/scenarios.ts";
import { addSchemaCommand } from "./commands/schema.ts";
import { ScenarioError } from "./scenario/load.ts";

/** `npm run sim -- scenarios | check FILE | schema | cargo CONTAINER | limits SITE | road SCENARIO | run` */

const cli = cac("sim");

addScenariosCommand(cli);
addCheckCommand(cli);
addCargoCommand(cli);
addLimitsCommand(cli);
addSchemaCommand(cli);
addRoadCommand(cli);
addRunCommand(cli);

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
