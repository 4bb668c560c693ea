/** `npm run check`: types, lint and format, the arrows between rooms, dead code. Ends with 1 when anything is wrong. */
import Type from "typebox";
import { Value } from "typebox/value";
import { capture, ROOT, run, tool } from "./run.ts";

const Cruise = Type.Object({
  summary: Type.Object({
    totalCruised: Type.Integer(),
    totalDependenciesCruised: Type.Integer(),
    violations: Type.Array(
      Type.Object({ from: Type.String(), to: Type.String(), rule: Type.Object({ name: Type.String() }) }),
    ),
  }),
});

/** A cruise that reads fewer modules than this has not read the house: its parser met a compiler that it cannot use. */
const FEWEST_MODULES = 100;

async function arrows(): Promise<number> {
  const rooms = ["maps", "fleet-adapter", "orchestrator", "sim", "twin-ui"];
  const { output } = await capture(tool("depcruise"), [
    "--config",
    ".dependency-cruiser.mjs",
    "--output-type",
    "json",
    ...rooms,
  ]);
  const { summary } = Value.Parse(Cruise, JSON.parse(output));
  for (const { from, to, rule } of summary.violations) console.error(`  ${rule.name}: ${from} -> ${to}`);
  console.log(
    `arrows: ${summary.totalCruised} modules, ${summary.totalDependenciesCruised} imports, ${summary.violations.length} violations`,
  );
  if (summary.totalCruised < FEWEST_MODULES) {
    console.error(`  the arrow check read only ${summary.totalCruised} modules: it cannot be trusted`);
    return 1;
  }
  return summary.violations.length === 0 ? 0 : 1;
}

const checks: readonly (readonly [string, () => Promise<number>])[] = [
  ["types", () => run(tool("tsc"), ["-p", ROOT])],
  ["lint and format", () => run(tool("biome"), ["ci", "--error-on-warnings", "."])],
  ["arrows", arrows],
  ["dead code", () => run(tool("knip"), ["--no-progress"])],
];

let failed = 0;
for (const [name, check] of checks) {
  const code = await check();
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name}`);
  if (code !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
