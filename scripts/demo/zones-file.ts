import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Side } from "../../maps/src/index.ts";
import { type LoadedScenario, zoneSetsOf } from "../../sim/src/index.ts";

/** Where a side's orchestrator reads the zones of the scenario; an empty list where it has none. */
export async function zonesFileFor(
  { scenario, site }: LoadedScenario,
  side: Side,
  folder: string,
): Promise<string> {
  const written = join(folder, `zones-${side}.json`);
  await writeFile(written, JSON.stringify(zoneSetsOf(scenario, site, side)));
  return written;
}
