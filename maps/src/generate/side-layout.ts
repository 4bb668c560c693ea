import type { Side } from "../ids.ts";
import { addExchangePads, type ExchangePads } from "./exchange-pad.ts";
import { addFishbone, fishboneLengthM } from "./fishbone.ts";
import { inOutwardFrame, type LaneFrame, laneFrame } from "./lane-frame.ts";
import { addTurnBacks, type Fork, forkOf, joinPairs, type LaneOffsets, pairSuffix } from "./lane-pairs.ts";
import type { CrossingFigures, SideParameters } from "./parameters.ts";
import { leadAcross, leadStraight } from "./road.ts";
import { addSiding, placesIn } from "./siding.ts";
import { clearOfBendM } from "./spacing.ts";
import { Track } from "./track.ts";
import { addLoadWay, addPad, padTurnOffM } from "./transfer-zone.ts";
import { addYard, type Yard } from "./yard.ts";

/** One side's roads in its outward frame, and which of its nodes and edges are what. */
export interface SideLayout {
  readonly side: Side;
  readonly track: Track;
  readonly yard: Yard;
  /** The pair of lanes along the middle of the road. */
  readonly out: OutboundLane;
  readonly in: InboundLane;
  /** All pairs, that one first. */
  readonly pairs: readonly LanePair[];
  /** The node under the crane at the line; undefined where containers do not change vehicle. */
  readonly pad: string | undefined;
  /** The edge below the way of what the crane carries; undefined where there is none. */
  readonly loadWay: string | undefined;
  readonly exchange: ExchangePads;
  /** How far along the lane each fishbone reaches, and how far beside it, for the lanes that go around. */
  readonly yardEndM: number;
}

/** An outbound and an inbound lane with stations of their own; pairs are numbered from the middle of the road outwards, from 1. */
export interface LanePair {
  readonly pair: number;
  readonly out: OutboundLane;
  readonly in: InboundLane;
  /** From the middle of the road to each. */
  readonly offsetsM: LaneOffsets;
}

interface OutboundLane {
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

interface InboundLane {
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

/** Ground beside the lane that is taken, in metres from the line and from the lane. */
export interface LaneSpan {
  readonly fromM: number;
  readonly toM: number;
  readonly besideM: number;
}

/** Index in `strip` of the first stop beyond the line: one before its end. */
export const BEYOND_INDEX = 5;

/** Road before and behind the siding where vehicles wait for a crane. */
const AROUND_SIDING_M = 20;

/** Between the line and a body that stands beside it, margin included: more than the two surveys differ. */
const LINE_SPARE_M = 0.5;

export function layOutSide(
  side: Side,
  parameters: SideParameters,
  crossing: CrossingFigures,
  offsets: readonly LaneOffsets[],
): SideLayout {
  const track = new Track();
  const fork = forkOf(parameters, crossing, offsets);
  const pairs = offsets.map((offsetsM, i): LanePair => {
    const lane = new LaneBuilder(track, side, crossing, { pair: i + 1, offsetsM });
    const out = layOutOutbound(lane, parameters, fork);
    return { pair: i + 1, out, in: layOutInbound(lane, parameters, fork, out.toPad), offsetsM };
  });
  const [first] = pairs;
  if (first === undefined) throw new Error("a side has a pair of lanes");
  const { out, in: inbound } = first;
  const ends = joinPairs(track, side, crossing, pairs.length);
  const yard = addYard(track, side, parameters, crossing, { spineEndM: fork.endM, ...ends });
  for (const { pair, out: from, in: to } of pairs) addTurnBacks(track, side, crossing, pair, from, to);
  const { toPad } = out;
  const { fromPad } = inbound;
  const pad =
    toPad === undefined || fromPad === undefined ? undefined : addPad(track, side, crossing, toPad, fromPad);
  const loadWay = pad === undefined ? undefined : addLoadWay(track, side, crossing, out.strip[0] ?? "");
  const exchange = addExchangePads(track, side, crossing, {
    out: { nodes: out.strip, edges: out.stripEdges },
    in: { nodes: inbound.strip, edges: inbound.stripEdges },
  });
  const yardEndM = -Math.min(...yard.bays.map((bay) => bay.xM)) + crossing.bendRadiusM.value;
  return { side, track, yard, out, in: inbound, pairs, pad, loadWay, exchange, yardEndM };
}

/** Files are rounded to a tenth of a millimetre; a survey is a few millimetres off. */
const CROSSING_SPARE_M = 0.05;

/** Leads one lane from place to place along the middle of the road. */
class LaneBuilder {
  readonly track: Track;
  readonly side: Side;
  readonly crossing: CrossingFigures;
  readonly pair: number;
  readonly offsetsM: LaneOffsets;

  constructor(
    track: Track,
    side: Side,
    crossing: CrossingFigures,
    { pair, offsetsM }: Pick<LanePair, "pair" | "offsetsM">,
  ) {
    this.track = track;
    this.side = side;
    this.crossing = crossing;
    this.pair = pair;
    this.offsetsM = offsetsM;
  }

  frame(bound: "outbound" | "inbound"): LaneFrame {
    return laneFrame(bound, this.offsetsM[bound]);
  }

  /** What the nodes of a lane are named after: `vn.out`, and `vn.out-2` in the second pair. */
  name(bound: "outbound" | "inbound"): string {
    return `${this.side}.${bound === "outbound" ? "out" : "in"}${pairSuffix(this.pair)}`;
  }

  /** Of the bend with which who turns back from this lane begins. */
  turnRadiusM(): number {
    const { laneOffsetM, bendRadiusM } = this.crossing;
    return this.pair === 1 ? laneOffsetM.value : bendRadiusM.value;
  }

  road(bound: "outbound" | "inbound", speedMps: number) {
    const prefix = this.name(bound);
    const spacingM = this.crossing.blockLengthM.value;
    return { track: this.track, frame: this.frame(bound), prefix, rightM: 0, speedMps, spacingM };
  }

  /** Short steps before a place where vehicles wait for one another. */
  approach(): NonNullable<Parameters<typeof leadStraight>[3]> {
    const { approachM, approachBlockLengthM } = this.crossing;
    return { approach: { lengthM: approachM.value, spacingM: approachBlockLengthM.value } };
  }

  /** Adds a node on the lane, or takes the last one when it stands there already, and leads to it. */
  lead(
    bound: "outbound" | "inbound",
    from: string,
    name: string,
    alongM: number,
    speedMps: number,
    ends: Parameters<typeof leadStraight>[3] = {},
  ): { readonly node: string; readonly edges: string[] } {
    const pose = inOutwardFrame(this.frame(bound), alongM, 0);
    const before = this.track.poseOf(from);
    if (Math.abs(before.xM - pose.xM) < 0.01) return { node: from, edges: [] };
    const node = this.track.addNode(`${this.name(bound)}.${name}`, pose);
    return { node, edges: leadStraight(this.road(bound, speedMps), from, node, ends) };
  }

  /**
   * The lane from where one may turn back to the hold line, with the places where vehicles wait one behind the other: as
   * many as asked for, as far as they stand clear of those who turn back. Returns the places, the hold line last.
   */
  queue(from: string, hold: string): string[] {
    const { vehicleLengthM, safetyMarginM, queueGapM, queuePlaces, lineZoneM } = this.crossing;
    const { roadSpeedMps, lineZoneSpeedMps } = this.crossing;
    const pitchM = vehicleLengthM.value + 2 * safetyMarginM.value + queueGapM.value;
    const clearM = clearOfBendM(this.crossing, this.turnRadiusM());
    const fromM = this.track.poseOf(from).xM;
    const holdM = this.track.poseOf(hold).xM;
    const room = 1 + Math.max(0, Math.floor((holdM - fromM - clearM) / pitchM + 1e-9));
    const places = Math.min(queuePlaces.value, room);
    const speedFrom = (node: string): number => {
      const noseM = -this.track.poseOf(node).xM - vehicleLengthM.value / 2;
      return noseM > lineZoneM.value ? roadSpeedMps.value : lineZoneSpeedMps.value;
    };
    const nodes: string[] = [];
    for (let behind = places - 1; behind > 0; behind -= 1) {
      const pose = inOutwardFrame(this.frame("outbound"), holdM - behind * pitchM, 0);
      nodes.push(this.track.addNode(`${this.name("outbound")}.queue-${behind}`, pose));
    }
    nodes.push(hold);
    const [tail = hold, ...rest] = nodes;
    leadStraight(this.road("outbound", speedFrom(from)), from, tail, { clearStartM: clearM });
    let before = tail;
    for (const node of rest) {
      this.track.connect(before, node, speedFrom(before));
      before = node;
    }
    return nodes;
  }

  /**
   * The road from the arrival bays to the yard, with a siding at its end where loaded vehicles wait for a crane: as many as asked for,
   * as far as there is room for two. Returns its places, the foremost last.
   */
  toYard(from: string, to: string): readonly string[] {
    const { track, crossing } = this;
    const size = {
      pitchM: crossing.vehicleLengthM.value + 2 * crossing.safetyMarginM.value + crossing.queueGapM.value,
      offsetM: crossing.bufferFirstOffsetM.value,
      radiusM: crossing.bendRadiusM.value,
      halfLengthM: crossing.vehicleLengthM.value / 2 + crossing.safetyMarginM.value,
    };
    const road = this.road("inbound", crossing.roadSpeedMps.value);
    const alongM = (node: string): number => -track.poseOf(node).xM;
    const endM = alongM(to) - AROUND_SIDING_M;
    const room = placesIn(size, endM - alongM(from) - AROUND_SIDING_M);
    const places = Math.min(crossing.yardQueuePlaces.value, room);
    if (places < 2) {
      leadStraight(road, from, to);
      return [];
    }
    const siding = addSiding(track, this.frame("inbound"), {
      ...size,
      name: `${this.name("inbound")}.yard-queue`,
      places,
      endM,
      speedMps: crossing.yardSpeedMps.value,
      clearM: clearOfBendM(crossing, crossing.bendRadiusM.value),
      road,
    });
    leadStraight(road, from, siding.diverge);
    leadStraight(road, siding.merge, to);
    return siding.places;
  }

  /** Where another pair's turn-back comes by, how far past the hold line a body on the strip stands clear of it. */
  #clearOfCrossingM(): number {
    const { lanePairs, bendRadiusM, vehicleWidthM, vehicleLengthM, safetyMarginM } = this.crossing;
    if ((lanePairs?.value ?? 1) === 1) return 0;
    const bodyM = (vehicleWidthM.value + vehicleLengthM.value) / 2 + 2 * safetyMarginM.value;
    return bendRadiusM.value + bodyM + CROSSING_SPARE_M;
  }

  /** The strip at the line: from the hold line over 0 to the first stop and the end of the strip. */
  strip(bound: "outbound" | "inbound"): { readonly nodes: string[]; readonly edges: string[] } {
    const { holdLineM, firstStopM, stripEndM, vehicleLengthM, lineZoneSpeedMps } = this.crossing;
    const noseM = vehicleLengthM.value / 2;
    const holdM = -holdLineM.value - noseM;
    const stopM = firstStopM.value - noseM;
    const endM = stripEndM.value - 5 - noseM;
    const prefix = this.name(bound);
    const names =
      bound === "outbound"
        ? ["hold", "strip-1", "strip-2", "strip-3", "strip-4", "partner-stop", "strip-end"]
        : ["partner-hold", "strip-1", "strip-2", "strip-3", "strip-4", "first-stop", "strip-end"];
    // A vehicle stands clear of one that turns back from the hold line, and never astride the line.
    const astrideM = noseM + this.crossing.safetyMarginM.value + LINE_SPARE_M;
    const clearM =
      holdM + Math.max(clearOfBendM(this.crossing, this.turnRadiusM()), this.#clearOfCrossingM());
    const stepM = (stopM - astrideM) / 2;
    const placesM = [holdM, clearM, -astrideM, astrideM, astrideM + stepM, stopM, endM];
    const nodes = names.map((name, i) => {
      const alongM = placesM[i] ?? endM;
      return this.track.addNode(`${prefix}.${name}`, inOutwardFrame(this.frame(bound), alongM, 0));
    });
    const [first, ...rest] = nodes;
    if (first === undefined) throw new Error("a strip has nodes");
    let before = first;
    const edges = rest.map((node) => {
      const edge = this.track.connect(before, node, lineZoneSpeedMps.value);
      before = node;
      return edge;
    });
    return { nodes, edges };
  }
}

function layOutOutbound(lane: LaneBuilder, parameters: SideParameters, fork: Fork): OutboundLane {
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

function layOutInbound(
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
