import { addFishbone, fishboneLengthM } from "./fishbone.ts";
import { BEYOND_INDEX, type LaneBuilder, type LaneSpan } from "./lane-builder.ts";
import { type Fork, pairSuffix } from "./lane-pairs.ts";
import type { SideParameters } from "./parameters.ts";
import { leadAcross, leadStraight } from "./road.ts";
import { clearOfBendM } from "./spacing.ts";

/** The lane from the line, from its strip to the yard. */
export interface InboundLane {
  readonly strip: readonly string[];
  readonly stripEdges: readonly string[];
  /** Where the road from the transfer pad joins the lane. */
  readonly fromPad: string | undefined;
  readonly firstStop: string;
  readonly entryGate: string;
  readonly scanEdges: readonly string[];
  readonly scanned: string;
  readonly buffers: readonly string[];
  /** Where vehicles wait for a crane, from the last place to the first; empty where the road has no room. */
  readonly yardQueue: readonly string[];
  readonly bypass: LaneSpan;
}

export function layOutInbound(
  lane: LaneBuilder,
  parameters: SideParameters,
  fork: Fork,
  toPad: string | undefined,
): InboundLane {
  const { track, side, crossing } = lane;
  const f = parameters.figures;
  const noseM = crossing.vehicleLengthM.value / 2;
  const roadMps = crossing.roadSpeedMps.value;
  const frame = lane.frame("inbound");
  const radiusM = crossing.bendRadiusM.value;
  const strip = lane.strip("inbound");
  const at = (from: string, name: string, chainageM: number, speedMps = roadMps, ends = {}) =>
    lane.lead("inbound", from, name, chainageM - noseM, speedMps, ends);
  const joining = { clearEndM: clearOfBendM(crossing, lane.turnRadiusM()) };
  const stripEnd = strip.nodes.at(-1) ?? "";
  const zoneMps = crossing.lineZoneSpeedMps.value;
  const fromPad =
    toPad === undefined
      ? undefined
      : lane.lead("inbound", stripEnd, "from-pad", -track.poseOf(toPad).xM, zoneMps, joining).node;
  const turned = lane.lead(
    "inbound",
    fromPad ?? stripEnd,
    "turned-back",
    crossing.turnBackM.value + noseM,
    zoneMps,
    joining,
  );
  const entryGate = at(turned.node, "entry-gate", f.inEntryGateM.value, roadMps, lane.approach());
  const hall = at(entryGate.node, "scanner", f.inScannerFromM.value, roadMps, lane.approach());
  const scanned = at(hall.node, "scanned", f.inScannerToM.value, crossing.scannerSpeedMps.value);
  const bone = {
    name: `${lane.name("inbound")}.buffer`,
    bays: f.inBufferBays.value,
    startM: f.inBuffersM.value,
    firstOffsetM: crossing.bufferFirstOffsetM.value,
    pitchM: crossing.bufferPitchM.value,
    outermostM: crossing.bufferLengthM.value,
    radiusM,
    clearM: clearOfBendM(crossing, radiusM),
    bayMps: crossing.yardSpeedMps.value,
    road: lane.road("inbound", roadMps),
  };
  const buffers = addFishbone(track, frame, bone);
  leadStraight(lane.road("inbound", roadMps), scanned.node, buffers.diverge);
  const arriveName = `${side}.yard.arrive${pairSuffix(lane.pair)}`;
  const arrive = leadAcross({ track, frame, speedMps: crossing.yardSpeedMps.value }, arriveName, {
    cornerM: fork.cornerM(lane.pair, frame),
    fromRightM: 0,
    toRightM: fork.shiftM(frame),
    radiusM,
  });
  const yardQueue = lane.toYard(buffers.merge, arrive.first);
  return {
    strip: strip.nodes,
    stripEdges: strip.edges,
    fromPad,
    firstStop: strip.nodes[BEYOND_INDEX] ?? "",
    entryGate: entryGate.node,
    scanEdges: scanned.edges,
    scanned: scanned.node,
    buffers: buffers.bays,
    yardQueue,
    bypass: {
      fromM: f.inBuffersM.value,
      toM: f.inBuffersM.value + fishboneLengthM(bone),
      besideM: bone.firstOffsetM + bone.pitchM * (bone.bays - 1),
    },
  };
}
