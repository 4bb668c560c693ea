import type { NodeId } from "@baton/maps";
import FlatQueue from "flatqueue";

export interface Road {
  readonly from: string;
  readonly to: string;
  readonly lengthM: number;
}

/** How many places' distances are kept. Dispatch asks for ways to stations, of which there are few, from anywhere. */
const MAX_GOALS = 512;

/** Shortest ways over one-way roads (Dijkstra 1959, from the goal backwards), each goal's distances made once and kept. */
export function ways(roads: readonly Road[]): (from: NodeId, to: NodeId) => number | undefined {
  const arriving = new Map<string, Road[]>();
  for (const road of roads) {
    const known = arriving.get(road.to);
    if (known === undefined) arriving.set(road.to, [road]);
    else known.push(road);
  }
  const byGoal = new Map<string, ReadonlyMap<string, number>>();

  const distancesTo = (goal: string): ReadonlyMap<string, number> => {
    const reachedM = new Map<string, number>([[goal, 0]]);
    const queue = new FlatQueue<string>();
    queue.push(goal, 0);
    const settled = new Set<string>();
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (settled.has(node)) continue;
      settled.add(node);
      const soFarM = reachedM.get(node) ?? 0;
      for (const road of arriving.get(node) ?? []) {
        const viaHereM = soFarM + road.lengthM;
        if (viaHereM >= (reachedM.get(road.from) ?? Number.POSITIVE_INFINITY)) continue;
        reachedM.set(road.from, viaHereM);
        queue.push(road.from, viaHereM);
      }
    }
    return reachedM;
  };

  return (from, to) => {
    let distances = byGoal.get(to);
    if (distances === undefined) {
      if (byGoal.size >= MAX_GOALS) byGoal.clear();
      distances = distancesTo(to);
      byGoal.set(to, distances);
    }
    return distances.get(from);
  };
}
