import { edgeIdOf } from "../ids.ts";
import type { Site } from "../layout/site.ts";
import { vehicleClass } from "../layout/site.ts";
import type { Section } from "../layout/site-file.ts";
import { capacityPerHour } from "./capacity.ts";
import type { Network } from "./network.ts";
import { runsOf } from "./runs.ts";

/** What a section of the road is cut into, and how many vehicles an hour that passes. */
export interface SectionReport {
  readonly section: Section;
  /** Ways between two places where one may stand that lie in the section as a whole. */
  readonly runs: number;
  /** The longest of them, and the edges that it leads over; 0 and none when there is none. */
  readonly longestM: number;
  readonly longestEdgeIds: readonly string[];
  /** By the run that passes fewest. */
  readonly perHour: number;
}

/** From a vehicle's report to its follower's order: round trip and two ticks. */
const LATENCY_S = 0.6;
/** Between a vehicle's nose and the tail ahead, margins included. */
const GAP_M = 5;

/** Measures the sections that the site file names on the network's side. */
export function sectionReports(site: Site, network: Network): SectionReport[] {
  const vehicle = vehicleClass(site, network.vehicleClassId);
  if (vehicle === undefined) throw new Error(`site ${site.siteId} has no class ${network.vehicleClassId}`);
  const sections = (site.file.sections ?? []).filter((section) => section.side === network.side);
  if (sections.length === 0) return [];
  const all = runsOf(network);
  return sections.map((section) => {
    const edges = new Set(section.edgeIds.map((edgeId) => network.moveIndex(edgeIdOf(edgeId))));
    const runs = all.filter((run) => run.moves.every((move) => edges.has(move)));
    let longest = runs[0];
    let perHour = Number.POSITIVE_INFINITY;
    for (const run of runs) {
      if (longest === undefined || run.lengthM > longest.lengthM) longest = run;
      const passes = capacityPerHour({
        blockLengthM: run.lengthM,
        speedMps: run.slowestMps,
        vehicleAndGapM: vehicle.lengthM + GAP_M,
        brakingMps2: vehicle.brakingMps2,
        latencyS: LATENCY_S,
      });
      perHour = Math.min(perHour, passes);
    }
    return {
      section,
      runs: runs.length,
      longestM: longest?.lengthM ?? 0,
      longestEdgeIds: longest?.moves.map((move) => network.moves.edgeIds[move] ?? "") ?? [],
      perHour,
    };
  });
}
