import type { SiteView } from "@baton/orchestrator/contract";
import type { MergedVehicle } from "./merge.ts";

/** Places where vehicles stand for a while, in the order in which a yard is read. */
export const YARD_KINDS = ["crane", "buffer", "inspection-dock", "parking", "charger"] as const;
export type YardKind = (typeof YARD_KINDS)[number];
type Station = SiteView["stations"][number];

export interface YardPlace {
  readonly stationId: string;
  readonly side: Station["side"];
  readonly kind: YardKind;
  readonly bound: string;
  /** `coming`: a vehicle has its way there, and nobody else gets the place. */
  readonly state: "free" | "coming" | "occupied";
  readonly vehicleId: string | undefined;
  readonly containerNo: string | undefined;
  /** Since when it is so, as this page has seen it; site's clock. */
  readonly sinceMs: number;
}

/** What is seen of the vehicles at one moment. */
export interface YardSight {
  readonly vehicles: readonly MergedVehicle[];
  readonly placeOf: (vehicleId: string) => { readonly xM: number; readonly yM: number } | undefined;
  /** Where a road ends; undefined for one that the site does not have. */
  readonly endOf: (edgeId: string) => { readonly xM: number; readonly yM: number } | undefined;
}

/** A vehicle's centre, or the end of its way, this near to a place is at it. */
const AT_PLACE_M = 2.5;

/** Who stands in which place of both yards, or is on the way there, and since when. */
export class YardWatch {
  readonly #stations: readonly (Station & { readonly kind: YardKind })[];
  #places: readonly YardPlace[] = [];
  #atMs = Number.NEGATIVE_INFINITY;

  constructor(stations: SiteView["stations"]) {
    this.#stations = YARD_KINDS.flatMap((kind) =>
      stations.flatMap((station) => (station.kind === kind ? [{ ...station, kind }] : [])),
    );
  }

  get places(): readonly YardPlace[] {
    return this.#places;
  }

  /** Time that runs backwards is another time: what was known of before is forgotten. */
  look({ vehicles, placeOf, endOf }: YardSight, nowMs: number): void {
    const before = new Map(nowMs < this.#atMs ? [] : this.#places.map((place) => [place.stationId, place]));
    this.#atMs = nowMs;
    const standing = vehicles.map((vehicle) => ({ vehicle, at: placeOf(vehicle.vehicleId) }));
    const coming = vehicles.map((vehicle) => {
      const last = vehicle.view.plannedEdgeIds.at(-1) ?? vehicle.view.grantedEdgeIds.at(-1);
      return { vehicle, at: last === undefined ? undefined : endOf(last) };
    });
    this.#places = this.#stations.map((station) => {
      const isHere = ({ at }: (typeof standing)[number]): boolean =>
        at !== undefined && Math.hypot(at.xM - station.xM, at.yM - station.yM) < AT_PLACE_M;
      const occupant = standing.find(isHere)?.vehicle;
      const vehicle = occupant ?? coming.find(isHere)?.vehicle;
      const state = occupant !== undefined ? "occupied" : vehicle === undefined ? "free" : "coming";
      const known = before.get(station.stationId);
      const isSame = known?.state === state && known.vehicleId === vehicle?.vehicleId;
      return {
        stationId: station.stationId,
        side: station.side,
        kind: station.kind,
        bound: station.bound,
        state,
        vehicleId: vehicle?.vehicleId,
        containerNo: vehicle?.containerNo,
        sinceMs: isSame ? known.sinceMs : nowMs,
      };
    });
  }
}
