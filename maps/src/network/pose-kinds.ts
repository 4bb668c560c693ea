import type { Side } from "../ids.ts";
import { type Site, stationsOf } from "../layout/site.ts";
import type { StationKind } from "../layout/site-file.ts";
import type { Grounds } from "./ground.ts";
import { PoseKind } from "./network.ts";
import type { Roads } from "./roads.ts";

/** Stations where a vehicle may stay for ever: their nodes are endpoints. */
const ENDPOINTS: ReadonlySet<StationKind> = new Set([
  "crane",
  "buffer",
  "inspection-dock",
  "hold-line",
  "parking",
  "charger",
]);
/** Stations in the lane where a vehicle is told to stop: stops, whatever lies beside them. */
const STOPS: ReadonlySet<StationKind> = new Set(["portal", "exit-gate", "entry-gate", "first-stop"]);

/**
 * What each stop pose may be used for.
 * - The node of a bay or of the hold line is an endpoint; that of a station in the lane is a stop on the way.
 * - Where a body would stand astride the line, or on ground of a move that another vehicle could take without
 *   having to pass this very place, nobody stops: the pose is inside a junction.
 * - Every other node is a place on the way.
 */
export function poseKinds(site: Site, side: Side, roads: Roads, grounds: Grounds): Uint8Array {
  const named = new Map<string, PoseKind>();
  for (const station of stationsOf(site, side)) {
    if (station.nodeId === undefined) continue;
    if (ENDPOINTS.has(station.kind)) named.set(station.nodeId, PoseKind.endpoint);
    else if (STOPS.has(station.kind)) named.set(station.nodeId, PoseKind.way);
  }
  return Uint8Array.from(roads.poses, (entry, pose) => {
    const kind = named.get(entry.nodeId);
    if (kind !== undefined) return kind;
    return isAstride(grounds, pose) || barsOthers(roads, grounds, pose) ? PoseKind.passing : PoseKind.way;
  });
}

function isAstride(grounds: Grounds, pose: number): boolean {
  return (grounds.pieces.vn[pose]?.length ?? 0) > 0 && (grounds.pieces.cn[pose]?.length ?? 0) > 0;
}

/** Whether a body standing at a pose bars a move that neither leads only to it nor comes only from it. */
function barsOthers(roads: Roads, grounds: Grounds, pose: number): boolean {
  for (const side of ["vn", "cn"] as const) {
    for (const item of grounds.overlapping[side][pose] ?? []) {
      const move = item - grounds.poses;
      if (move >= 0 && !leadsOnlyTo(roads, move, pose) && !comesOnlyFrom(roads, move, pose)) return true;
    }
  }
  return false;
}

/** No chain of moves without a branch is longer than this many moves where bodies could still overlap. */
const MAX_CHAIN = 16;

/** Whether a vehicle on a move cannot but come to a pose. */
function leadsOnlyTo(roads: Roads, move: number, pose: number): boolean {
  let at = roads.moves[move]?.to;
  for (let i = 0; i < MAX_CHAIN && at !== undefined; i += 1) {
    if (at === pose) return true;
    const [next, branch] = roads.outgoing[at] ?? [];
    at = next === undefined || branch !== undefined ? undefined : roads.moves[next]?.to;
  }
  return false;
}

/** Whether a vehicle on a move cannot but have come from a pose. */
function comesOnlyFrom(roads: Roads, move: number, pose: number): boolean {
  let at = roads.moves[move]?.from;
  for (let i = 0; i < MAX_CHAIN && at !== undefined; i += 1) {
    if (at === pose) return true;
    const [before, branch] = roads.incoming[at] ?? [];
    at = before === undefined || branch !== undefined ? undefined : roads.moves[before]?.from;
  }
  return false;
}
