import { parseSite } from "../layout/parse-site.ts";
import { describeProblem } from "../layout/problems.ts";
import type { Site } from "../layout/site.ts";
import { generateSite } from "./generate-site.ts";
import type { SiteParameters } from "./parameters.ts";
import { ALL_PARAMETERS } from "./sites.ts";

/**
 * A site made from its parameters, without files: `gate-2030` (the layout to measure on, room for 200 vehicles
 * a side), or one of the committed sites, or parameters of one's own.
 * @throws when there is no such site, or when the parameters make none that passes the checks.
 */
export function generatedSite(site: string | SiteParameters): Site {
  const parameters =
    typeof site === "string" ? ALL_PARAMETERS.find((candidate) => candidate.siteId === site) : site;
  if (parameters === undefined) {
    const known = ALL_PARAMETERS.map(({ siteId }) => siteId).join(", ");
    throw new Error(`there is no site ${String(site)}: it is one of ${known}`);
  }
  const { siteFile, lif } = generateSite(parameters);
  const where = { siteFile: "site.json", vn: siteFile.sides.vn.lifFile, cn: siteFile.sides.cn.lifFile };
  const parsed = parseSite({ siteFile, lif, where });
  if (!parsed.ok) throw new Error(parsed.problems.map(describeProblem).join("\n"));
  return parsed.site;
}
