import type { SiteView } from "@baton/orchestrator/contract";

/** Vehicles farther than this from every lane are in a yard. */
const LANE_REACH_M = 12;
const TICK_M = 500;

/** One lane of the schematic: a straight line whatever the road does, true in chainage. */
export interface SchematicRow {
  readonly laneId: string;
  readonly direction: "export" | "import";
  readonly kind: "unmanned" | "manned";
  readonly fromM: number;
  readonly toM: number;
  readonly stations: readonly { readonly stationId: string; readonly kind: string; readonly atM: number }[];
}

export interface Schematic {
  readonly rows: readonly SchematicRow[];
  /** Chainage of everything; the line is 0, Viet Nam negative. */
  readonly fromM: number;
  readonly toM: number;
  /** Round chainages to be labelled. */
  readonly ticksM: readonly number[];
  /** The row that a place is on; undefined for one in a yard. */
  rowAt(xM: number, yM: number): number | undefined;
}

/** What the lane schematic shows of a site. Pure. Frame: site, metres. */
export function schematicOf(site: SiteView): Schematic {
  const byLane = new Map<string, SiteView["lanes"]>();
  // Both sides' parts of a lane lie behind one another and are one line here.
  for (const lane of site.lanes) {
    const key = `${lane.kind}.${lane.direction}.${numberOf(lane.laneId)}`;
    byLane.set(key, [...(byLane.get(key) ?? []), lane]);
  }
  const rows = [...byLane.entries()]
    .sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
    .flatMap(([, lanes]): (SchematicRow & { readonly lanes: SiteView["lanes"] })[] => {
      const first = lanes[0];
      if (first === undefined) return [];
      const xM = lanes.flatMap((lane) => lane.xM);
      const { laneId, direction, kind } = first;
      return [
        {
          laneId,
          direction,
          kind,
          fromM: Math.min(...xM),
          toM: Math.max(...xM),
          stations: kind === "manned" ? [] : stationsOn(site, lanes),
          lanes,
        },
      ];
    });
  const fromM = Math.min(...site.roads.flatMap((road) => road.xM));
  const toM = Math.max(...site.roads.flatMap((road) => road.xM));
  const ticksM: number[] = [];
  const step = toM - fromM < 4 * TICK_M ? TICK_M / 5 : TICK_M;
  for (let atM = Math.ceil(fromM / step) * step; atM <= toM; atM += step) ticksM.push(atM);

  return {
    rows,
    fromM,
    toM,
    ticksM,
    rowAt(xM, yM) {
      let nearest: number | undefined;
      let nearestM = LANE_REACH_M;
      rows.forEach(({ lanes }, index) => {
        const away = Math.min(...lanes.map((lane) => distanceM(lane, xM, yM)));
        if (away < nearestM) {
          nearestM = away;
          nearest = index;
        }
      });
      return nearest;
    },
  };
}

/** `vn.export.2` and `cn.export.2` are one lane to whoever drives along it. */
const numberOf = (laneId: string): string => laneId.replace(/^(vn|cn)\W?/, "");

/** Unmanned lanes first: they are ours. */
const rank = (key: string): string => `${key.startsWith("unmanned") ? 0 : 1}${key}`;

function stationsOn(site: SiteView, lanes: SiteView["lanes"]): SchematicRow["stations"] {
  return site.stations
    .filter(({ xM, yM }) => lanes.some((lane) => distanceM(lane, xM, yM) < LANE_REACH_M))
    .map(({ stationId, kind, xM }) => ({ stationId, kind, atM: xM }));
}

function distanceM({ xM, yM }: SiteView["lanes"][number], x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i + 1 < xM.length; i++) {
    const x0 = xM[i] ?? 0;
    const y0 = yM[i] ?? 0;
    const dx = (xM[i + 1] ?? 0) - x0;
    const dy = (yM[i + 1] ?? 0) - y0;
    const length2 = dx * dx + dy * dy;
    const along = length2 === 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length2));
    least = Math.min(least, Math.hypot(x - x0 - along * dx, y - y0 - along * dy));
  }
  return least;
}
