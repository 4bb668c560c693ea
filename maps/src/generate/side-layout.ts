import type { Side } from "../ids.ts";
import { addExchangePads, type ExchangePads } from "./exchange-pad.ts";
import { type InboundLane, layOutInbound } from "./inbound-lane.ts";
import { LaneBuilder } from "./lane-builder.ts";
import { addTurnBacks, forkOf, joinPairs, type LaneOffsets } from "./lane-pairs.ts";
import { layOutOutbound, type OutboundLane } from "./outbound-lane.ts";
import type { CrossingFigures, SideParameters } from "./parameters.ts";
import { Track } from "./track.ts";
import { addLoadWay, addPad } from "./transfer-zone.ts";
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

/** Lays out a side's pairs of lanes, its yard, and what stands at its line. */
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
