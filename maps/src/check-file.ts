import { loadSite, readJson } from "./files.ts";
import { SIDES, vehicleClassIdOf } from "./ids.ts";
import { checkLif } from "./layout/check-lif.ts";
import type { MapProblem } from "./layout/problems.ts";
import type { Site } from "./layout/site.ts";
import { compileNetwork } from "./network/compile.ts";
import { checkWellFormed } from "./network/well-formed.ts";

export interface FileReport {
  readonly problems: readonly MapProblem[];
  /** What the file contains, when nothing is wrong with it. */
  readonly summary: readonly string[];
}

/** Checks a site by its directory or site file, or one LIF file by itself. */
export async function checkFile(path: string): Promise<FileReport> {
  if (path.endsWith(".json")) {
    const read = await readJson(path);
    if (!read.ok) return { problems: [read.problem], summary: [] };
    if (!isSiteFile(read.value)) {
      const result = checkLif(read.value, path);
      if (!result.ok) return { problems: result.problems, summary: [] };
      const [layout] = result.lif.layouts;
      const counts = `${layout?.nodes.length ?? 0} nodes, ${layout?.edges.length ?? 0} edges`;
      return { problems: [], summary: [`${path}: LIF ${result.lif.metaInformation.lifVersion}, ${counts}`] };
    }
  }
  const result = await loadSite(path);
  if (!result.ok) return { problems: result.problems, summary: [] };
  return checkNetworks(result.site, path);
}

function isSiteFile(value: unknown): boolean {
  return typeof value === "object" && value !== null && !("layouts" in value || "metaInformation" in value);
}

function checkNetworks(site: Site, file: string): FileReport {
  const problems: MapProblem[] = [];
  const summary = [`site ${site.siteId}: ${site.file.name.en}`];
  for (const side of SIDES) {
    for (const vehicle of site.file.vehicleClasses) {
      const network = compileNetwork(site, side, vehicleClassIdOf(vehicle.vehicleClassId));
      const report = checkWellFormed(network);
      const add = (message: string, hint: string): void => {
        problems.push({ code: "site.not-well-formed", file, path: `/sides/${side}`, message, hint });
      };
      for (const { from, to } of report.unreachable) {
        add(
          `from ${from} there is no way to ${to} past all other endpoints`,
          "Add a road that goes around the endpoints between them.",
        );
      }
      for (const { endpoint, edgeId } of report.obstructing) {
        add(
          `a vehicle that stands at ${endpoint} bars ${edgeId}`,
          "Move the endpoint off the road, or the road around it.",
        );
      }
      for (const nodeId of report.stranded) {
        add(`from ${nodeId} no endpoint can be reached`, "Lead the road on to an endpoint.");
      }
      summary.push(
        `${side}: ${network.poses.count} stop poses (${report.endpoints} endpoints), ${network.moves.count} moves, ${network.blocks.count} blocks for ${vehicle.vehicleClassId}`,
      );
    }
  }
  return { problems, summary };
}
