import type { Side } from "@baton/maps";
import type { SiteView } from "@baton/orchestrator/contract";
import { type Polyline, polylineOf } from "./geometry/polyline.ts";

export type StationView = SiteView["stations"][number];
export type LaneView = SiteView["lanes"][number];

/** A rectangle along the axes of the site frame. */
export interface Bounds {
  minXM: number;
  maxXM: number;
  minYM: number;
  maxYM: number;
}

/** A flat concrete area: a yard. */
export interface Pad extends Bounds {
  readonly side: Side;
}

/**
 * What the drawing layers derive from a site once: roads as polylines, an index of the ground that they
 * cover, yards, extents. Pure. Frame: site, metres.
 */
export interface SitePlan {
  readonly roads: ReadonlyMap<string, Polyline>;
  readonly lanes: readonly { readonly lane: LaneView; readonly line: Polyline }[];
  readonly stations: readonly StationView[];
  readonly pads: readonly Pad[];
  /** Everything that is built. */
  readonly bounds: Bounds;
  readonly roadWidthM: number;
  /** Distance from a place to the nearest centre line of a road or lane, at most `INDEX_REACH_M`. */
  distanceToRoad(xM: number, yM: number): number;
}

/** `distanceToRoad` looks no farther than this. */
export const INDEX_REACH_M = 16;
const ROAD_WIDTH_M = 4.2;
const CELL_M = 16;

export function grow(bounds: Bounds, xM: number, yM: number): void {
  bounds.minXM = Math.min(bounds.minXM, xM);
  bounds.maxXM = Math.max(bounds.maxXM, xM);
  bounds.minYM = Math.min(bounds.minYM, yM);
  bounds.maxYM = Math.max(bounds.maxYM, yM);
}

export const emptyBounds = (): Bounds => ({
  minXM: Number.POSITIVE_INFINITY,
  maxXM: Number.NEGATIVE_INFINITY,
  minYM: Number.POSITIVE_INFINITY,
  maxYM: Number.NEGATIVE_INFINITY,
});

/** Which side's ground a chainage is on. */
export const sideAt = (xM: number): Side => (xM < 0 ? "vn" : "cn");

/** A grid over all centre lines, for "how far is the nearest road". */
function roadIndex(lines: readonly Polyline[]): (xM: number, yM: number) => number {
  const cells = new Map<string, number[]>();
  const segments: number[] = [];
  const put = (cx: number, cy: number, segment: number): void => {
    const key = `${cx},${cy}`;
    const list = cells.get(key);
    if (list === undefined) cells.set(key, [segment]);
    else list.push(segment);
  };
  for (const line of lines) {
    for (let i = 0; i + 1 < line.xM.length; i++) {
      const x0 = line.xM[i] ?? 0;
      const y0 = line.yM[i] ?? 0;
      const x1 = line.xM[i + 1] ?? 0;
      const y1 = line.yM[i + 1] ?? 0;
      const segment = segments.push(x0, y0, x1, y1) / 4 - 1;
      const fromX = Math.floor((Math.min(x0, x1) - INDEX_REACH_M) / CELL_M);
      const toX = Math.floor((Math.max(x0, x1) + INDEX_REACH_M) / CELL_M);
      const fromY = Math.floor((Math.min(y0, y1) - INDEX_REACH_M) / CELL_M);
      const toY = Math.floor((Math.max(y0, y1) + INDEX_REACH_M) / CELL_M);
      for (let cx = fromX; cx <= toX; cx++) for (let cy = fromY; cy <= toY; cy++) put(cx, cy, segment);
    }
  }
  return (xM, yM) => {
    let nearest = INDEX_REACH_M;
    for (const segment of cells.get(`${Math.floor(xM / CELL_M)},${Math.floor(yM / CELL_M)}`) ?? []) {
      const x0 = segments[segment * 4] ?? 0;
      const y0 = segments[segment * 4 + 1] ?? 0;
      const dx = (segments[segment * 4 + 2] ?? 0) - x0;
      const dy = (segments[segment * 4 + 3] ?? 0) - y0;
      const part = Math.max(0, Math.min(1, ((xM - x0) * dx + (yM - y0) * dy) / (dx * dx + dy * dy)));
      nearest = Math.min(nearest, Math.hypot(xM - x0 - dx * part, yM - y0 - dy * part));
    }
    return nearest;
  };
}

const YARD_KINDS: ReadonlySet<string> = new Set(["crane", "parking", "charger"]);
/** Roads farther from the middle than this are not the yard's. */
const YARD_REACH_M = 60;

/** One concrete area a side: around its cranes, parking and chargers, as wide as the roads between them reach. */
function yardPads(stations: readonly StationView[], roads: Iterable<Polyline>): readonly Pad[] {
  const pads: Pad[] = [];
  const lines = [...roads];
  for (const side of ["vn", "cn"] as const) {
    const bounds = emptyBounds();
    for (const station of stations) {
      if (station.side !== side || !YARD_KINDS.has(station.kind)) continue;
      grow(bounds, station.xM - 16, station.yM - 14);
      grow(bounds, station.xM + 16, station.yM + 14);
    }
    if (bounds.minXM > bounds.maxXM) continue;
    const { minXM, maxXM } = bounds;
    for (const line of lines) {
      line.xM.forEach((xM, i) => {
        const yM = line.yM[i] ?? 0;
        if (xM > minXM && xM < maxXM && Math.abs(yM) < YARD_REACH_M) {
          grow(bounds, xM, yM - 5);
          grow(bounds, xM, yM + 5);
        }
      });
    }
    pads.push({ ...bounds, side });
  }
  return pads;
}

/** Derives the plan of a site. */
export function planSite(site: SiteView): SitePlan {
  const roads = new Map<string, Polyline>();
  for (const road of site.roads) {
    const line = polylineOf(road.xM, road.yM);
    if (line !== undefined && line.lengthM > 0) roads.set(road.edgeId, line);
  }
  const lanes: { lane: LaneView; line: Polyline }[] = [];
  for (const lane of site.lanes) {
    const line = polylineOf(lane.xM, lane.yM);
    if (line !== undefined && line.lengthM > 0) lanes.push({ lane, line });
  }
  const bounds = emptyBounds();
  grow(bounds, -100, -30);
  grow(bounds, 100, 30);
  const all = [...roads.values(), ...lanes.map(({ line }) => line)];
  for (const line of all) for (const [i, xM] of line.xM.entries()) grow(bounds, xM, line.yM[i] ?? 0);
  const pads = yardPads(site.stations, roads.values());
  for (const pad of pads) {
    grow(bounds, pad.minXM, pad.minYM);
    grow(bounds, pad.maxXM, pad.maxYM);
  }
  return {
    roads,
    lanes,
    stations: site.stations,
    pads,
    bounds,
    roadWidthM: ROAD_WIDTH_M,
    distanceToRoad: roadIndex(all),
  };
}
