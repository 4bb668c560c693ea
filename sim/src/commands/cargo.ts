import type { CAC } from "cac";
import { loadScenario, ScenarioError } from "../scenario/load.ts";
import { cargoOf } from "../world/cargo.ts";
import { isContainerNo } from "../world/iso6346.ts";

export function addCargoCommand(cli: CAC): void {
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
}
