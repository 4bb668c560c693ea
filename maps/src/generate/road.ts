import { inOutwardFrame, type LaneFrame } from "./lane-frame.ts";
import { type Cutting, placesAlong } from "./spacing.ts";
import type { Track } from "./track.ts";

/** Where a straight road leads and how it is cut into blocks. */
export interface Road {
  readonly track: Track;
  readonly frame: LaneFrame;
  /** Nodes on the way are named `<prefix>.<metres from the line, of the reference point>`. */
  readonly prefix: string;
  readonly rightM: number;
  readonly speedMps: number;
  readonly spacingM: number;
}

/**
 * Leads straight from one node to another, with nodes between at no more than the road's spacing, none where a
 * body would stand in the way of vehicles that turn off or join at an end.
 * Returns the edges in driving order.
 */
export function leadStraight(
  road: Road,
  from: string,
  to: string,
  ends: Partial<Omit<Cutting, "spacingM">> = {},
): string[] {
  const sign = road.frame.bound === "outbound" ? 1 : -1;
  const startM = sign * road.track.poseOf(from).xM;
  const endM = sign * road.track.poseOf(to).xM;
  const cutting = { spacingM: road.spacingM, clearStartM: 0, clearEndM: 0, ...ends };
  const places = placesAlong(endM - startM, cutting);
  const nodes = places.map((placeM) => {
    const alongM = startM + placeM;
    const id = `${road.prefix}.${Math.abs(alongM).toFixed(0).padStart(4, "0")}`;
    return road.track.addNode(id, inOutwardFrame(road.frame, alongM, road.rightM));
  });
  let before = from;
  return [...nodes, to].map((node) => {
    const edge = road.track.connect(before, node, road.speedMps);
    before = node;
    return edge;
  });
}

/** How far along the road a bend of one angle reaches before and after its corner. */
export function tangentLengthM(radiusM: number, angleRad: number): number {
  return radiusM * Math.tan(angleRad / 2);
}

/**
 * Leads from one parallel track to another by a diagonal at 45 degrees: arc, diagonal, arc. `cornerM` is where
 * the first bend's tangents cross. Adds the four nodes, named `<name>.1` to `<name>.4`, and returns the first and last.
 */
export function leadAcross(
  road: Omit<Road, "prefix" | "spacingM" | "rightM">,
  name: string,
  place: {
    readonly cornerM: number;
    readonly fromRightM: number;
    readonly toRightM: number;
    readonly radiusM: number;
  },
): { readonly first: string; readonly last: string } {
  const { track, frame, speedMps } = road;
  const { cornerM, fromRightM, toRightM, radiusM } = place;
  const shiftM = Math.abs(toRightM - fromRightM);
  const reachM = tangentLengthM(radiusM, DIAGONAL_RAD);
  const turn = Math.sign(fromRightM - toRightM) * DIAGONAL_RAD;
  const step = (reachM / Math.SQRT2) * Math.sign(toRightM - fromRightM);
  const flat = reachM / Math.SQRT2;
  const first = track.addNode(`${name}.1`, inOutwardFrame(frame, cornerM - reachM, fromRightM));
  const second = track.addNode(`${name}.2`, inOutwardFrame(frame, cornerM + flat, fromRightM + step, turn));
  const third = track.addNode(
    `${name}.3`,
    inOutwardFrame(frame, cornerM + shiftM - flat, toRightM - step, turn),
  );
  const last = track.addNode(`${name}.4`, inOutwardFrame(frame, cornerM + shiftM + reachM, toRightM));
  track.connect(first, second, speedMps);
  track.connect(second, third, speedMps);
  track.connect(third, last, speedMps);
  return { first, last };
}

/** Diagonals lead off at 45 degrees: as much forward as sideways. */
export const DIAGONAL_RAD = Math.PI / 4;
