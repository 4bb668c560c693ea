import { join } from "node:path";
import { siteDirectory, writeSite } from "../../maps/src/files.ts";
import type { LoadedScenario } from "../../sim/src/index.ts";

/**
 * Where orchestrators read the site of a scenario: its own files, or ones written into the demo's folder when the scenario
 * changes the layout, the opening hours or the mode of hand-over.
 */
export async function siteFolderFor({ scenario, site }: LoadedScenario, folder: string): Promise<string> {
  const { layout, calendars, handover } = scenario;
  const isChanged =
    layout !== undefined ||
    calendars.vn !== undefined ||
    calendars.cn !== undefined ||
    handover.mode !== undefined ||
    handover.transferShare !== undefined;
  if (!isChanged) return siteDirectory(site.siteId);
  const written = join(folder, "site");
  await writeSite(written, { siteFile: site.file, lif: site.lif });
  return written;
}
