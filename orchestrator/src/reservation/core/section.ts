import type { EdgeId, Network } from "@baton/maps";
import { at, row } from "./runs.ts";

/**
 * All edges on which a vehicle can be of which only the ground is known that it held once: those over that ground,
 * and those that lead on from it for as far as it can have come.
 */
export function sectionOf(network: Network, held: ReadonlySet<number>, reachM: number): EdgeId[] {
  const { moves, poses } = network;
  /** How much farther it can have come from each pose. */
  const leftM = new Map<number, number>();
  const open: number[] = [];
  const reach = (pose: number, m: number): void => {
    if ((leftM.get(pose) ?? -1) >= m) return;
    leftM.set(pose, m);
    open.push(pose);
  };
  for (let pose = 0; pose < poses.count; pose++) {
    if (row(poses.blocks, pose).some((block) => held.has(block))) reach(pose, reachM);
  }
  const edges = new Set<EdgeId>();
  for (let move = 0; move < moves.count; move++) {
    if (!row(moves.blocks, move).some((block) => held.has(block))) continue;
    edges.add(at(moves.edgeIds, move));
    reach(at(moves.to, move), reachM);
  }
  for (let pose = open.pop(); pose !== undefined; pose = open.pop()) {
    const m = leftM.get(pose) ?? 0;
    if (m <= 0) continue;
    for (const move of row(poses.outgoing, pose)) {
      edges.add(at(moves.edgeIds, move));
      reach(at(moves.to, move), m - at(moves.lengthM, move));
    }
  }
  return [...edges];
}
