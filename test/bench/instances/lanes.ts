import type { Network } from "@baton/maps";
import { buildNetwork, type DescribedMove, type DescribedPose } from "./build-network.ts";

/** A street grid: its network, and the poses of its bays. */
export interface Lanes {
  readonly network: Network;
  readonly bays: readonly number[];
  /** Blocks of streets and junctions, bays not counted. */
  readonly streetBlocks: number;
}

/** Every move takes this long at the road's speed. */
export const SECONDS_A_BLOCK = 4;
export const LANES_SPEED_MPS = 5;
const BLOCK_M = SECONDS_A_BLOCK * LANES_SPEED_MPS;
const BLOCKS_BETWEEN_JUNCTIONS = 4;

/**
 * One-way streets, `streets` each way (an even number), neighbours in opposite directions, so that the outer four make a
 * ring and every place is reached from every other. Between two junctions lie four blocks of 20 m and one off-lane bay
 * beside them, entered from the second block and left onto the third. A junction is a block like the others.
 * 12 streets give 1,200 blocks and 264 bays, 26 give 5,876 and 1,300.
 */
export function lanes(streets: number): Lanes {
  if (streets < 2 || streets % 2 !== 0)
    throw new Error(`${streets} streets make no ring: take an even number`);
  const poses: DescribedPose[] = [];
  const moves: DescribedMove[] = [];
  const bays: number[] = [];
  const pose = (id: string, xM: number, yM: number, kind: "way" | "endpoint"): number => {
    poses.push({ id, xM, yM, kind, blocks: [poses.length] });
    return poses.length - 1;
  };
  const pitchM = (BLOCKS_BETWEEN_JUNCTIONS + 1) * BLOCK_M;
  const junction = Array.from({ length: streets }, (_, i) =>
    Array.from({ length: streets }, (_, j) => pose(`x${i}.${j}`, i * pitchM, j * pitchM, "way")),
  );
  const between = (from: number | undefined, to: number | undefined, name: string): void => {
    const start = from === undefined ? undefined : poses[from];
    const end = to === undefined ? undefined : poses[to];
    if (from === undefined || to === undefined || start === undefined || end === undefined) return;
    const aheadX = (end.xM - start.xM) / pitchM;
    const aheadY = (end.yM - start.yM) / pitchM;
    const blocks = Array.from({ length: BLOCKS_BETWEEN_JUNCTIONS }, (_, k) => {
      const alongM = (k + 1) * BLOCK_M;
      return pose(`${name}.${k}`, start.xM + alongM * aheadX, start.yM + alongM * aheadY, "way");
    });
    const path = [from, ...blocks, to];
    path.forEach((here, k) => {
      const next = path[k + 1];
      if (next !== undefined) moves.push({ from: here, to: next });
    });
    // Beside the middle, at a block's length from where it is entered and where it is left.
    const alongM = pitchM / 2;
    const asideM = Math.sqrt(BLOCK_M ** 2 - (BLOCK_M / 2) ** 2);
    const xM = start.xM + alongM * aheadX + asideM * aheadY;
    const yM = start.yM + alongM * aheadY - asideM * aheadX;
    const bay = pose(`${name}.bay`, xM, yM, "endpoint");
    bays.push(bay);
    const [, second, third] = blocks;
    if (second !== undefined) moves.push({ from: second, to: bay });
    if (third !== undefined) moves.push({ from: bay, to: third });
  };
  for (let line = 0; line < streets; line++) {
    for (let k = 0; k + 1 < streets; k++) {
      const [east, west] = [junction[k]?.[line], junction[k + 1]?.[line]];
      if (line % 2 === 0) between(east, west, `h${line}.${k}`);
      else between(west, east, `h${line}.${k}`);
      const [south, north] = [junction[line]?.[k], junction[line]?.[k + 1]];
      if (line % 2 === 0) between(north, south, `v${line}.${k}`);
      else between(south, north, `v${line}.${k}`);
    }
  }
  const network = buildNetwork({
    name: `lanes-${streets}`,
    blockCount: poses.length,
    poses,
    moves,
    speedMps: LANES_SPEED_MPS,
  });
  return { network, bays, streetBlocks: poses.length - bays.length };
}
