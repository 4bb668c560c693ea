import type { LegRequest } from "../port.ts";
import { at, type Run, runOf } from "./runs.ts";
import { ENDLESS } from "./ticks.ts";
import type { Zone } from "./zone.ts";

/**
 * The moves that are only to be granted all together, as one run: the shortest way to `firstGrantThroughNodeId`,
 * or to the first via on it. As one run they are claimed together too, so waiting for all of them cannot close a
 * circle. `undefined` for a leg that asks for no such thing.
 */
export function firstStretch(zone: Zone, from: number, request: LegRequest): Run | undefined | "unreachable" {
  if (request.firstGrantThroughNodeId === undefined) return undefined;
  const through = zone.network.poseIndex(request.firstGrantThroughNodeId);
  if (through === undefined) return "unreachable";
  const distance = zone.distances.to(through);
  const stopsAt = new Set([through, ...request.via.map((via) => zone.network.poseIndex(via.nodeId))]);
  const moves: number[] = [];
  let pose = from;
  while (pose !== through && (moves.length === 0 || !stopsAt.has(pose))) {
    let best: Run | undefined;
    let leastTicks = ENDLESS;
    for (const index of at(zone.table.outgoing, pose)) {
      const run = at(zone.table.runs, index);
      const ticks = run.ticks + distance.from(run.to);
      if (ticks >= leastTicks) continue;
      best = run;
      leastTicks = ticks;
    }
    if (best === undefined) return "unreachable";
    moves.push(...best.moves);
    pose = best.to;
  }
  return moves.length === 0 ? undefined : runOf(zone.network, zone.settings, moves);
}
