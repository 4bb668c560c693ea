import { loadSite, siteDirectory } from "../files.ts";
import { type VehicleClassId, vehicleClassIdOf } from "../ids.ts";
import { describeProblem } from "../layout/problems.ts";
import type { Site } from "../layout/site.ts";

export const CARRIER: VehicleClassId = vehicleClassIdOf("sim.carrier-15");

/** A committed site, for tests. */
export async function committedSite(siteId: string): Promise<Site> {
  const result = await loadSite(siteDirectory(siteId));
  if (!result.ok) throw new Error(result.problems.map(describeProblem).join("\n"));
  return result.site;
}
