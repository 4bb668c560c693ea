import type { BlockId, Csr, EdgeId, Network, NodeId, VehicleClassId, ZoneId } from "@baton/maps";
import { PoseKind } from "@baton/maps";
import { at } from "../core/runs.ts";

/** A pose of a network made by hand; `blocks` is the ground of the body there. */
export interface SmallPose {
  readonly id: string;
  readonly xM: number;
  readonly yM: number;
  readonly kind: keyof typeof PoseKind;
  readonly blocks: readonly string[];
}

/** A straight move; its ground is that of both ends and `also`. */
export interface SmallMove {
  readonly from: string;
  readonly to: string;
  readonly also?: readonly string[];
  readonly speedMps?: number;
}

/** Makes a network by hand: moves are straight, a block is left at nine tenths of the move that leaves it. */
export function smallNetwork(
  poses: readonly SmallPose[],
  moves: readonly SmallMove[],
  foreign: readonly string[] = [],
): Network {
  const index = new Map(poses.map((pose, i) => [pose.id, i]));
  const blockIds = [
    ...new Set([...poses.flatMap((p) => p.blocks), ...moves.flatMap((m) => m.also ?? [])]),
  ].sort();
  const block = new Map(blockIds.map((id, i) => [id, i]));
  const numbers = (ids: Iterable<string>): number[] =>
    [...new Set(ids)].map((id) => block.get(id) ?? -1).sort((a, b) => a - b);
  const poseOf = (id: string): number => {
    const found = index.get(id);
    if (found === undefined) throw new Error(`no pose ${id}`);
    return found;
  };
  const from = moves.map((move) => poseOf(move.from));
  const to = moves.map((move) => poseOf(move.to));
  const dx = moves.map((_, m) => at(poses, at(to, m)).xM - at(poses, at(from, m)).xM);
  const dy = moves.map((_, m) => at(poses, at(to, m)).yM - at(poses, at(from, m)).yM);
  const lengthM = moves.map((_, m) => Math.hypot(at(dx, m), at(dy, m)));
  const headingRad = moves.map((_, m) => Math.atan2(at(dy, m), at(dx, m)));
  const ground = moves.map((move, m) =>
    numbers([...at(poses, at(from, m)).blocks, ...at(poses, at(to, m)).blocks, ...(move.also ?? [])]),
  );
  const clearAtM = ground.flatMap((blocks, m) => {
    const end = new Set(numbers(at(poses, at(to, m)).blocks));
    return blocks.map((b) => (end.has(b) ? Number.POSITIVE_INFINITY : 0.9 * at(lengthM, m)));
  });
  const edgeIds = moves.map((move) => `${move.from}>${move.to}` as EdgeId);
  const edge = new Map(edgeIds.map((id, i) => [id, i]));
  return {
    hash: JSON.stringify([poses, moves]),
    side: "vn",
    vehicleClassId: "carrier" as VehicleClassId,
    poses: {
      count: poses.length,
      nodeIds: poses.map((pose) => pose.id as NodeId),
      xM: Float64Array.from(poses, (pose) => pose.xM),
      yM: Float64Array.from(poses, (pose) => pose.yM),
      headingRad: Float64Array.from(poses, (_, p) => headingRad[from.indexOf(p)] ?? 0),
      kind: Uint8Array.from(poses, (pose) => PoseKind[pose.kind]),
      outgoing: csr(poses.map((_, p) => indicesOf(from, p))),
      incoming: csr(poses.map((_, p) => indicesOf(to, p))),
      blocks: csr(poses.map((pose) => numbers(pose.blocks))),
    },
    moves: {
      count: moves.length,
      edgeIds,
      from: Int32Array.from(from),
      to: Int32Array.from(to),
      lengthM: Float64Array.from(lengthM),
      speedMps: Float64Array.from(moves, (move) => move.speedMps ?? 5),
      blocks: csr(ground),
      clearAtM: Float64Array.from(clearAtM),
    },
    blocks: {
      count: blockIds.length,
      ids: blockIds.map((id) => id as BlockId),
      zone: new Int32Array(blockIds.length),
      zoneIds: ["vn:small" as ZoneId],
      own: Uint8Array.from(blockIds, (id) => (foreign.includes(id) ? 0 : 1)),
    },
    poseIndex: (nodeId) => index.get(nodeId),
    moveIndex: (edgeId) => edge.get(edgeId),
    blockIndex: (blockId) => block.get(blockId),
    poseAlong: (move, alongM) => {
      const share = Math.max(0, Math.min(1, alongM / at(lengthM, move)));
      const start = at(poses, at(from, move));
      return {
        xM: start.xM + share * at(dx, move),
        yM: start.yM + share * at(dy, move),
        headingRad: at(headingRad, move),
      };
    },
    project: (move, xM, yM) => {
      const start = at(poses, at(from, move));
      const length = at(lengthM, move);
      const along = ((xM - start.xM) * at(dx, move) + (yM - start.yM) * at(dy, move)) / length;
      const alongM = Math.max(0, Math.min(length, along));
      const offXM = start.xM + (alongM / length) * at(dx, move) - xM;
      const offYM = start.yM + (alongM / length) * at(dy, move) - yM;
      return { alongM, offM: Math.hypot(offXM, offYM) };
    },
  };
}

function indicesOf(values: readonly number[], value: number): number[] {
  return values.flatMap((candidate, i) => (candidate === value ? [i] : []));
}

function csr(rows: readonly (readonly number[])[]): Csr {
  const offsets = [0];
  for (const one of rows) offsets.push(at(offsets, offsets.length - 1) + one.length);
  return { offsets: Int32Array.from(offsets), values: Int32Array.from(rows.flat()) };
}
