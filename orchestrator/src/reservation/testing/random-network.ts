import type { Network } from "@baton/maps";
import { at } from "../core/runs.ts";
import { type SmallMove, type SmallPose, smallNetwork } from "./small-network.ts";

/**
 * A small network of no particular shape: a ring through all poses, so that everything can be reached, chords both
 * ways, and blocks that several poses and moves share.
 */
export function randomNetwork(random: () => number): Network {
  const size = 5 + Math.floor(random() * 6);
  const any = (): number => Math.floor(random() * size);
  const poses: SmallPose[] = [];
  for (let i = 0; i < size; i++) {
    const angle = (2 * Math.PI * i) / size;
    const radiusM = 20 + 30 * random();
    const blocks = random() < 0.25 ? [`b${i}`, `o${any()}`] : [`b${i}`];
    const kind = i > 2 && random() < 0.15 ? "passing" : "endpoint";
    poses.push({ id: `p${i}`, xM: radiusM * Math.cos(angle), yM: radiusM * Math.sin(angle), kind, blocks });
  }
  const moves = new Map<string, SmallMove>();
  const join = (a: number, b: number, shared: boolean): void => {
    const from = at(poses, a).id;
    const to = at(poses, b).id;
    if (from === to) return;
    const also = shared ? [`m${Math.min(a, b)}-${Math.max(a, b)}`] : [];
    moves.set(`${from}>${to}`, { from, to, also, speedMps: 2 + Math.floor(random() * 4) });
  };
  for (let i = 0; i < size; i++) join(i, (i + 1) % size, true);
  for (let i = 0; i < size; i++) {
    const [a, b] = [any(), any()];
    join(a, b, true);
    if (random() < 0.6) join(b, a, true);
  }
  return smallNetwork(poses, [...moves.values()]);
}
