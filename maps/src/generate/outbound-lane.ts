import { addFishbone, fishboneLengthM } from "./fishbone.ts";
import type { LaneBuilder, LaneSpan } from "./lane-builder.ts";
import { type Fork, pairSuffix } from "./lane-pairs.ts";
import type { SideParameters } from "./parameters.ts";
import { leadAcross, leadStraight } from "./road.ts";
import { clearOfBendM } from "./spacing.ts";
import { padTurnOffM } from "./transfer-zone.ts";

/** The lane towards the line, from the yard to the end of its strip. */
export interface OutboundLane {
  readonly portal: string;
  readonly weighed: string;
  readonly weighEdges: readonly string[];
  readonly scanEdges: readonly string[];
  readonly scanned: string;
  readonly buffers: readonly string[];
  readonly docks: readonly string[];
  readonly exitGate: string;
  readonly turnBack: string;
  /** Where the road to the transfer pad leaves the lane. */
  readonly toPad: string | undefined;
  /** Where vehicles wait for the line, from the last place to the hold line. */
  readonly queue: readonly string[];
  /** The strip at the line in driving order, from the hold line to the end of the strip. */
  readonly strip: readonly string[];
  readonly stripEdges: readonly string[];
  readonly bypass: LaneSpan;
}

export function layOutOutbound(lane: LaneBuilder, parameters: SideParameters, fork: Fork): OutboundLane {
  const { track, side, crossing } = lane;
  const f = parameters.figures;
  const noseM = crossing.vehicleLengthM.value / 2;
  const roadMps = crossing.roadSpeedMps.value;
  const frame = lane.frame("outbound");
  const radiusM = crossing.bendRadiusM.value;
  const departName = `${side}.yard.depart${pairSuffix(lane.pair)}`;
  const depart = leadAcross({ track, frame, speedMps: crossing.yardSpeedMps.value }, departName, {
    cornerM: -fork.cornerM(lane.pair, frame) - Math.abs(fork.shiftM(frame)),
    fromRightM: fork.shiftM(frame),
    toRightM: 0,
    radiusM,
  });
  const at = (from: string, name: string, chainageM: number, speedMps = roadMps, ends = {}) =>
    lane.lead("outbound", from, name, -chainageM - noseM, speedMps, ends);
  const portal = at(depart.last, "portal", f.outPortalM.value, roadMps, lane.approach());
  const weighed = at(portal.node, "weighed", f.outWeighbridgeM.value, crossing.yardSpeedMps.value);
  const hall = at(weighed.node, "scanner", f.outScannerFromM.value, roadMps, lane.approach());
  const scanned = at(hall.node, "scanned", f.outScannerToM.value, crossing.scannerSpeedMps.value);

  const bone = (name: string, bays: number, startM: number, outermostM: number) => ({
    name: `${lane.name("outbound")}.${name}`,
    bays,
    startM: -startM,
    firstOffsetM: crossing.bufferFirstOffsetM.value,
    pitchM: crossing.bufferPitchM.value,
    outermostM,
    radiusM,
    clearM: clearOfBendM(crossing, radiusM),
    bayMps: crossing.yardSpeedMps.value,
    road: lane.road("outbound", roadMps),
  });
  const buffersBone = bone(
    "buffer",
    f.outBufferBays.value,
    f.outBuffersM.value,
    crossing.bufferLengthM.value,
  );
  const docksBone = bone("dock", f.outDocks.value, f.outDocksM.value, crossing.dockLengthM.value);
  const buffers = addFishbone(track, frame, buffersBone);
  leadStraight(lane.road("outbound", roadMps), scanned.node, buffers.diverge);
  const docks = addFishbone(track, frame, docksBone);
  leadStraight(lane.road("outbound", roadMps), buffers.merge, docks.diverge);
  const exitGate = at(docks.merge, "exit-gate", f.outExitGateM.value, roadMps, lane.approach());
  const turnBack = at(exitGate.node, "turn-back", crossing.turnBackM.value);
  const strip = lane.strip("outbound");
  const hold = strip.nodes[0] ?? "";
  const toPadM = padTurnOffM(crossing, track.poseOf(turnBack.node).xM, track.poseOf(hold).xM);
  const toPad =
    toPadM === undefined
      ? undefined
      : at(turnBack.node, "to-pad", -toPadM - noseM, roadMps, {
          clearStartM: clearOfBendM(crossing, lane.turnRadiusM()),
        }).node;
  const queue = lane.queue(toPad ?? turnBack.node, hold);
  return {
    portal: portal.node,
    weighed: weighed.node,
    weighEdges: weighed.edges,
    scanEdges: scanned.edges,
    scanned: scanned.node,
    buffers: buffers.bays,
    docks: docks.bays,
    exitGate: exitGate.node,
    turnBack: turnBack.node,
    toPad,
    queue,
    strip: strip.nodes,
    stripEdges: strip.edges,
    bypass: {
      fromM: f.outDocksM.value - fishboneLengthM(docksBone),
      toM: f.outBuffersM.value,
      besideM:
        crossing.bufferFirstOffsetM.value +
        crossing.bufferPitchM.value * (Math.max(buffersBone.bays, docksBone.bays) - 1),
    },
  };
}
