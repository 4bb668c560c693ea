import type { Network, NodeId } from "@baton/maps";
import { type SmallMove, type SmallPose, smallNetwork } from "./small-network.ts";

/** A small place to drive in: its network, where vehicles may rest, and where they may be made to stop on the way. */
export interface Layout {
  readonly name: string;
  readonly network: Network;
  readonly bays: readonly string[];
  /** Of the bays those that are the head of a queue: several may be on their way there, and nobody rests there for good. */
  readonly heads?: readonly string[];
  /** Via nodes that lie on the way between two bays, if any. */
  viasBetween(from: string, to: string): readonly string[];
}

function pose(
  id: string,
  xM: number,
  yM: number,
  kind: SmallPose["kind"],
  blocks: readonly string[] = [id],
): SmallPose {
  return { id, xM, yM, kind, blocks };
}

/** A one-way ring with a bay between each pose and the next. */
export function ring(size: number): Layout {
  const { poses, moves } = ringRoads(size);
  return {
    name: `ring ${size}`,
    network: smallNetwork(poses, moves),
    bays: Array.from({ length: size }, (_, i) => `bay${i}`),
    viasBetween: () => [],
  };
}

function ringRoads(size: number): { poses: SmallPose[]; moves: SmallMove[] } {
  const poses: SmallPose[] = [];
  const moves: SmallMove[] = [];
  const radiusM = (20 * size) / (2 * Math.PI);
  for (let i = 0; i < size; i++) {
    const angle = (2 * Math.PI * i) / size;
    const next = `r${(i + 1) % size}`;
    const half = angle + Math.PI / size;
    poses.push(pose(`r${i}`, radiusM * Math.cos(angle), radiusM * Math.sin(angle), "way"));
    poses.push(pose(`bay${i}`, (radiusM + 25) * Math.cos(half), (radiusM + 25) * Math.sin(half), "endpoint"));
    moves.push({ from: `r${i}`, to: next }, { from: `r${i}`, to: `bay${i}` }, { from: `bay${i}`, to: next });
  }
  return { poses, moves };
}

/** Two one-way lanes joined at the ends and by rungs that nobody may stop on; bays beside the lower lane. */
export function ladder(size: number): Layout {
  const poses: SmallPose[] = [];
  const moves: SmallMove[] = [];
  for (let i = 0; i <= size; i++) {
    poses.push(pose(`a${i}`, 25 * i, 60, "way"), pose(`b${i}`, 25 * i, 0, "way"));
    if (i < size) moves.push({ from: `a${i}`, to: `a${i + 1}` }, { from: `b${i + 1}`, to: `b${i}` });
    if (i > 0 && i < size) {
      // The rungs' middles overlap their neighbours': a junction that is one.
      poses.push(pose(`j${i}`, 25 * i, 30, "passing", [`j${i}`, `j${i + 1}`]));
      moves.push({ from: `a${i}`, to: `j${i}` }, { from: `j${i}`, to: `b${i}` });
      poses.push(pose(`bay${i}`, 25 * i - 12, -25, "endpoint"));
      moves.push({ from: `b${i}`, to: `bay${i}` }, { from: `bay${i}`, to: `b${i - 1}` });
    }
  }
  moves.push({ from: `a${size}`, to: `b${size}` }, { from: "b0", to: "a0" });
  return {
    name: `ladder ${size}`,
    network: smallNetwork(poses, moves),
    bays: Array.from({ length: size - 1 }, (_, i) => `bay${i + 1}`),
    viasBetween: () => [],
  };
}

/** Two yards joined by one track that is driven both ways, with a place to stop for a station on it. */
export function singleTrack(bays: number, length: number): Layout {
  const poses: SmallPose[] = [];
  const moves: SmallMove[] = [];
  const endM = 25 * (length + 1);
  poses.push(pose("wOut", 0, 15, "way"), pose("wIn", 0, -15, "way"));
  poses.push(pose("eIn", endM, 15, "way"), pose("eOut", endM, -15, "way"));
  for (let i = 1; i <= length; i++) {
    poses.push(pose(`east${i}`, 25 * i, 0, "way", [`s${i}`]), pose(`west${i}`, 25 * i, 0, "way", [`s${i}`]));
    if (i < length)
      moves.push({ from: `east${i}`, to: `east${i + 1}` }, { from: `west${i + 1}`, to: `west${i}` });
  }
  moves.push({ from: "wOut", to: "east1" }, { from: `east${length}`, to: "eIn" });
  moves.push({ from: "eOut", to: `west${length}` }, { from: "west1", to: "wIn" });
  for (let i = 0; i < bays; i++) {
    const yM = 30 * (i - bays / 2);
    poses.push(pose(`bayW${i}`, -60, yM, "endpoint"), pose(`bayE${i}`, endM + 60, yM, "endpoint"));
    moves.push({ from: `bayW${i}`, to: "wOut" }, { from: "wIn", to: `bayW${i}` });
    moves.push({ from: "eIn", to: `bayE${i}` }, { from: `bayE${i}`, to: "eOut" });
  }
  return {
    name: `single track ${bays}/${length}`,
    network: smallNetwork(poses, moves),
    bays: Array.from({ length: bays }, (_, i) => [`bayW${i}`, `bayE${i}`]).flat(),
    viasBetween: (from, to) => {
      if (from.startsWith("bayW") === to.startsWith("bayW")) return [];
      return from.startsWith("bayW") ? ["wOut", "east2"] : ["west2"];
    },
  };
}

/**
 * A ring, and beside it a lane from its first pose over a gate to a line, before which as many vehicles may queue as there
 * are places (the line itself included), and from there back to the ring.
 */
export function queueLane(size: number, places: number): Layout {
  const around = ring(size);
  const { poses, moves } = ringRoads(size);
  const outM = (20 * size) / (2 * Math.PI) + 20;
  const waiting = Array.from({ length: places - 1 }, (_, i) => `queue${places - 1 - i}`);
  const lane = ["out1", "out2", "gate", ...waiting, "line"];
  lane.forEach((id, i) => {
    poses.push(pose(id, outM + 20 * i, 0, id === "line" ? "endpoint" : "way"));
    moves.push({ from: lane[i - 1] ?? "r0", to: id });
  });
  for (let i = lane.length; i >= 0; i--) {
    poses.push(pose(`back${i}`, outM + 20 * i, 20, "way"));
    moves.push({ from: i === lane.length ? "line" : `back${i + 1}`, to: `back${i}` });
  }
  moves.push({ from: "back0", to: "r1" });
  const network = smallNetwork(poses, moves);
  const queue = lane.slice(3).map((id) => network.poseIndex(id as NodeId) ?? -1);
  const offsets = Int32Array.from([0, queue.length]);
  const queues = { count: 1, ids: ["before-the-line"], places: { offsets, values: Int32Array.from(queue) } };
  return {
    name: `a lane with ${places} places before its line`,
    network: places > 1 ? { ...network, queues } : network,
    bays: [...around.bays, "line", "line", "line"],
    heads: ["line"],
    viasBetween: (_, to) => (to === "line" ? ["gate"] : []),
  };
}
