import type { NodeId } from "@baton/maps";
import type { LegRequest } from "../port.ts";
import { at, type Run, runOf } from "./runs.ts";
import { ENDLESS } from "./ticks.ts";
import type { Leg } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * The moves that are only to be granted all together, as one run: the shortest way to `firstGrantThroughNodeId`,
 * or to the first via on it. As one run they are claimed together too, so waiting for all of them cannot close a
 * circle. `undefined` for a leg that asks for no such thing.
 */
export function firstStretch(zone: Zone, from: number, request: LegRequest): Run | undefined | "unreachable" {
  if (request.firstGrantThroughNodeId === undefined) return undefined;
  const stopsAt = new Set(request.via.map((via) => zone.network.poseIndex(via.nodeId)));
  return asOneRun(zone, from, request.firstGrantThroughNodeId, stopsAt);
}

/** The partner's stretch (see `partner-stretch.ts`) as the one run that it is granted as. */
export function stretchWay(zone: Zone, from: number, leg: Leg): Run | undefined | "unreachable" {
  const { partnerStretch } = leg.request;
  if (partnerStretch === undefined || !leg.overLine) return undefined;
  return asOneRun(zone, from, partnerStretch.throughNodeId, new Set());
}

/** The shortest way to a node, or to the first of those named on it, as one run; `undefined` where that is no way at all. */
function asOneRun(
  zone: Zone,
  from: number,
  throughNodeId: NodeId,
  stopsAt: ReadonlySet<number | undefined>,
): Run | undefined | "unreachable" {
  const through = zone.network.poseIndex(throughNodeId);
  if (through === undefined) return "unreachable";
  const distance = zone.distances.to(through);
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
