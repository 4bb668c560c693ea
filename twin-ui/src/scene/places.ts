import type { SiteView } from "@baton/orchestrator/contract";
import type { SitePlan, StationView } from "./site-plan.ts";
import { shortVehicleName } from "./vehicle-name.ts";

/** A place that has a name in the scene. `textKey` is a key of the language files; the second line is another. */
export interface Place {
  readonly id: string;
  readonly textKey: string;
  readonly secondKey?: string;
  /** In the place of a second key, what is said alike in every language. */
  readonly secondText?: string;
  readonly xM: number;
  readonly yM: number;
  readonly zM: number;
  readonly priority: number;
  /** Beyond this distance from the camera it is not worth a label; none for places that always are. */
  readonly maxDistanceM?: number;
  readonly kind: "country" | "line" | "place" | "area";
}

interface Group {
  readonly kinds: readonly string[];
  readonly textKey: string;
  readonly zM: number;
  readonly priority: number;
  readonly maxDistanceM?: number;
}

/** Stations of one kind, side and bound share one label at their middle. */
const GROUPS: readonly Group[] = [
  { kinds: ["crane"], textKey: "place.yard", zM: 17, priority: 70 },
  { kinds: ["scanner"], textKey: "place.scanner", zM: 9, priority: 66 },
  { kinds: ["exit-gate"], textKey: "place.exitGate", zM: 8.5, priority: 64 },
  { kinds: ["entry-gate"], textKey: "place.entryGate", zM: 8.5, priority: 63 },
  { kinds: ["portal"], textKey: "place.portal", zM: 8, priority: 52, maxDistanceM: 700 },
  { kinds: ["buffer"], textKey: "place.buffer", zM: 5, priority: 48, maxDistanceM: 700 },
  { kinds: ["weighbridge"], textKey: "place.weighbridge", zM: 4, priority: 46, maxDistanceM: 450 },
  { kinds: ["inspection-dock"], textKey: "place.dock", zM: 7, priority: 45, maxDistanceM: 700 },
  { kinds: ["charger"], textKey: "place.charger", zM: 4, priority: 44, maxDistanceM: 600 },
  { kinds: ["parking"], textKey: "place.parking", zM: 4, priority: 43, maxDistanceM: 600 },
  { kinds: ["transfer-pad"], textKey: "place.transferPad", zM: 17, priority: 61, maxDistanceM: 900 },
  { kinds: ["exchange-pad"], textKey: "place.exchangePad", zM: 17, priority: 60, maxDistanceM: 900 },
  { kinds: ["truck-gate"], textKey: "place.truckGate", zM: 8, priority: 42, maxDistanceM: 900 },
];

/** The key of the name of stations of a kind. */
export const stationTextKey = (kind: string): string | undefined =>
  GROUPS.find(({ kinds }) => kinds.includes(kind))?.textKey;

/** All places of a site that deserve a name. Pure; frame: site. */
export function placesOf(plan: SitePlan, site: Pick<SiteView, "fences" | "zones">): readonly Place[] {
  const reachM = Math.min(500, Math.max(60, plan.bounds.maxXM * 0.2));
  const places: Place[] = [
    {
      id: "country.vn",
      textKey: "place.country.vn",
      secondKey: "place.crossing.vn",
      xM: -reachM,
      yM: 0,
      zM: 22,
      priority: 95,
      kind: "country",
    },
    {
      id: "country.cn",
      textKey: "place.country.cn",
      secondKey: "place.crossing.cn",
      xM: reachM,
      yM: 0,
      zM: 22,
      priority: 95,
      kind: "country",
    },
    {
      id: "line",
      textKey: "place.line",
      xM: 0,
      yM: Math.max(24, plan.bounds.maxYM * 0.5),
      zM: 8,
      priority: 80,
      kind: "line",
    },
  ];
  for (const group of GROUPS) {
    const found = new Map<string, StationView[]>();
    for (const station of plan.stations) {
      if (!group.kinds.includes(station.kind)) continue;
      const key = `${station.side}.${station.bound}`;
      const list = found.get(key);
      if (list === undefined) found.set(key, [station]);
      else list.push(station);
    }
    for (const [key, stations] of found) {
      const mean = (value: (station: StationView) => number): number =>
        stations.reduce((sum, station) => sum + value(station), 0) / stations.length;
      places.push({
        id: `${group.textKey}.${key}`,
        textKey: group.textKey,
        xM: mean(({ xM }) => xM),
        yM: mean(({ yM }) => yM),
        zM: group.zM,
        priority: group.priority,
        kind: "place",
        ...(group.maxDistanceM === undefined ? {} : { maxDistanceM: group.maxDistanceM }),
      });
    }
  }
  return [...places, ...areasOf(site)];
}

const AREA = { zM: 3, priority: 41, kind: "area" } as const;
/** A zone lies mostly where a station has its name already; a fence has no other. */
const ZONE_NAMED_M = 90;
const FENCE_NAMED_M = 400;

/** Ground with a rule of its own: whose it is, or how fast one drives there. */
function areasOf({ fences = [], zones = [] }: Pick<SiteView, "fences" | "zones">): readonly Place[] {
  const middle = ({ xM, yM }: { readonly xM: readonly number[]; readonly yM: readonly number[] }) => ({
    xM: (Math.min(...xM) + Math.max(...xM)) / 2,
    yM: (Math.min(...yM) + Math.max(...yM)) / 2,
  });
  return [
    ...fences.map((fence) => ({
      ...AREA,
      id: `fence ${fence.fenceId}`,
      textKey: "place.fence",
      maxDistanceM: FENCE_NAMED_M,
      secondText: fence.vehicleIds.map(shortVehicleName).join(", "),
      ...middle(fence),
    })),
    ...zones.map((zone) => ({
      ...AREA,
      id: `zone ${zone.zoneId}`,
      textKey: `place.zone.${zone.kind}`,
      maxDistanceM: ZONE_NAMED_M,
      ...(zone.maxSpeedMps === undefined
        ? {}
        : { secondText: `${(zone.maxSpeedMps * 3.6).toFixed(0)} km/h` }),
      ...middle(zone),
    })),
  ];
}
