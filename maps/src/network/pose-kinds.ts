import type { Side } from "../ids.ts";
import { type Site, stationsOf } from "../layout/site.ts";
import type { StationKind } from "../layout/site-file.ts";
import { firstMoveItem, type Grounds } from "./ground.ts";
import { PoseKind } from "./network.ts";
import type { Roads } from "./roads.ts";
import type { SingleTracks } from "./single-track.ts";

/** Stations where a vehicle may stay for ever: their nodes are endpoints. */
const ENDPOINTS: ReadonlySet<StationKind> = new Set([
  "crane",
  "buffer",
  "inspection-dock",
  "hold-line",
  "parking",
  "charger",
  "transfer-pad",
]);
/** Stations in the lane where a vehicle is told to stop: stops, whatever lies beside them. */
const STOPS: ReadonlySet<StationKind> = new Set([
  "portal",
  "exit-gate",
  "entry-gate",
  "first-stop",
  // For the other side's vehicles, which stand there by grants and go on: none of its own side has business there.
  "exchange-pad",
]);

/**
 * What each stop pose of a class may be used for.
 * - The node of a bay or of the hold line is an endpoint; that of a station in the lane is a stop on the way.
 * - Where a body would stand astride the line, or on ground of a move, of any class, that another vehicle could take
 *   without having to pass this very place, nobody stops: the pose is inside a junction.
 * - So nobody stops on a single-track stretch either, where the other direction would be barred, unless the site file
 *   lets vehicles of one direction follow each other there.
 * - Every other node is a place on the way.
 */
export function poseKinds(
  site: Site,
  side: Side,
  grounds: Grounds,
  ofClass: number,
  tracks: SingleTracks,
): Uint8Array {
  const named = new Map<string, PoseKind>();
  for (const station of stationsOf(site, side)) {
    if (station.nodeId === undefined) continue;
    if (ENDPOINTS.has(station.kind)) named.set(station.nodeId, PoseKind.endpoint);
    else if (STOPS.has(station.kind)) named.set(station.nodeId, PoseKind.way);
  }
  const poses = grounds.classes[ofClass]?.roads.poses ?? [];
  const first = grounds.begins[ofClass] ?? 0;
  return Uint8Array.from(poses, (entry, pose) => {
    const kind = named.get(entry.nodeId);
    if (kind !== undefined) return kind;
    const bars = isAstride(grounds, first + pose) || barsOthers(grounds, first + pose, entry.nodeId, tracks);
    return bars ? PoseKind.passing : PoseKind.way;
  });
}

function isAstride(grounds: Grounds, item: number): boolean {
  return (grounds.pieces.vn[item]?.length ?? 0) > 0 && (grounds.pieces.cn[item]?.length ?? 0) > 0;
}

/** Whether a body standing at a pose bars a move that neither leads only to it nor comes only from it. */
function barsOthers(grounds: Grounds, item: number, nodeId: string, tracks: SingleTracks): boolean {
  const here = tracksAt(grounds, item, tracks);
  for (const side of ["vn", "cn"] as const) {
    for (const index of grounds.overlapping[side][item] ?? []) {
      const other = grounds.items[index];
      if (other?.kind !== "move") continue;
      const roads = grounds.classes[other.ofClass]?.roads;
      if (roads === undefined) throw new Error(`class ${other.ofClass} is out of range`);
      // Head on, even where the road turns back and leads to this very place in the end.
      const track = here.get(tracks.ofItem[index] ?? -1);
      if (track !== undefined && track.direction === -(tracks.direction[index] ?? 0)) {
        if (track.following) continue;
        return true;
      }
      if (leadsOnlyTo(roads, other.move, nodeId) || comesOnlyFrom(roads, other.move, nodeId)) continue;
      return true;
    }
  }
  return false;
}

/** How a pose lies on a single-track stretch: which way, and whether vehicles may follow each other there. */
interface OnTrack {
  readonly direction: number;
  readonly following: boolean;
}

/** The single-track stretches of the moves to and from a pose. One follows others only inside, between two moves of it. */
function tracksAt(grounds: Grounds, index: number, tracks: SingleTracks): ReadonlyMap<number, OnTrack> {
  const item = grounds.items[index];
  const roads = item === undefined ? undefined : grounds.classes[item.ofClass]?.roads;
  if (item?.kind !== "pose" || roads === undefined) throw new Error(`item ${index} is no pose`);
  const first = firstMoveItem(grounds, item.ofClass);
  const incoming = roads.incoming[item.pose] ?? [];
  const outgoing = roads.outgoing[item.pose] ?? [];
  const on = (moves: readonly number[], track: number): boolean =>
    moves.some((move) => tracks.ofItem[first + move] === track);
  const found = new Map<number, OnTrack>();
  for (const move of [...incoming, ...outgoing]) {
    const track = tracks.ofItem[first + move] ?? -1;
    if (track < 0) continue;
    const inside = on(incoming, track) && on(outgoing, track);
    const following = inside && tracks.following[track] === true;
    found.set(track, { direction: tracks.direction[first + move] ?? 0, following });
  }
  return found;
}

/** No chain of moves without a branch is longer than this many moves where bodies could still overlap. */
const MAX_CHAIN = 24;

/** Whether a vehicle on a move cannot but come to a node. */
function leadsOnlyTo(roads: Roads, move: number, nodeId: string): boolean {
  let at = roads.moves[move]?.to;
  for (let i = 0; i < MAX_CHAIN && at !== undefined; i += 1) {
    if (roads.poses[at]?.nodeId === nodeId) return true;
    const [next, branch] = roads.outgoing[at] ?? [];
    at = next === undefined || branch !== undefined ? undefined : roads.moves[next]?.to;
  }
  return false;
}

/** Whether a vehicle on a move cannot but have come from a node. */
function comesOnlyFrom(roads: Roads, move: number, nodeId: string): boolean {
  let at = roads.moves[move]?.from;
  for (let i = 0; i < MAX_CHAIN && at !== undefined; i += 1) {
    if (roads.poses[at]?.nodeId === nodeId) return true;
    const [before, branch] = roads.incoming[at] ?? [];
    at = before === undefined || branch !== undefined ? undefined : roads.moves[before]?.from;
  }
  return false;
}
