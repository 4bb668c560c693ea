import type { Point } from "../geometry/pose.ts";
import { boundOf, type Direction } from "../ids.ts";
import type { Lane } from "../layout/site-file.ts";
import type { LaneSpan } from "./lane-builder.ts";
import { inOutwardFrame, laneFrame } from "./lane-frame.ts";
import { pairSuffix } from "./lane-pairs.ts";
import type { CrossingFigures } from "./parameters.ts";
import type { LanePair, SideLayout } from "./side-layout.ts";

const BESIDE_LANE_M = 7;
const BESIDE_BAYS_M = 8;
const BESIDE_YARD_M = 34;
const MANNED_PITCH_M = 4.5;

/**
 * The lanes of a side as centre lines, site frame: the unmanned ones down the middle, the manned ones outside
 * of them, bending around the bays beside the unmanned lane.
 */
export function lanesOf(
  layout: SideLayout,
  crossing: CrossingFigures,
  toSite: (point: Point) => Point,
): Lane[] {
  const lanes: Lane[] = [];
  const unmanned = Math.max(crossing.unmannedLanesADirection.value, layout.pairs.length);
  const mannedADirection = crossing.lanes.value / 2 - unmanned;
  for (const direction of ["export", "import"] as const) {
    for (const pair of layout.pairs) lanes.push(unmannedLane(layout, crossing, pair, direction, toSite));
    for (let k = 0; k < mannedADirection; k += 1) {
      lanes.push(mannedLane(layout, crossing, direction, k, toSite));
    }
  }
  return lanes;
}

function unmannedLane(
  layout: SideLayout,
  crossing: CrossingFigures,
  { pair, offsetsM }: LanePair,
  direction: Direction,
  toSite: (point: Point) => Point,
): Lane {
  const bound = boundOf(layout.side, direction);
  const frame = laneFrame(bound, offsetsM[bound]);
  const yardM = Math.abs(layout.track.poseOf(`${layout.side}.yard.arrive${pairSuffix(pair)}.1`).xM);
  const fromLine = frame.bound === "outbound" ? [-yardM, 0] : [0, yardM];
  return {
    laneId: `${layout.side}.${direction}.unmanned-${pair}`,
    direction,
    kind: "unmanned",
    widthM: crossing.laneWidthM.value,
    centreLine: fromLine.map((alongM) => roundedPoint(toSite(inOutwardFrame(frame, alongM, 0)))),
  };
}

function mannedLane(
  layout: SideLayout,
  crossing: CrossingFigures,
  direction: Direction,
  k: number,
  toSite: (point: Point) => Point,
): Lane {
  const bound = boundOf(layout.side, direction);
  const outermostM = layout.pairs.at(-1)?.offsetsM[bound] ?? crossing.laneOffsetM.value;
  const frame = laneFrame(bound, outermostM);
  const span: LaneSpan = bound === "outbound" ? layout.out.bypass : layout.in.bypass;
  const nearM = BESIDE_LANE_M + k * MANNED_PITCH_M;
  const farM = Math.max(span.besideM + BESIDE_BAYS_M, BESIDE_YARD_M) + k * MANNED_PITCH_M;
  const endM = layout.yardEndM + 40;
  // From the line to the far end of the yard, in metres from the line and from the unmanned lane.
  const shape = [
    { fromLineM: 0, rightM: nearM },
    { fromLineM: Math.max(span.fromM - (farM - nearM), 5), rightM: nearM },
    { fromLineM: span.fromM, rightM: farM },
    { fromLineM: endM, rightM: farM },
  ];
  const points = shape.map(({ fromLineM, rightM }) =>
    roundedPoint(toSite(inOutwardFrame(frame, bound === "outbound" ? -fromLineM : fromLineM, rightM))),
  );
  return {
    laneId: `${layout.side}.${direction}.manned-${k + 1}`,
    direction,
    kind: "manned",
    widthM: crossing.laneWidthM.value,
    centreLine: bound === "outbound" ? points.reverse() : points,
  };
}

function roundedPoint(point: Point): Point {
  return { xM: rounded(point.xM, 3), yM: rounded(point.yM, 3) };
}

/** Rounded to so many decimals, never -0. */
export function rounded(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor + 0;
}
