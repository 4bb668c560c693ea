import {
  bodyAt,
  type CrossingPlace,
  type Network,
  type NodeId,
  type Partition,
  type ZoneId,
  zoneView,
} from "@baton/maps";
import FlatQueue from "flatqueue";
import { at } from "../core/runs.ts";

/** All places that lead from one zone to another: they stand for each other. */
export type BorderId = `${ZoneId} > ${ZoneId}`;

export function borderOf(place: CrossingPlace): BorderId {
  return `${place.from} > ${place.to}`;
}

/** Where a vehicle goes next in the zone in which it is. */
export type NextHop =
  /** To the end of its way, without leaving the zone. */
  | { readonly kind: "inside" }
  /** Over one of these places, the best first. */
  | { readonly kind: "over"; readonly places: readonly CrossingPlace[] }
  | { readonly kind: "unreachable" };

/**
 * Ways through the zones, by driving time on the empty road. Places on borders are the nodes of a small graph; within
 * a zone times come from a reverse Dijkstra a goal, kept. Vehicles pass a border only at a place.
 */
export class Routes {
  readonly partition: Partition;
  readonly #views: ReadonlyMap<ZoneId, Network>;
  readonly #toGoal = new Map<string, Float64Array>();
  readonly #fromPlace = new Map<NodeId, ReadonlyMap<CrossingPlace, number>>();

  constructor(partition: Partition) {
    this.partition = partition;
    this.#views = new Map(partition.zoneIds.map((zoneId) => [zoneId, zoneView(partition, zoneId)]));
  }

  view(zoneId: ZoneId): Network {
    const view = this.#views.get(zoneId);
    if (view === undefined) throw new Error(`bug: there is no zone ${zoneId}`);
    return view;
  }

  place(nodeId: NodeId): CrossingPlace | undefined {
    return this.partition.places.find((place) => place.nodeId === nodeId);
  }

  /** The zone on whose ground a vehicle stands at a node; `undefined` for a node that is not there, or astride. */
  zoneOf(nodeId: NodeId): ZoneId | undefined {
    const [zone, ...others] = this.zonesUnder(nodeId);
    return others.length > 0 ? undefined : zone;
  }

  /** All zones of whose ground a body covers something at a node. */
  zonesUnder(nodeId: NodeId): readonly ZoneId[] {
    const { network, zoneIds } = this.partition;
    const pose = network.poseIndex(nodeId);
    if (pose === undefined) return [];
    const zones = new Set(Array.from(bodyAt(network, pose), (block) => at(network.blocks.zone, block)));
    return [...zones].map((zone) => at(zoneIds, zone));
  }

  /** From a node in a zone to a node anywhere. */
  next(zoneId: ZoneId, fromNodeId: NodeId, toNodeId: NodeId): NextHop {
    const goalZone = this.zoneOf(toNodeId);
    if (goalZone === undefined) return { kind: "unreachable" };
    const inside =
      goalZone === zoneId ? this.#within(zoneId, fromNodeId, toNodeId) : Number.POSITIVE_INFINITY;
    const onwards = this.#fromPlaces(goalZone, toNodeId);
    const over: { readonly place: CrossingPlace; readonly seconds: number }[] = [];
    for (const place of this.partition.places) {
      if (place.from !== zoneId) continue;
      const there = place.nodeId === fromNodeId ? 0 : this.#within(zoneId, fromNodeId, place.nodeId);
      const seconds = there + (onwards.get(place) ?? Number.POSITIVE_INFINITY);
      if (seconds < Number.POSITIVE_INFINITY) over.push({ place, seconds });
    }
    over.sort((a, b) => a.seconds - b.seconds);
    const best = over[0]?.seconds ?? Number.POSITIVE_INFINITY;
    if (inside <= best && inside < Number.POSITIVE_INFINITY) return { kind: "inside" };
    if (best === Number.POSITIVE_INFINITY) return { kind: "unreachable" };
    // Only the places of one border stand for each other: over another one it would be a detour, and perhaps for ever.
    const to = over[0]?.place.to;
    return { kind: "over", places: over.map(({ place }) => place).filter((place) => place.to === to) };
  }

  /** The borders that a way through some nodes passes, first to last; `undefined` where no way leads through them. */
  bordersOn(zoneId: ZoneId, fromNodeId: NodeId, through: readonly NodeId[]): readonly BorderId[] | undefined {
    const passed: BorderId[] = [];
    let zone = zoneId;
    let here = fromNodeId;
    for (const next of through) {
      // A way passes each border at most once on its way to one node.
      for (let hops = 0; ; hops++) {
        const hop = this.next(zone, here, next);
        if (hop.kind === "inside") break;
        const place = hop.kind === "over" ? hop.places[0] : undefined;
        if (place === undefined || hops > this.partition.places.length) return undefined;
        passed.push(borderOf(place));
        zone = place.to;
        here = place.nodeId;
      }
      here = next;
    }
    return passed;
  }

  /** Driving time from a place, over its border, to a node; `Infinity` where no way leads there. */
  secondsBeyond(placeNodeId: NodeId, toNodeId: NodeId): number {
    const place = this.place(placeNodeId);
    const goalZone = this.zoneOf(toNodeId);
    if (place === undefined || goalZone === undefined) return Number.POSITIVE_INFINITY;
    return this.#fromPlaces(goalZone, toNodeId).get(place) ?? Number.POSITIVE_INFINITY;
  }

  /** Driving time from each place, going over its border, to the goal. There are few places: Bellman-Ford will do. */
  #fromPlaces(goalZone: ZoneId, toNodeId: NodeId): ReadonlyMap<CrossingPlace, number> {
    const known = this.#fromPlace.get(toNodeId);
    if (known !== undefined) return known;
    const { places } = this.partition;
    const seconds = new Map<CrossingPlace, number>();
    this.#fromPlace.set(toNodeId, seconds);
    for (const place of places) {
      if (place.to === goalZone) seconds.set(place, this.#within(goalZone, place.nodeId, toNodeId));
    }
    for (let changed = true; changed; ) {
      changed = false;
      for (const place of places) {
        for (const next of places) {
          if (next.from !== place.to || next === place) continue;
          const through =
            this.#within(place.to, place.nodeId, next.nodeId) +
            (seconds.get(next) ?? Number.POSITIVE_INFINITY);
          if (through >= (seconds.get(place) ?? Number.POSITIVE_INFINITY)) continue;
          seconds.set(place, through);
          changed = true;
        }
      }
    }
    return seconds;
  }

  #within(zoneId: ZoneId, fromNodeId: NodeId, toNodeId: NodeId): number {
    const from = this.view(zoneId).poseIndex(fromNodeId);
    return from === undefined ? Number.POSITIVE_INFINITY : at(this.#secondsTo(zoneId, toNodeId), from);
  }

  /** Driving time to a node from every pose of a zone's view. */
  #secondsTo(zoneId: ZoneId, toNodeId: NodeId): Float64Array {
    const key = `${zoneId} ${toNodeId}`;
    const known = this.#toGoal.get(key);
    if (known !== undefined) return known;
    const { poses, moves, poseIndex } = this.view(zoneId);
    const seconds = new Float64Array(poses.count).fill(Number.POSITIVE_INFINITY);
    this.#toGoal.set(key, seconds);
    const goal = poseIndex(toNodeId);
    if (goal === undefined) return seconds;
    seconds[goal] = 0;
    const open = new FlatQueue<number>();
    open.push(goal, 0);
    for (let pose = open.pop(); pose !== undefined; pose = open.pop()) {
      for (let i = at(poses.incoming.offsets, pose); i < at(poses.incoming.offsets, pose + 1); i++) {
        const move = at(poses.incoming.values, i);
        const from = at(moves.from, move);
        const through = at(seconds, pose) + at(moves.lengthM, move) / at(moves.speedMps, move);
        if (through >= at(seconds, from)) continue;
        seconds[from] = through;
        open.push(from, through);
      }
    }
    return seconds;
  }
}
