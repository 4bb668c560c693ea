import type { Network } from "@baton/maps";
import { buildNetwork, type DescribedMove, type DescribedPose } from "./build-network.ts";

/** A grid of unit cells as the public benchmarks have it. Cells are numbered `y * width + x`. */
export interface CellGrid {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Whether an agent may be in a cell. */
  passable(x: number, y: number): boolean;
  /** Whether a step to a neighbouring passable cell is allowed. */
  mayStep(x: number, y: number, toX: number, toY: number): boolean;
}

const STEPS = [
  { dx: 1, dy: 0 },
  { dx: 0, dy: 1 },
  { dx: -1, dy: 0 },
  { dx: 0, dy: -1 },
] as const;

/** A grid as a network, and where each cell's pose is in it (-1 for an obstacle). */
export interface CellNetwork {
  readonly network: Network;
  readonly poseOfCell: Int32Array;
}

/**
 * Cells of 1 m at 1 m/s, so that a step is a second. Each cell is a block; two neighbours between which one may step both
 * ways share one more, the passage, so that nobody swaps.
 */
export function cellNetwork(grid: CellGrid): CellNetwork {
  const poseOfCell = new Int32Array(grid.width * grid.height).fill(-1);
  const poses: DescribedPose[] = [];
  const cells: { readonly x: number; readonly y: number }[] = [];
  for (let y = 0; y < grid.height; y++) {
    for (let x = 0; x < grid.width; x++) {
      if (!grid.passable(x, y)) continue;
      poseOfCell[y * grid.width + x] = poses.length;
      poses.push({ id: `c${x}.${y}`, xM: x, yM: y, kind: "endpoint", blocks: [poses.length] });
      cells.push({ x, y });
    }
  }
  const poseAt = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= grid.width || y >= grid.height ? -1 : (poseOfCell[y * grid.width + x] ?? -1);
  const moves: DescribedMove[] = [];
  let blockCount = poses.length;
  const passages = new Map<number, number>();
  cells.forEach(({ x, y }, from) => {
    for (const { dx, dy } of STEPS) {
      const to = poseAt(x + dx, y + dy);
      if (to < 0 || !grid.mayStep(x, y, x + dx, y + dy)) continue;
      if (!grid.mayStep(x + dx, y + dy, x, y)) {
        moves.push({ from, to });
        continue;
      }
      const key = Math.min(from, to) * poses.length + Math.max(from, to);
      const passage = passages.get(key) ?? blockCount++;
      passages.set(key, passage);
      moves.push({ from, to, also: [passage] });
    }
  });
  return {
    network: buildNetwork({ name: grid.name, blockCount, poses, moves, speedMps: 1 }),
    poseOfCell,
  };
}
