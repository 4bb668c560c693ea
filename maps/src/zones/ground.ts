import { rowOf } from "../network/csr.ts";
import type { Network } from "../network/network.ts";

/** The element at an index that is within bounds by construction. */
export function at<T>(values: ArrayLike<T>, index: number): T {
  const value = values[index];
  if (value === undefined) throw new Error(`bug: index ${index} is outside of ${values.length}`);
  return value;
}

/** `B(n)`: the blocks that a body covers at a pose. */
export function bodyAt(network: Network, pose: number): Int32Array {
  return rowOf(network.poses.blocks, pose);
}

/** `S(e)`: the blocks that a body sweeps on a move. */
export function sweptBy(network: Network, move: number): Int32Array {
  return rowOf(network.moves.blocks, move);
}

export function movesFrom(network: Network, pose: number): Int32Array {
  return rowOf(network.poses.outgoing, pose);
}

export function meets(blocks: Int32Array, others: ReadonlySet<number>): boolean {
  return blocks.some((block) => others.has(block));
}
