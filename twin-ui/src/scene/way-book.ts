import type { MergedVehicle } from "../feed/merge.ts";
import { joined, type Polyline } from "./geometry/polyline.ts";

/** The ways of one vehicle, as lines: what it may drive, and what it hopes for after that. */
export interface Way {
  readonly vehicleId: string;
  readonly granted: Polyline | undefined;
  readonly planned: Polyline | undefined;
}

interface Entry {
  readonly way: Way;
  readonly grantedEdgeIds: readonly string[];
  readonly plannedEdgeIds: readonly string[];
}

/**
 * The ways of all vehicles out of their edges; edges that the site does not know are left out. A vehicle's way, and each line
 * in it, is the same object as before while its edges are: whoever draws them sees by that what is new.
 */
export class WayBook {
  readonly #roads: ReadonlyMap<string, Polyline>;
  #entries: ReadonlyMap<string, Entry> = new Map();
  #ways: readonly Way[] = [];

  constructor(roads: ReadonlyMap<string, Polyline>) {
    this.#roads = roads;
  }

  /** The same array as before when no way is another. */
  of(vehicles: readonly MergedVehicle[]): readonly Way[] {
    const before = this.#entries;
    const entries = new Map<string, Entry>();
    let isSame = vehicles.length === before.size;
    for (const { vehicleId, view } of vehicles) {
      const known = before.get(vehicleId);
      const entry = this.#entry(vehicleId, view.grantedEdgeIds, view.plannedEdgeIds, known);
      if (entry !== known) isSame = false;
      entries.set(vehicleId, entry);
    }
    if (isSame) return this.#ways;
    this.#entries = entries;
    this.#ways = [...entries.values()].map(({ way }) => way);
    return this.#ways;
  }

  #entry(
    vehicleId: string,
    grantedEdgeIds: readonly string[],
    plannedEdgeIds: readonly string[],
    known: Entry | undefined,
  ): Entry {
    const isGrantSame = known !== undefined && areSame(known.grantedEdgeIds, grantedEdgeIds);
    const isPlanSame = known !== undefined && areSame(known.plannedEdgeIds, plannedEdgeIds);
    if (isGrantSame && isPlanSame) return known;
    const granted = isGrantSame ? known.way.granted : this.#lineOf(grantedEdgeIds);
    const planned = isPlanSame ? known.way.planned : this.#lineOf(plannedEdgeIds);
    return { way: { vehicleId, granted, planned }, grantedEdgeIds, plannedEdgeIds };
  }

  #lineOf(edgeIds: readonly string[]): Polyline | undefined {
    return joined(edgeIds.map((id) => this.#roads.get(id)).filter((line) => line !== undefined));
  }
}

const areSame = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((id, i) => id === b[i]));
