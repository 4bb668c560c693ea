import type { Side } from "../ids.ts";
import type { CrossingFigures } from "./parameters.ts";
import { clearOfBendM } from "./spacing.ts";
import type { Track } from "./track.ts";

/*
 * The pad under the crane at the line lies at the apex of a U-turn from the outbound to the inbound lane, across the middle of
 * the road: who stands there is clear of both lanes, and drives on home forward. It turns off where the places before the hold
 * line begin, so that neither those who wait nor those who turn back from the hold line meet it. The crane runs on rails along the
 * middle of the road from one side's pad to the other's.
 *
 *        turned-back ◄──────────── from-pad ◄──────────── strip
 *             ╲                        ╲            ╲
 *              │ (turn-back)            ▐ pad ······· │ ······· load's way to the line
 *             ╱                        ╱             ╱
 *        turn-back ──────────────► to-pad ──► queue ──► hold
 *
 * Who turns back from the hold line passes below the load. So the load's way has an edge of its own there, which leads from nowhere
 * to nowhere: whoever closes it closes that turn-back, and nothing else.
 */

/** Files are rounded to a tenth of a millimetre. */
const SPARE_M = 0.05;

/**
 * How far along the outbound lane (outward frame) the road to the pad leaves it: as near to the line as the places before the hold
 * line allow; the furthest of these give way where the road is short. Undefined for a crossing without pads.
 * @throws {Error} when there is no room at all, or more than one pad is asked for.
 */
export function padTurnOffM(crossing: CrossingFigures, turnBackM: number, holdM: number): number | undefined {
  const pads = crossing.transferPads?.value ?? 0;
  if (pads === 0) return undefined;
  if (pads !== 1) {
    throw new Error(`${pads} transfer pads a side: the cranes of several would share their rails; 0 or 1`);
  }
  const { vehicleLengthM, vehicleWidthM, safetyMarginM, laneOffsetM, queueGapM, queuePlaces } = crossing;
  const halfLengthM = vehicleLengthM.value / 2 + safetyMarginM.value;
  const halfWidthM = vehicleWidthM.value / 2 + safetyMarginM.value;
  const radiusM = laneOffsetM.value;
  const clearM = clearOfBendM(crossing, radiusM);
  // How far an outer front corner reaches beyond the centre of a half circle: none of those who turn back passes under the pad.
  const reachM = Math.hypot(radiusM + halfWidthM, halfLengthM);
  const firstM = turnBackM + reachM + halfWidthM - radiusM + SPARE_M;
  const pitchM = 2 * halfLengthM + queueGapM.value;
  const roomM = holdM - clearM - firstM;
  if (roomM < 0) {
    throw new Error(
      `no room for a transfer pad: turn-back and hold line are ${(-roomM).toFixed(1)} m too near each other`,
    );
  }
  const behind = Math.min(queuePlaces.value - 1, Math.floor(roomM / pitchM));
  return holdM - clearM - behind * pitchM;
}

/** Adds the edge below the load's way, where who turns back from the hold line crosses the middle of the road. Returns its id. */
export function addLoadWay(track: Track, side: Side, crossing: CrossingFigures, hold: string): string {
  const { laneOffsetM, vehicleLengthM, vehicleWidthM, yardSpeedMps } = crossing;
  const apexM = track.poseOf(hold).xM + laneOffsetM.value;
  // From the inner edge of the turning bodies to their outer one.
  const halfM = Math.max(MIN_LOAD_WAY_M, vehicleWidthM.value);
  const at = (xM: number) => ({ xM, yM: 0, headingRad: 0 });
  const from = track.addNode(`${side}.load-way-1`, at(apexM - halfM));
  const to = track.addNode(`${side}.load-way-2`, at(apexM + halfM));
  if (track.poseOf(to).xM + vehicleLengthM.value / 2 >= 0)
    throw new Error("the hold line lies too near to the line");
  return track.connect(from, to, yardSpeedMps.value);
}

/** Two nodes are never nearer than 2 m. */
const MIN_LOAD_WAY_M = 1;

/** Adds the pad and the U-turn that leads over it. Returns its node. */
export function addPad(
  track: Track,
  side: Side,
  crossing: CrossingFigures,
  toPad: string,
  fromPad: string,
): string {
  const { laneOffsetM, yardSpeedMps } = crossing;
  const apex = { xM: track.poseOf(toPad).xM + laneOffsetM.value, yM: 0, headingRad: Math.PI / 2 };
  const pad = track.addNode(`${side}.transfer-pad-1`, apex);
  track.connect(toPad, pad, yardSpeedMps.value);
  track.connect(pad, fromPad, yardSpeedMps.value);
  return pad;
}
