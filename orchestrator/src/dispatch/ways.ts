import type { NodeId } from "@baton/maps";
import FlatQueue from "flatqueue";

export interface Road {
  readonly from: string;
  readonly to: string;
  readonly lengthM: number;
}

/** How many nodes' distances are kept; dispatch asks from stations, of which there are few. */
const MAX_SOURCES = 512;

/** Shortest ways over one-way roads (Dijkstra 1959), each source's distances made once and kept. */
export function ways(roads: readonly Road[]): (from: NodeId, to: NodeId) => number | undefined {
  const leaving = new Map<string, Road[]>();
  for (const road of roads) {
    const known = leaving.get(road.from);
    if (known === undefined) leaving.set(road.from, [road]);
    else known.push(road);
  }
  const bySource = new Map<string, ReadonlyMap<string, number>>();

  const distancesFrom = (source: string): ReadonlyMap<string, number> => {
    const reachedM = new Map<string, number>([[source, 0]]);
    const queue = new FlatQueue<string>();
    queue.push(source, 0);
    const settled = new Set<string>();
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (settled.has(node)) continue;
      settled.add(node);
      const soFarM = reachedM.get(node) ?? 0;
      for (const road of leaving.get(node) ?? []) {
        const viaHereM = soFarM + road.lengthM;
        if (viaHereM >= (reachedM.get(road.to) ?? Number.POSITIVE_INFINITY)) continue;
        reachedM.set(road.to, viaHereM);
        queue.push(road.to, viaHereM);
      }
    }
    return reachedM;
  };

  return (from, to) => {
    let distances = bySource.get(from);
    if (distances === undefined) {
      if (bySource.size >= MAX_SOURCES) bySource.clear();
      distances = distancesFrom(from);
      bySource.set(from, distances);
    }
    return distances.get(to);
  };
}
