import type { Side } from "../ids.ts";
import { inOutwardFrame, type LaneFrame, laneFrame } from "./lane-frame.ts";
import { type LaneOffsets, pairSuffix } from "./lane-pairs.ts";
import type { CrossingFigures } from "./parameters.ts";
import { leadStraight } from "./road.ts";
import { addSiding, placesIn } from "./siding.ts";
import { clearOfBendM } from "./spacing.ts";
import type { Track } from "./track.ts";

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

/** Files are rounded to a tenth of a millimetre; a survey is a few millimetres off. */
const CROSSING_SPARE_M = 0.05;

/** Leads one lane from place to place along the middle of the road. */
export class LaneBuilder {
  readonly track: Track;
  readonly side: Side;
  readonly crossing: CrossingFigures;
  readonly pair: number;
  readonly offsetsM: LaneOffsets;

  constructor(
    track: Track,
    side: Side,
    crossing: CrossingFigures,
    { pair, offsetsM }: { readonly pair: number; readonly offsetsM: LaneOffsets },
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
