import type { CAC } from "cac";
import { Distribution } from "../scenario/distribution.ts";
import { DailyWindow } from "../scenario/hours.ts";
import { ScenarioFile } from "../scenario/scenario-file.ts";
import { fieldTable } from "../scenario/schema-table.ts";

export function addSchemaCommand(cli: CAC): void {
  cli
    .command("schema", "Print the JSON Schema of a scenario file")
    .option("--table", "As the table in scenarios/README.md")
    .action((options: { readonly table?: boolean }) => {
      console.log(
        options.table === true ? scenarioTable().join("\n") : JSON.stringify(jsonSchema(), undefined, 2),
      );
    });
}

/** The fields of a scenario file as Markdown. */
export function scenarioTable(): string[] {
  return fieldTable(ScenarioFile, [
    { schema: Distribution, name: "distribution" },
    { schema: DailyWindow, name: "window" },
  ]);
}

function jsonSchema(): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A scenario of Baton, version 2",
    ...ScenarioFile,
  };
}
