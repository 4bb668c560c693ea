import type { Side } from "../ids.ts";
import { type LaneFrame, laneFrame } from "./lane-frame.ts";
import type { CrossingFigures, SideParameters } from "./parameters.ts";
import { DIAGONAL_RAD, leadStraight, tangentLengthM } from "./road.ts";
import { clearOfBendM, placesAlong } from "./spacing.ts";
import type { Track } from "./track.ts";

/*
 * A second pair of lanes lies outside of the first, one lane on each side of the road, beyond the bays beside the first: traffic keeps
 * right, so that no lane crosses another between yard and line. All share the yard, whose spines begin further out, where the roads of the
 * pairs part. Who turns back from an outer lane drives straight across the road to the inbound lane of its pair, over the lanes of
 * the inner one.
 *
 *      spine-in  ◄──┬───◄──────────────── in-1 ◄──── line
 *                    ╲  (turn-back across)
 *                     ╲──────◄─────────── in-2 ◄──── line
 */

/** How far from the middle of the road each lane of a pair lies. */
export interface LaneOffsets {
  readonly outbound: number;
  readonly inbound: number;
}

/** The number of a pair as a site file says it: not at all for the first. */
export const pairIn = (pair: number): { readonly pair?: number } => (pair === 1 ? {} : { pair });

/** Names of the first pair say no number. */
export const pairSuffix = (pair: number): string => (pair === 1 ? "" : `-${pair}`);

/**
 * Where the lanes of each pair lie, by the side that they leave: an outbound lane of the one side is the inbound lane of the other, so that both
 * sides' bays decide.
 * @throws {Error} when there are more than two pairs, or a crane or an exchange pad at the line as well.
 */
export function laneOffsets(
  crossing: CrossingFigures,
  sides: Readonly<Record<Side, SideParameters>>,
): Readonly<Record<Side, readonly LaneOffsets[]>> {
  const pairs = crossing.lanePairs?.value ?? 1;
  if (pairs !== 1 && pairs !== 2) throw new Error(`${pairs} pairs of lanes: 1 or 2`);
  const pads = (crossing.transferPads?.value ?? 0) + (crossing.exchangePads?.value ?? 0);
  if (pairs > 1 && pads > 0)
    throw new Error(
      "who turns back from the second pair drives over the pads at the line: have one of the two",
    );
  const first = { outbound: crossing.laneOffsetM.value, inbound: crossing.laneOffsetM.value };
  if (pairs === 1) return { vn: [first], cn: [first] };
  const besideM = (bays: number): number =>
    crossing.bufferFirstOffsetM.value + crossing.bufferPitchM.value * (bays - 1);
  const outBays = ({ figures }: SideParameters): number =>
    Math.max(figures.outBufferBays.value, figures.outDocks.value);
  const outer = (giver: SideParameters, taker: SideParameters): number =>
    crossing.laneOffsetM.value +
    besideM(Math.max(outBays(giver), taker.figures.inBufferBays.value)) +
    2 * crossing.bufferFirstOffsetM.value;
  const [exports, imports] = [outer(sides.vn, sides.cn), outer(sides.cn, sides.vn)];
  return {
    vn: [first, { outbound: exports, inbound: imports }],
    cn: [first, { outbound: imports, inbound: exports }],
  };
}

/** Where the lanes of the pairs part from the yard's spines. */
export interface Fork {
  /** From the line to where the spines begin. */
  readonly endM: number;
  /** From a lane to the spine, to the lane's right. */
  shiftM(frame: LaneFrame): number;
  /** From the line to the corner of the diagonal's bend on the lane. */
  cornerM(pair: number, frame: LaneFrame): number;
}

export function forkOf(
  { figures }: SideParameters,
  crossing: CrossingFigures,
  offsets: readonly LaneOffsets[],
): Fork {
  const { yardHalfWidthM, laneOffsetM, bendRadiusM } = crossing;
  const bendM = tangentLengthM(bendRadiusM.value, DIAGONAL_RAD);
  const yardM = figures.yardM.value;
  const firstEndM = yardM + 2 * bendM + yardHalfWidthM.value - laneOffsetM.value;
  const shiftM = ({ offsetM }: { readonly offsetM: number }): number => yardHalfWidthM.value - offsetM;
  const outermostM = Math.max(...offsets.flatMap(({ outbound, inbound }) => [outbound, inbound]));
  const clearM = clearOfBendM(crossing, bendRadiusM.value);
  // The outer diagonals end where the inner ones do, or further from the line.
  const endM =
    offsets.length === 1
      ? firstEndM
      : Math.max(yardM + 2 * bendM + Math.abs(shiftM({ offsetM: outermostM })), firstEndM + 2 * clearM);
  return {
    endM,
    shiftM,
    cornerM: (pair, frame) => (pair === 1 ? yardM + bendM : endM - bendM - Math.abs(shiftM(frame))),
  };
}

/** Leads the spines past where the second pair parts from them. Returns the nodes at which they begin. */
export function joinPairs(
  track: Track,
  side: Side,
  crossing: CrossingFigures,
  pairs: number,
): { readonly inEnd: string; readonly outStart: string } {
  const first = { inEnd: `${side}.yard.arrive.4`, outStart: `${side}.yard.depart.1` };
  if (pairs === 1) return first;
  const ends = { inEnd: `${side}.yard.arrive-2.4`, outStart: `${side}.yard.depart-2.1` };
  const clearM = clearOfBendM(crossing, crossing.bendRadiusM.value);
  const offsetM = crossing.yardHalfWidthM.value;
  const road = (bound: "outbound" | "inbound") => ({
    track,
    frame: laneFrame(bound, offsetM),
    prefix: `${side}.yard.fork-${bound === "outbound" ? "out" : "in"}`,
    rightM: 0,
    speedMps: crossing.roadSpeedMps.value,
    spacingM: crossing.blockLengthM.value,
  });
  leadStraight(road("outbound"), ends.outStart, first.outStart, { clearStartM: clearM, clearEndM: 0 });
  leadStraight(road("inbound"), first.inEnd, ends.inEnd, { clearStartM: 0, clearEndM: clearM });
  return ends;
}

/** From where one may turn back, and from the hold line, to the inbound lane of the same pair. */
export function addTurnBacks(
  track: Track,
  side: Side,
  crossing: CrossingFigures,
  pair: number,
  out: { readonly turnBack: string; readonly strip: readonly string[] },
  inbound: { readonly strip: readonly string[] },
): void {
  const speedMps = crossing.yardSpeedMps.value;
  const turnedBack = `${side}.in${pairSuffix(pair)}.turned-back`;
  const hold = out.strip[0] ?? "";
  const stripEnd = inbound.strip.at(-1) ?? "";
  if (pair === 1) {
    track.turnBack(out.turnBack, turnedBack, speedMps);
    track.turnBack(hold, stripEnd, speedMps);
    return;
  }
  leadBackAcross(track, crossing, out.turnBack, turnedBack);
  leadBackAcross(track, crossing, hold, stripEnd);
}

/** A quarter turn to the left, straight across the road, and another one. */
function leadBackAcross(track: Track, crossing: CrossingFigures, from: string, to: string): void {
  const radiusM = crossing.bendRadiusM.value;
  const [a, b] = [track.poseOf(from), track.poseOf(to)];
  const across = { xM: a.xM + tangentLengthM(radiusM, Math.PI / 2), headingRad: Math.PI / 2 };
  const [startM, endM] = [a.yM + radiusM, b.yM - radiusM];
  const places = placesAlong(endM - startM, {
    spacingM: crossing.blockLengthM.value,
    clearStartM: 0,
    clearEndM: 0,
  });
  const name = `${from}-back`;
  const nodes = [0, ...places, endM - startM].map((placeM, i) =>
    track.addNode(`${name}-${i + 1}`, { ...across, yM: startM + placeM }),
  );
  const way = [from, ...nodes, to];
  way.slice(1).forEach((node, i) => {
    track.connect(way[i] ?? "", node, crossing.yardSpeedMps.value);
  });
}
