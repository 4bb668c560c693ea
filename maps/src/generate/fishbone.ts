import { inOutwardFrame, type LaneFrame } from "./lane-frame.ts";
import { DIAGONAL_RAD, leadStraight, type Road, tangentLengthM } from "./road.ts";
import type { Track } from "./track.ts";

/** Parallel drive-through bays beside a lane, between a diagonal that leads off it and one that leads back. */
export interface Fishbone {
  /** `vn.out.buffer`: bays are `vn.out.buffer-1`, ... from the lane outwards. */
  readonly name: string;
  readonly bays: number;
  /** Where the lane's first diverge node is, along the lane. */
  readonly startM: number;
  /** From the lane to the first bay, and from bay to bay. */
  readonly firstOffsetM: number;
  readonly pitchM: number;
  /** The outermost bay, from corner to corner; each one further in is two pitches longer. */
  readonly outermostM: number;
  readonly radiusM: number;
  readonly bayMps: number;
  /** How far past the beginning of a bend a body on the lane stands clear of those who turn off. */
  readonly clearM: number;
  readonly road: Road;
}

/** How much of the lane a fishbone takes. */
export function fishboneLengthM(
  bone: Omit<Fishbone, "road" | "name" | "bayMps" | "startM" | "clearM">,
): number {
  const lastOffsetM = bone.firstOffsetM + bone.pitchM * (bone.bays - 1);
  return 2 * tangentLengthM(bone.radiusM, DIAGONAL_RAD) + 2 * lastOffsetM + bone.outermostM;
}

/**
 * Adds a fishbone and the lane past it (from its diverge to its merge node, which take part in the lane:
 * `<name>s.in` and `<name>s.out`). A vehicle in a bay bars nobody: the lane itself goes by.
 */
export function addFishbone(
  track: Track,
  frame: LaneFrame,
  bone: Fishbone,
): { readonly diverge: string; readonly merge: string; readonly bays: string[] } {
  const reachM = tangentLengthM(bone.radiusM, DIAGONAL_RAD);
  const flatM = reachM / Math.SQRT2;
  const endM = bone.startM + fishboneLengthM(bone);
  const inCornerM = bone.startM + reachM;
  const outCornerM = endM - reachM;
  const diverge = track.addNode(`${bone.name}s.in`, inOutwardFrame(frame, bone.startM, 0));
  const merge = track.addNode(`${bone.name}s.out`, inOutwardFrame(frame, endM, 0));

  // The diagonal out, with a branch to each bay, and the diagonal back, joined by each bay.
  const offsets = Array.from({ length: bone.bays }, (_, i) => bone.firstOffsetM + i * bone.pitchM);
  let outward = track.addNode(
    `${bone.name}s.off`,
    inOutwardFrame(frame, inCornerM + flatM, flatM, -DIAGONAL_RAD),
  );
  track.connect(diverge, outward, bone.bayMps);
  const bays: string[] = [];
  const joins: string[] = [];
  offsets.forEach((offsetM, i) => {
    const bay = `${bone.name}-${i + 1}`;
    const branch = track.addNode(
      `${bay}.branch`,
      inOutwardFrame(frame, inCornerM + offsetM - flatM, offsetM - flatM, -DIAGONAL_RAD),
    );
    track.connect(outward, branch, bone.bayMps);
    outward = branch;
    const enter = track.addNode(`${bay}.enter`, inOutwardFrame(frame, inCornerM + offsetM + reachM, offsetM));
    const leave = track.addNode(
      `${bay}.leave`,
      inOutwardFrame(frame, outCornerM - offsetM - reachM, offsetM),
    );
    const middleM = (inCornerM + outCornerM) / 2;
    const stand = track.addNode(bay, inOutwardFrame(frame, middleM, offsetM));
    const join = track.addNode(
      `${bay}.join`,
      inOutwardFrame(frame, outCornerM - offsetM + flatM, offsetM - flatM, DIAGONAL_RAD),
    );
    track.connect(branch, enter, bone.bayMps);
    track.connect(enter, stand, bone.bayMps);
    track.connect(stand, leave, bone.bayMps);
    track.connect(leave, join, bone.bayMps);
    bays.push(stand);
    joins.push(join);
  });
  const back = track.addNode(
    `${bone.name}s.back`,
    inOutwardFrame(frame, outCornerM - flatM, flatM, DIAGONAL_RAD),
  );
  const order = [...joins].reverse();
  order.forEach((join, i) => {
    track.connect(join, order[i + 1] ?? back, bone.bayMps);
  });
  track.connect(back, merge, bone.bayMps);
  leadStraight(bone.road, diverge, merge, { clearStartM: bone.clearM, clearEndM: bone.clearM });
  return { diverge, merge, bays };
}
