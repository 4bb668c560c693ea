import type { Pose } from "../geometry/pose.ts";

/** Grid squares of this size, by their middle. */
const CELL_M = 0.25;

/** Squares left of the line and right of it. */
export interface Cells {
  readonly vn: ReadonlySet<number>;
  readonly cn: ReadonlySet<number>;
}

/**
 * The squares whose middle a body covers at any of the poses: the ground as plainly as can be, sharing no code
 * with the geometry that it judges. `growM` makes the body larger on every side.
 */
export function rasterOf(poses: Iterable<Pose>, lengthM: number, widthM: number, growM: number): Cells {
  const vn = new Set<number>();
  const cn = new Set<number>();
  const l = lengthM / 2 + growM;
  const w = widthM / 2 + growM;
  const reach = Math.ceil(Math.hypot(l, w) / CELL_M);
  for (const pose of poses) {
    const cos = Math.cos(pose.headingRad);
    const sin = Math.sin(pose.headingRad);
    const cx = Math.floor(pose.xM / CELL_M);
    const cy = Math.floor(pose.yM / CELL_M);
    for (let i = cx - reach; i <= cx + reach; i += 1) {
      for (let j = cy - reach; j <= cy + reach; j += 1) {
        const dx = (i + 0.5) * CELL_M - pose.xM;
        const dy = (j + 0.5) * CELL_M - pose.yM;
        if (Math.abs(dx * cos + dy * sin) >= l || Math.abs(dy * cos - dx * sin) >= w) continue;
        (i < 0 ? vn : cn).add(i * 100_000 + j);
      }
    }
  }
  return { vn, cn };
}

export function cellsMeet(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const cell of small) if (large.has(cell)) return true;
  return false;
}
