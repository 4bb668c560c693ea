import type { MergedVehicle } from "../feed/merge.ts";
import type { Polyline } from "./geometry/polyline.ts";

/** A road of the site, and its number: the roads are counted in the order in which the site has them. */
interface NumberedRoad {
  readonly number: number;
  readonly line: Polyline;
}

/** Roads that are driven one after the other, at least one, and their numbers. `startM`: where along the whole each begins. */
export interface Stretch {
  readonly lines: readonly Polyline[];
  readonly roads: readonly number[];
  readonly startM: readonly number[];
  readonly lengthM: number;
}

/** The ways of one vehicle: what it may drive, and what it hopes for after that. */
export interface Way {
  readonly vehicleId: string;
  readonly granted: Stretch | undefined;
  readonly planned: Stretch | undefined;
}

/** The ways of a fleet, and which of them are another than before: whoever draws them need not look at all. */
export interface WayList {
  /** One more with every change. */
  readonly revision: number;
  readonly all: readonly Way[];
  /** Of vehicles whose way is another than one revision before; of one that has gone, a way over nothing. */
  readonly changed: readonly Way[];
}

export const NO_WAYS: WayList = { revision: 0, all: [], changed: [] };

const noWay = (vehicleId: string): Way => ({ vehicleId, granted: undefined, planned: undefined });

/** For whoever has seen `before`, what there is to see anew: what has changed, or all where it has missed something. */
export function newWays(before: WayList, ways: WayList): readonly Way[] {
  if (ways.revision === before.revision + 1) return ways.changed;
  return [...before.all.map(({ vehicleId }) => noWay(vehicleId)), ...ways.all];
}

/** Roads as one stretch; undefined when there is none. */
export function stretchOf(numbered: readonly NumberedRoad[]): Stretch | undefined {
  if (numbered.length === 0) return undefined;
  const lines: Polyline[] = [];
  const roads: number[] = [];
  const startM: number[] = [];
  let lengthM = 0;
  for (const { number, line } of numbered) {
    lines.push(line);
    roads.push(number);
    startM.push(lengthM);
    lengthM += line.lengthM;
  }
  return { lines, roads, startM, lengthM };
}

interface Entry {
  readonly way: Way;
  readonly grantedEdgeIds: readonly string[];
  readonly plannedEdgeIds: readonly string[];
}

/**
 * The ways of all vehicles out of their edges; edges that the site does not know are left out. A vehicle's way, and each stretch
 * in it, is the same object as before while its edges are: whoever draws them sees by that what is new.
 */
export class WayBook {
  readonly #roads: ReadonlyMap<string, NumberedRoad>;
  #entries: ReadonlyMap<string, Entry> = new Map();
  #list = NO_WAYS;

  constructor(roads: ReadonlyMap<string, Polyline>) {
    this.#roads = new Map(Array.from(roads, ([edgeId, line], number) => [edgeId, { number, line }]));
  }

  /** The same list as before when no way is another. */
  of(vehicles: readonly MergedVehicle[]): WayList {
    const before = this.#entries;
    const entries = new Map<string, Entry>();
    const changed: Way[] = [];
    for (const { vehicleId, view } of vehicles) {
      const known = before.get(vehicleId);
      const entry = this.#entry(vehicleId, view.grantedEdgeIds, view.plannedEdgeIds, known);
      if (entry !== known) changed.push(entry.way);
      entries.set(vehicleId, entry);
    }
    if (changed.length > 0 || entries.size !== before.size)
      for (const vehicleId of before.keys()) if (!entries.has(vehicleId)) changed.push(noWay(vehicleId));
    if (changed.length === 0) return this.#list;
    this.#entries = entries;
    const all = Array.from(entries.values(), ({ way }) => way);
    this.#list = { revision: this.#list.revision + 1, all, changed };
    return this.#list;
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
    const granted = isGrantSame ? known.way.granted : this.#stretchOf(grantedEdgeIds);
    const planned = isPlanSame ? known.way.planned : this.#stretchOf(plannedEdgeIds);
    return { way: { vehicleId, granted, planned }, grantedEdgeIds, plannedEdgeIds };
  }

  #stretchOf(edgeIds: readonly string[]): Stretch | undefined {
    return stretchOf(edgeIds.map((id) => this.#roads.get(id)).filter((road) => road !== undefined));
  }
}

const areSame = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((id, i) => id === b[i]));
