import {
  blockIdOf,
  type Csr,
  edgeIdOf,
  type Network,
  nodeIdOf,
  PoseKind,
  vehicleClassIdOf,
  zoneIdOf,
} from "@baton/maps";
import { at } from "../../../orchestrator/src/reservation/core/runs.ts";

/** A pose of a described network; `blocks` are indices of the ground that the body covers there. */
export interface DescribedPose {
  readonly id: string;
  readonly xM: number;
  readonly yM: number;
  readonly kind: keyof typeof PoseKind;
  readonly blocks: readonly number[];
}

/** A straight move between two poses, by index; its ground is that of both ends and `also`. */
export interface DescribedMove {
  readonly from: number;
  readonly to: number;
  readonly also?: readonly number[];
}

export interface DescribedNetwork {
  readonly name: string;
  readonly blockCount: number;
  readonly poses: readonly DescribedPose[];
  readonly moves: readonly DescribedMove[];
  readonly speedMps: number;
}

/**
 * Makes a network from a description, in time linear in its size (tens of thousands of poses are no matter).
 * Moves are straight; the ground that a move leaves is clear when the vehicle is at its end: in a street of 20 m
 * blocks at 5 m/s that is a tail of 4 s.
 */
export function buildNetwork({ name, blockCount, poses, moves, speedMps }: DescribedNetwork): Network {
  const from = Int32Array.from(moves, (move) => move.from);
  const to = Int32Array.from(moves, (move) => move.to);
  const xM = Float64Array.from(poses, (pose) => pose.xM);
  const yM = Float64Array.from(poses, (pose) => pose.yM);
  const dxM = Float64Array.from(moves, (move) => at(xM, move.to) - at(xM, move.from));
  const dyM = Float64Array.from(moves, (move) => at(yM, move.to) - at(yM, move.from));
  // Multiples of 5 m meet exactly; what is left of a square root is rounded to a micrometre.
  const lengthM = Float64Array.from(
    moves,
    (_, m) => Math.round(Math.hypot(at(dxM, m), at(dyM, m)) * 1e6) / 1e6,
  );
  const headingRad = Float64Array.from(moves, (_, m) => Math.atan2(at(dyM, m), at(dxM, m)));
  const grounds = moves.map((move) =>
    [...new Set([...at(poses, move.from).blocks, ...at(poses, move.to).blocks, ...(move.also ?? [])])].sort(
      (a, b) => a - b,
    ),
  );
  const clearAtM = new Float64Array(grounds.reduce((sum, ground) => sum + ground.length, 0));
  let slot = 0;
  grounds.forEach((ground, m) => {
    const end = at(poses, at(to, m)).blocks;
    for (const block of ground)
      clearAtM[slot++] = end.includes(block) ? Number.POSITIVE_INFINITY : at(lengthM, m);
  });
  const outgoing = rowsBy(from, poses.length);
  const nodeIds = poses.map((pose) => nodeIdOf(pose.id));
  const edgeIds = moves.map((move) => edgeIdOf(`${at(poses, move.from).id}>${at(poses, move.to).id}`));
  const blockIds = Array.from({ length: blockCount }, (_, b) => blockIdOf(`b${b}`));
  const poseOf = new Map(nodeIds.map((id, p) => [id, p]));
  const moveOf = new Map(edgeIds.map((id, m) => [id, m]));
  const blockOf = new Map(blockIds.map((id, b) => [id, b]));
  return {
    hash: name,
    side: "vn",
    vehicleClassId: vehicleClassIdOf("bench"),
    poses: {
      count: poses.length,
      nodeIds,
      xM,
      yM,
      headingRad: Float64Array.from(poses, (_, p) => {
        const first = outgoing.values[at(outgoing.offsets, p)];
        return at(outgoing.offsets, p) === at(outgoing.offsets, p + 1) || first === undefined
          ? 0
          : at(headingRad, first);
      }),
      kind: Uint8Array.from(poses, (pose) => PoseKind[pose.kind]),
      outgoing,
      incoming: rowsBy(to, poses.length),
      blocks: csrOf(poses.map((pose) => [...pose.blocks].sort((a, b) => a - b))),
    },
    moves: {
      count: moves.length,
      edgeIds,
      from,
      to,
      lengthM,
      speedMps: new Float64Array(moves.length).fill(speedMps),
      blocks: csrOf(grounds),
      clearAtM,
    },
    blocks: {
      count: blockCount,
      ids: blockIds,
      zone: new Int32Array(blockCount),
      zoneIds: [zoneIdOf(`vn:${name}`)],
      own: new Uint8Array(blockCount).fill(1),
    },
    poseIndex: (nodeId) => poseOf.get(nodeId),
    moveIndex: (edgeId) => moveOf.get(edgeId),
    blockIndex: (blockId) => blockOf.get(blockId),
    poseAlong: (move, alongM) => {
      const share = Math.max(0, Math.min(1, alongM / at(lengthM, move)));
      const start = at(from, move);
      return {
        xM: at(xM, start) + share * at(dxM, move),
        yM: at(yM, start) + share * at(dyM, move),
        headingRad: at(headingRad, move),
      };
    },
    project: (move, pointXM, pointYM) => {
      const start = at(from, move);
      const length = at(lengthM, move);
      const along =
        ((pointXM - at(xM, start)) * at(dxM, move) + (pointYM - at(yM, start)) * at(dyM, move)) / length;
      const alongM = Math.max(0, Math.min(length, along));
      const offXM = at(xM, start) + (alongM / length) * at(dxM, move) - pointXM;
      const offYM = at(yM, start) + (alongM / length) * at(dyM, move) - pointYM;
      return { alongM, offM: Math.hypot(offXM, offYM) };
    },
  };
}

function csrOf(rows: readonly (readonly number[])[]): Csr {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((one, r) => {
    offsets[r + 1] = at(offsets, r) + one.length;
  });
  return { offsets, values: Int32Array.from(rows.flat()) };
}

/** The indices at which each value 0..count-1 occurs, ascending. */
function rowsBy(values: Int32Array, count: number): Csr {
  const rows = Array.from({ length: count }, (): number[] => []);
  values.forEach((value, index) => {
    at(rows, value).push(index);
  });
  return csrOf(rows);
}

/** Whether every pose can be reached from every other. */
export function isStronglyConnected(network: Network): boolean {
  return (
    reachedFrom(network.poses.outgoing, network.moves.to) === network.poses.count &&
    reachedFrom(network.poses.incoming, network.moves.from) === network.poses.count
  );
}

function reachedFrom(edges: Csr, ends: Int32Array): number {
  const seen = new Uint8Array(edges.offsets.length - 1);
  const open = [0];
  seen[0] = 1;
  let reached = 0;
  for (let pose = open.pop(); pose !== undefined; pose = open.pop()) {
    reached++;
    for (let i = at(edges.offsets, pose); i < at(edges.offsets, pose + 1); i++) {
      const next = at(ends, at(edges.values, i));
      if (seen[next] === 1) continue;
      seen[next] = 1;
      open.push(next);
    }
  }
  return reached;
}
