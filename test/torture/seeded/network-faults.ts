import type { BlockId, Csr, Network } from "@baton/maps";

/** Who needs a block (poses, then moves), by the road that they are of: moves that meet at a pose are of one road. */
function partsOf(network: Network, block: number): Map<number, number> {
  const { poses, moves } = network;
  const parent = new Map<number, number>();
  const rootOf = (item: number): number => {
    let root = item;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
    return root;
  };
  const has = (csr: Csr, row: number): boolean =>
    csr.values.subarray(csr.offsets[row], csr.offsets[row + 1]).includes(block);
  const needs = new Set<number>();
  for (let pose = 0; pose < poses.count; pose++) {
    parent.set(pose, pose);
    if (has(poses.blocks, pose)) needs.add(pose);
  }
  for (let move = 0; move < moves.count; move++) {
    if (!has(moves.blocks, move)) continue;
    const item = poses.count + move;
    parent.set(item, item);
    needs.add(item);
    for (const end of [moves.from[move], moves.to[move]])
      if (end !== undefined) parent.set(rootOf(end), rootOf(item));
  }
  return new Map([...needs].map((item) => [item, rootOf(item)]));
}

/**
 * Every block in which two roads cross or pass each other gets a twin, and one of the roads needs the twin instead: as when two zones each believe that the ground at their boundary is theirs alone.
 */
export function boundaryBlocksTwice(network: Network): Network {
  const { poses, moves } = network;
  const twinOf = new Map<number, { readonly twin: number; readonly items: ReadonlySet<number> }>();
  for (let block = 0; block < network.blocks.count; block++) {
    const parts = partsOf(network, block);
    const [first] = parts.values();
    const others = [...parts].filter(([, root]) => root !== first).map(([item]) => item);
    if (others.length > 0)
      twinOf.set(block, { twin: network.blocks.count + twinOf.size, items: new Set(others) });
  }
  const renamed = (csr: Csr, offset: number): Csr => {
    const values = csr.values.slice();
    for (let row = 0; row + 1 < csr.offsets.length; row++) {
      for (let i = csr.offsets[row] ?? 0; i < (csr.offsets[row + 1] ?? 0); i++) {
        const found = twinOf.get(values[i] ?? -1);
        if (found?.items.has(offset + row) === true) values[i] = found.twin;
      }
    }
    return { offsets: csr.offsets, values };
  };
  const ids = [...network.blocks.ids];
  const grown = <T extends Int32Array | Uint8Array>(values: T, make: (from: Iterable<number>) => T): T =>
    make([...values, ...[...twinOf.keys()].map((block) => values[block] ?? 0)]);
  for (const block of twinOf.keys()) ids.push(`${ids[block]}'` as BlockId);
  const index = new Map(ids.map((id, i) => [id, i]));
  // Rows stay as long as they were; only their order by index is lost, so they are sorted again with their clearances.
  const moveBlocks = renamed(moves.blocks, poses.count);
  const clearAtM = moves.clearAtM.slice();
  sortRows(moveBlocks, clearAtM);
  const poseBlocks = renamed(poses.blocks, 0);
  sortRows(poseBlocks, undefined);
  return {
    ...network,
    hash: `${network.hash}, boundary blocks twice`,
    poses: { ...poses, blocks: poseBlocks },
    moves: { ...moves, blocks: moveBlocks, clearAtM },
    blocks: {
      ...network.blocks,
      count: ids.length,
      ids,
      zone: grown(network.blocks.zone, (from) => Int32Array.from(from)),
      own: grown(network.blocks.own, (from) => Uint8Array.from(from)),
    },
    blockIndex: (blockId) => index.get(blockId),
  };
}

function sortRows({ offsets, values }: Csr, beside: Float64Array | undefined): void {
  for (let row = 0; row + 1 < offsets.length; row++) {
    const from = offsets[row] ?? 0;
    const to = offsets[row + 1] ?? 0;
    const order = Array.from({ length: to - from }, (_, i) => from + i).sort(
      (a, b) => (values[a] ?? 0) - (values[b] ?? 0),
    );
    const sorted = order.map((i) => values[i] ?? 0);
    const sortedBeside = order.map((i) => beside?.[i] ?? 0);
    values.set(sorted, from);
    beside?.set(sortedBeside, from);
  }
}

/** Tails are taken to be clear at half the way: a layout compiled for a shorter body than drives on it. */
export function clearancesOfAShorterBody(network: Network): Network {
  return {
    ...network,
    hash: `${network.hash}, short body`,
    moves: { ...network.moves, clearAtM: network.moves.clearAtM.map((alongM) => alongM / 2) },
  };
}
