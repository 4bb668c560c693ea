import { cac } from "cac";
import { addCargoCommand } from "./commands/cargo.ts";
import { addCheckCommand } from "./commands/check.ts";
import { addCompareCommand } from "./commands/compare.ts";
import type { Host } from "./commands/host.ts";
import { addLimitsCommand } from "./commands/limits.ts";
import { addRecordCommand } from "./commands/record.ts";
import { addRoadCommand } from "./commands/road.ts";
import { addRunCommand } from "./commands/run.ts";
import { addScenariosCommand } from "./commands/scenarios.ts";
import { addSchemaCommand } from "./commands/schema.ts";
import { addSizeCommand } from "./commands/size.ts";
import { ScenarioError } from "./scenario/load.ts";

/**
 * `npm run sim -- scenarios | check FILE | schema | cargo CONTAINER | limits SITE | road SCENARIO | run SCENARIO |
 * compare A B | size SCENARIO | record`. Sets the process's exit code: 1 when it could not be done, 2 for a wrong command.
 */
export async function simCli(argv: readonly string[], host: Host): Promise<void> {
  const cli = cac("sim");
  addScenariosCommand(cli);
  addCheckCommand(cli);
  addCargoCommand(cli);
  addLimitsCommand(cli);
  addSchemaCommand(cli);
  addRoadCommand(cli);
  addRunCommand(cli, host);
  addCompareCommand(cli, host);
  addSizeCommand(cli, host);
  addRecordCommand(cli);
  for (const { name, about } of host.trials) cli.command(name, about);
  cli.help();
  cli.parse([...argv], { run: false });
  if (cli.matchedCommand === undefined && !cli.options.help) {
    cli.outputHelp();
    process.exitCode = 2;
    return;
  }
  try {
    await cli.runMatchedCommand();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error instanceof ScenarioError ? `${error.code}: ${error.message}` : error.message);
    process.exitCode = 1;
  }
}
