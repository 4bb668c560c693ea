import { inOutwardFrame, type LaneFrame } from "./lane-frame.ts";
import { DIAGONAL_RAD, leadAcross, leadStraight, type Road, tangentLengthM } from "./road.ts";
import type { Track } from "./track.ts";

/** A track beside a lane where vehicles wait one behind the other, in the order in which they came. */
export interface Siding {
  /** Its nodes are named after it: `vn.in.yard-queue`; places are numbered from the head. */
  readonly name: string;
  readonly places: number;
  /** From one place to the next. */
  readonly pitchM: number;
  /** Where it leads back to the lane, along the lane. */
  readonly endM: number;
  /** From the lane to the siding. */
  readonly offsetM: number;
  readonly radiusM: number;
  /** Half of a body, margin included: nobody who waits stands in the bends. */
  readonly halfLengthM: number;
  readonly speedMps: number;
  /** How far past the beginning of a bend a body on the lane stands clear of those who turn off. */
  readonly clearM: number;
  readonly road: Road;
}

type Size = Pick<Siding, "pitchM" | "offsetM" | "radiusM" | "halfLengthM">;

/** How much of the lane a siding with so many places takes. */
export function sidingLengthM(size: Size, places: number): number {
  return bendsM(size) + 2 * size.halfLengthM + (places - 1) * size.pitchM;
}

/** How many places a siding has that takes no more of the lane than this. */
export function placesIn(size: Size, roomM: number): number {
  return Math.max(0, Math.floor((roomM - sidingLengthM(size, 1)) / size.pitchM + 1 + 1e-9));
}

const bendsM = ({ offsetM, radiusM }: Size): number =>
  4 * tangentLengthM(radiusM, DIAGONAL_RAD) + 2 * offsetM;

/**
 * Adds a siding, and the lane past it. Who waits there bars nobody: the lane itself goes by. Returns where both begin and end,
 * and the places from the tail to the head.
 */
export function addSiding(
  track: Track,
  frame: LaneFrame,
  siding: Siding,
): { readonly diverge: string; readonly merge: string; readonly places: readonly string[] } {
  const { name, places: count, pitchM, offsetM, radiusM, speedMps, halfLengthM, clearM } = siding;
  const reachM = tangentLengthM(radiusM, DIAGONAL_RAD);
  const startM = siding.endM - sidingLengthM(siding, count);
  const lead = { track, frame, speedMps };
  const off = leadAcross(lead, `${name}.off`, {
    cornerM: startM + reachM,
    fromRightM: 0,
    toRightM: offsetM,
    radiusM,
  });
  const back = leadAcross(lead, `${name}.back`, {
    cornerM: siding.endM - reachM - offsetM,
    fromRightM: offsetM,
    toRightM: 0,
    radiusM,
  });
  const tailM = startM + bendsM(siding) / 2 + halfLengthM;
  const places = Array.from({ length: count }, (_, i) =>
    track.addNode(`${name}-${count - i}`, inOutwardFrame(frame, tailM + i * pitchM, offsetM)),
  );
  const way = [off.last, ...places, back.first];
  way.slice(1).forEach((node, i) => {
    track.connect(way[i] ?? "", node, siding.road.speedMps);
  });
  leadStraight(siding.road, off.first, back.last, { clearStartM: clearM, clearEndM: clearM });
  return { diverge: off.first, merge: back.last, places };
}
