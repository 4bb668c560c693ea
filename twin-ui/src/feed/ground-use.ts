import type { Side } from "@baton/maps";
import type { ClosureView, SiteView } from "@baton/orchestrator/contract";
import { closureKind } from "./closure-kind.ts";
import type { MergedVehicle } from "./merge.ts";

/**
 * How a piece of road is used, from nothing to worst. `shared`: not driven itself, but some of its ground is held, so that
 * nobody else gets it. `kept`: nobody else gets it while a crane's load or a vehicle of the partner is there. `rested`: a vehicle
 * without a leg stands on it, as in its bay.
 */
export const ROAD_USES = ["free", "shared", "claimed", "kept", "rested", "held", "closed", "stray"] as const;
export type RoadUse = (typeof ROAD_USES)[number];

export interface RoadState {
  readonly use: RoadUse;
  /** The vehicle that has it, claims it, or for whose sake it is closed; undefined when it is no vehicle's. */
  readonly by: string | undefined;
  /** Since when by this vehicle in this use, as this page has seen it; site's clock. */
  readonly sinceMs: number;
}

/** What is seen of the ground at one moment. */
export interface GroundSight {
  readonly vehicles: readonly MergedVehicle[];
  readonly closures: Readonly<Record<Side, readonly ClosureView[]>>;
  /** Where a vehicle is; undefined when that is not known. */
  readonly placeOf: (vehicleId: string) => { readonly xM: number; readonly yM: number } | undefined;
}

/** A vehicle's centre this near to a centre line stands on that road. */
const ON_ROAD_M = 1.6;
const CELL_M = 12;
const FREE: RoadState = { use: "free", by: undefined, sinceMs: Number.NEGATIVE_INFINITY };

/**
 * Who has which ground, and for how long: worked out of what both feeds tell of grants, plans, closures and places, by the
 * blocks that roads share. Knows the past only as far as this page has seen it.
 */
export class GroundUse {
  readonly #roads: SiteView["roads"];
  readonly #indexOf: ReadonlyMap<string, number>;
  /** Roads by block; a road without blocks is a block of its own. */
  readonly #roadsOfBlock: readonly (readonly number[])[];
  readonly #blocksOf: readonly (readonly number[])[];
  readonly #cells = new Map<string, number[]>();
  #states: RoadState[];
  #atMs = Number.NEGATIVE_INFINITY;
  /** Counts looks at the ground: whoever draws it knows whether it has drawn this one. */
  looks = 0;

  constructor(roads: SiteView["roads"]) {
    this.#roads = roads;
    this.#indexOf = new Map(roads.map(({ edgeId }, i) => [edgeId, i]));
    this.#states = roads.map(() => FREE);
    const numbers = new Map<string, number>();
    const roadsOfBlock: number[][] = [];
    this.#blocksOf = roads.map(({ side, edgeId, blocks }, road) =>
      (blocks === undefined || blocks.length === 0
        ? [`${side}.${edgeId}`]
        : blocks.map((block) => `${side}.${block}`)
      ).map((name) => {
        const number = numbers.get(name) ?? numbers.size;
        numbers.set(name, number);
        const list = roadsOfBlock[number];
        if (list === undefined) roadsOfBlock[number] = [road];
        else list.push(road);
        return number;
      }),
    );
    this.#roadsOfBlock = roadsOfBlock;
    roads.forEach(({ xM, yM }, road) => {
      for (let i = 0; i < xM.length; i++) this.#putNear(road, xM[i] ?? 0, yM[i] ?? 0, xM[i + 1], yM[i + 1]);
    });
  }

  get roads(): SiteView["roads"] {
    return this.#roads;
  }

  stateOf(road: number): RoadState {
    return this.#states[road] ?? FREE;
  }

  /** Time that runs backwards is another time: what was known of before is forgotten. */
  look(sight: GroundSight, nowMs: number): void {
    if (nowMs < this.#atMs) this.#states = this.#roads.map(() => FREE);
    this.#atMs = nowMs;
    const uses = new Uint8Array(this.#roads.length);
    const by: (string | undefined)[] = new Array(this.#roads.length).fill(undefined);
    const set = (road: number | undefined, use: RoadUse, vehicleId: string | undefined): void => {
      const rank = ROAD_USES.indexOf(use);
      if (road === undefined || rank <= (uses[road] ?? 0)) return;
      uses[road] = rank;
      by[road] = vehicleId;
    };
    for (const { vehicleId, view } of sight.vehicles) {
      const hasLeg = view.grantedEdgeIds.length + view.plannedEdgeIds.length > 0;
      for (const edgeId of view.grantedEdgeIds) set(this.#indexOf.get(edgeId), "held", vehicleId);
      for (const edgeId of view.plannedEdgeIds) set(this.#indexOf.get(edgeId), "claimed", vehicleId);
      const place = sight.placeOf(vehicleId);
      if (place === undefined) continue;
      for (const road of this.#under(place.xM, place.yM)) set(road, hasLeg ? "held" : "rested", vehicleId);
    }
    const held = ROAD_USES.indexOf("rested");
    for (let road = 0; road < uses.length; road++) {
      if ((uses[road] ?? 0) < held) continue;
      for (const block of this.#blocksOf[road] ?? [])
        for (const other of this.#roadsOfBlock[block] ?? []) set(other, "shared", by[road]);
    }
    for (const { closureId, edgeIds } of [...sight.closures.vn, ...sight.closures.cn]) {
      const why = closureKind(closureId);
      for (const edgeId of edgeIds)
        set(this.#indexOf.get(edgeId), why.kind, why.kind === "stray" ? why.vehicleId : undefined);
    }
    for (let road = 0; road < uses.length; road++) {
      const before = this.#states[road] ?? FREE;
      const use = ROAD_USES[uses[road] ?? 0] ?? "free";
      if (before.use === use && before.by === by[road]) continue;
      this.#states[road] = use === "free" ? FREE : { use, by: by[road], sinceMs: nowMs };
    }
    this.looks++;
  }

  #putNear(road: number, x0: number, y0: number, x1 = x0, y1 = y0): void {
    const from = (value: number): number => Math.floor((value - ON_ROAD_M) / CELL_M);
    const to = (value: number): number => Math.floor((value + ON_ROAD_M) / CELL_M);
    for (let cx = from(Math.min(x0, x1)); cx <= to(Math.max(x0, x1)); cx++) {
      for (let cy = from(Math.min(y0, y1)); cy <= to(Math.max(y0, y1)); cy++) {
        const key = `${cx},${cy}`;
        const list = this.#cells.get(key);
        if (list === undefined) this.#cells.set(key, [road]);
        else if (list.at(-1) !== road) list.push(road);
      }
    }
  }

  *#under(xM: number, yM: number): Iterable<number> {
    for (const road of this.#cells.get(`${Math.floor(xM / CELL_M)},${Math.floor(yM / CELL_M)}`) ?? []) {
      const line = this.#roads[road];
      if (line !== undefined && isOn(line, xM, yM)) yield road;
    }
  }
}

function isOn({ xM, yM }: SiteView["roads"][number], x: number, y: number): boolean {
  for (let i = 0; i + 1 < xM.length; i++) {
    const x0 = xM[i] ?? 0;
    const y0 = yM[i] ?? 0;
    const dx = (xM[i + 1] ?? 0) - x0;
    const dy = (yM[i + 1] ?? 0) - y0;
    const length2 = dx * dx + dy * dy || 1;
    const part = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length2));
    if (Math.hypot(x - x0 - part * dx, y - y0 - part * dy) <= ON_ROAD_M) return true;
  }
  return false;
}
