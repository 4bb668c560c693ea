import type { Network } from "@baton/maps";
import type { CoreSettings } from "./kinematics.ts";
import { at, row, runOf } from "./runs.ts";
import type { StoredItinerary } from "./stored.ts";
import { movesOf } from "./told-way.ts";

interface World {
  readonly network: Network;
  readonly settings: CoreSettings;
}

/** What the granted runs cover and the tail has not left, `progressM` into the leg. */
export function neededFrom(
  { network, settings }: World,
  itinerary: StoredItinerary,
  grantedRuns: number,
  progressM: number,
): Set<number> {
  /** Where the tail leaves each block for the last time; a later run knows better than an earlier one. */
  const clearAtM = new Map<number, number>();
  const start = network.poseIndex(itinerary.startNodeId);
  if (start !== undefined) {
    for (const block of row(network.poses.blocks, start)) clearAtM.set(block, Number.POSITIVE_INFINITY);
  }
  let alongM = 0;
  for (const edges of itinerary.runs.slice(0, grantedRuns)) {
    const run = runOf(network, settings, movesOf(network, edges) ?? []);
    for (let i = 0; i < run.blocks.length; i++) clearAtM.set(at(run.blocks, i), alongM + at(run.clearAtM, i));
    alongM += run.lengthM;
  }
  const needs = new Set<number>();
  for (const [block, atM] of clearAtM) if (atM > progressM + 1e-6) needs.add(block);
  return needs;
}
