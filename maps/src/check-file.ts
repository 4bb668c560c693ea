import { loadSite, readJson } from "./files.ts";
import { SIDES, type Side, vehicleClassIdOf } from "./ids.ts";
import { checkLif } from "./layout/check-lif.ts";
import type { MapProblem } from "./layout/problems.ts";
import type { Site } from "./layout/site.ts";
import { compileNetwork } from "./network/compile.ts";
import { openLoadWays } from "./network/load-ways.ts";
import type { Network } from "./network/network.ts";
import type { QueueFault } from "./network/queues.ts";
import { type SectionReport, sectionReports } from "./network/section-report.ts";
import { checkWellFormed } from "./network/well-formed.ts";
import { bordersIn } from "./zones/borders-in.ts";
import { checkBorders } from "./zones/check-borders.ts";
import { BorderContradiction, partition } from "./zones/partition.ts";

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
      for (const { from, to, through } of report.unreachable) {
        if (through.length === 0) {
          add(`from ${from} there is no way to ${to}`, "Add a road, or drop one of the two endpoints.");
        } else {
          add(
            `from ${from} to ${to} every way crosses a place where a vehicle may stay: ${through.join(", ")}`,
            `Add a road that goes around ${through.join(" and ")}.`,
          );
        }
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
      for (const { queueId, nodeId, wrong } of report.queues) {
        const { message, hint } = QUEUE_FAULTS[wrong];
        add(`queue ${queueId}, node ${nodeId}: ${message}`, hint);
      }
      network.fences?.crossedBy.forEach((edgeIds, fence) => {
        const fenceId = network.fences?.ids[fence];
        for (const edgeId of edgeIds) {
          problems.push({
            code: "site.fence",
            file,
            path: `/fences (${fenceId})`,
            message: `a vehicle on ${edgeId} is partly in ${fenceId}`,
            hint: "Draw the road and the fence apart, or let the road end before it: nobody leaves a fence by a road.",
          });
        }
      });
      for (const section of sectionReports(site, network)) {
        problems.push(...sectionProblems(section, file));
        summary.push(sectionLine(section));
      }
      problems.push(...borderProblems(site, side, network, file));
      problems.push(...loadWayProblems(site, network, file));
      summary.push(
        `${side}: ${network.poses.count} stop poses (${report.endpoints} endpoints), ${network.moves.count} moves, ${network.blocks.count} blocks for ${vehicle.vehicleClassId}`,
      );
    }
  }
  return { problems, summary };
}

/** Nobody below what a crane carries: each road there is closed while it does. */
function loadWayProblems(site: Site, network: Network, file: string): MapProblem[] {
  return openLoadWays(site, network).map(({ index, deviceId, handoffPointId, edgeIds }) => ({
    code: "site.load-way",
    file,
    path: `/handoffPoints/${index}/loadWay`,
    message: `${network.side}: below what ${deviceId} carries over the line at ${handoffPointId} pass ${edgeIds.join(", ")}, and nothing closes them`,
    hint: "Draw an edge that leads nowhere over that ground in the LIF, crossing each of these roads, and name it in loadWay; or lead the roads around.",
  }));
}

/** Each block in exactly one zone, and vehicles that wait at a border bar nobody. */
function borderProblems(site: Site, side: Side, network: Network, file: string): MapProblem[] {
  const borders = bordersIn(site, side);
  if (borders === undefined) return [];
  const problem = (message: string, hint: string): MapProblem => ({
    code: "site.border",
    file,
    path: "/borders",
    message: `${side}: ${message}`,
    hint,
  });
  try {
    const { obstructing, cutOff } = checkBorders(partition(network, borders));
    return [
      ...obstructing.map(({ placeNodeId, edgeId }) =>
        problem(
          `a vehicle that waits for the border at ${placeNodeId} bars ${edgeId}`,
          "Let the border be at a node off that road.",
        ),
      ),
      ...cutOff.map(({ zoneId, from, to }) =>
        problem(
          `in ${zoneId} every way from ${from} to ${to} crosses a place where a vehicle may stay`,
          "Let the border be where others can pass.",
        ),
      ),
    ];
  } catch (error) {
    if (!(error instanceof BorderContradiction)) throw error;
    return [problem(error.message, "Move the border, or name a zone on either side of it.")];
  }
}

const QUEUE_FAULTS: Record<QueueFault, { readonly message: string; readonly hint: string }> = {
  gap: { message: "no road leads to the next place", hint: "Name the nodes in the order they are driven." },
  "side-road": {
    message:
      "another road leads off or joins before the next place, so that the queue would not be taken in order",
    hint: "Let the queue begin behind the junction, or end before it.",
  },
  junction: {
    message: "a vehicle that waits there bars others",
    hint: "Leave the node out of the queue, or move it until a body there stands clear of the junction.",
  },
  endpoint: {
    message: "it is an endpoint of its own, and not the head",
    hint: "Let the queue end there, leave the node out of it, or drop the station there.",
  },
  "no-way-out": {
    message: "from its head no endpoint can be reached",
    hint: "Lead the road on from the head of the queue to an endpoint.",
  },
};

function sectionProblems(report: SectionReport, file: string): MapProblem[] {
  const { section, runs, longestM, longestEdgeIds, perHour } = report;
  const { sectionId, blockLengthM = Number.POSITIVE_INFINITY, atLeastPerHour = 0 } = section;
  const problem = (message: string): MapProblem => ({
    code: "site.section",
    file,
    path: `/sections (${sectionId})`,
    message: `section ${sectionId} ${message}`,
    hint: `Add nodes where a body stands clear of junctions, or draw the junctions apart, on ${longestEdgeIds.join(", ") || "its edges"}.`,
  });
  if (runs === 0) return [problem("has no two places where a vehicle may stand")];
  const problems: MapProblem[] = [];
  if (longestM > blockLengthM + BLOCK_ROUNDING_M) {
    problems.push(problem(`has a block of ${longestM.toFixed(1)} m; ${blockLengthM} m is the most`));
  }
  if (perHour < atLeastPerHour) {
    problems.push(problem(`passes ${perHour.toFixed(0)} vehicles an hour; it must pass ${atLeastPerHour}`));
  }
  return problems;
}

/** Files are rounded to a tenth of a millimetre. */
const BLOCK_ROUNDING_M = 0.01;

function sectionLine({ section, longestM, perHour }: SectionReport): string {
  return `${section.sectionId}: blocks of ${longestM.toFixed(1)} m at most, ${perHour.toFixed(0)} vehicles an hour`;
}
