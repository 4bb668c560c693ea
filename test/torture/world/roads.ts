import { nodeIdOf, PoseKind } from "@baton/maps";
import type { Place } from "../layouts/place.ts";
import type { JudgedLayout, JudgedPath } from "../oracle/path.ts";

/** Shortest ways through a layout, for those who choose where vehicles go and by which stations. */
export class Roads {
  readonly #place: Place;
  readonly #outgoing = new Map<string, JudgedPath[]>();
  readonly #known = new Map<string, readonly string[]>();

  constructor(place: Place, layout: JudgedLayout) {
    this.#place = place;
    for (const path of layout.paths.values()) {
      const others = this.#outgoing.get(path.fromNodeId);
      if (others === undefined) this.#outgoing.set(path.fromNodeId, [path]);
      else others.push(path);
    }
  }

  /** The nodes of the shortest way, ends included; empty when there is none. */
  way(from: string, to: string): readonly string[] {
    const key = `${from} ${to}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const way = this.#search(from, to);
    this.#known.set(key, way);
    return way;
  }

  /** Whether a vehicle may stand at the node. */
  standable(nodeId: string): boolean {
    const { poses, poseIndex } = this.#place.network;
    const pose = poseIndex(nodeIdOf(nodeId));
    return pose !== undefined && poses.kind[pose] !== PoseKind.passing;
  }

  #search(from: string, to: string): string[] {
    const best = new Map<string, number>([[from, 0]]);
    const cameFrom = new Map<string, string>();
    const done = new Set<string>();
    const ends = new Set(this.#place.bays);
    for (;;) {
      let here: string | undefined;
      for (const [node, atM] of best) {
        if (!done.has(node) && (here === undefined || atM < (best.get(here) ?? 0))) here = node;
      }
      if (here === undefined) return [];
      if (here === to) break;
      done.add(here);
      if (here !== from && ends.has(here)) continue;
      for (const path of this.#outgoing.get(here) ?? []) {
        const atM = (best.get(here) ?? 0) + path.lengthM;
        if (atM >= (best.get(path.toNodeId) ?? Number.POSITIVE_INFINITY)) continue;
        best.set(path.toNodeId, atM);
        cameFrom.set(path.toNodeId, here);
      }
    }
    const way = [to];
    for (let node = cameFrom.get(to); node !== undefined; node = cameFrom.get(node)) way.unshift(node);
    return way;
  }
}
