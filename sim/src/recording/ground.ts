import {
  compileNetwork,
  type EdgeId,
  SIDES,
  type Side,
  type Site,
  stationsOf,
  vehicleClassIdOf,
} from "@baton/maps";
import type { SiteView } from "@baton/orchestrator/contract";
import type { Vector3 } from "./foxglove.ts";

/** What is drawn of a crossing that never moves. Site frame, metres. */
export interface Ground {
  /** Centre lines, by the edge's id as either side names it. */
  readonly roads: ReadonlyMap<string, readonly Vector3[]>;
  readonly stations: readonly {
    readonly stationId: string;
    readonly kind: string;
    readonly xM: number;
    readonly yM: number;
    readonly headingRad: number;
    readonly lengthM: number;
    readonly widthM: number;
    readonly heightM: number;
  }[];
  readonly vehicle: { readonly lengthM: number; readonly widthM: number; readonly heightM: number };
}

const SAMPLE_M = 4;
/** Drawn a little above the ground. */
const ROAD_Z_M = 0.02;

/** From a site of the simulator. */
export function groundOfSite(site: Site): Ground {
  const [vehicle] = site.file.vehicleClasses;
  if (vehicle === undefined) throw new Error(`site ${site.siteId} has no vehicle class`);
  const roads = new Map<string, Vector3[]>();
  for (const side of SIDES) {
    const network = compileNetwork(site, side, vehicleClassIdOf(vehicle.vehicleClassId));
    network.moves.edgeIds.forEach((edgeId, move) => {
      const lengthM = network.moves.lengthM[move] ?? 0;
      const pieces = Math.max(1, Math.ceil(lengthM / SAMPLE_M));
      const points = Array.from({ length: pieces + 1 }, (_, at) => {
        const { xM, yM } = network.poseAlong(move, (lengthM * at) / pieces);
        return { x: xM, y: yM, z: ROAD_Z_M };
      });
      roads.set(roadKey(side, edgeId), points);
    });
  }
  const stations = SIDES.flatMap((side) =>
    stationsOf(site, side).map(({ stationId, kind, at, sizeM }) => ({ stationId, kind, ...at, ...sizeM })),
  );
  return { roads, stations, vehicle };
}

/** From what a side's API tells of its site. */
export function groundOfView(view: SiteView): Ground {
  const [vehicle] = view.vehicleClasses;
  if (vehicle === undefined) throw new Error(`site ${view.siteId} has no vehicle class`);
  return {
    roads: new Map(
      view.roads.map(({ edgeId, xM, yM }) => [
        roadKey(view.side, edgeId),
        xM.map((x, at) => ({ x, y: yM[at] ?? 0, z: ROAD_Z_M })),
      ]),
    ),
    stations: view.stations,
    vehicle,
  };
}

/** Both sides name their edges for themselves. */
export function roadKey(side: Side, edgeId: EdgeId | string): string {
  return `${side} ${edgeId}`;
}
