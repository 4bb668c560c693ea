import type { Side } from "../ids.ts";
import type { CrossingFigures } from "./parameters.ts";
import type { Track } from "./track.ts";

/*
 * The exchange pad lies at the apex of a U-turn beyond the line, across the middle of the host's road: a visitor comes in on the
 * lane that it crossed by, stands there clear of both lanes, and drives home forward on the other one. The U-turn begins and ends
 * at the places next to the line where nobody stands astride it, so that whoever waits at the host's hold line, or turns back
 * from there, does not meet it.
 *
 *      home's ground   │ line            host's ground
 *   out ───────────────┼──► strip-3 ───╮
 *                      │               ▐ exchange pad
 *   in  ◄──────────────┼─── strip-2 ◄──╯        ◄── the host's hold line
 */

/** Index in a strip of the place next to the line on the side that a vehicle comes to, and where one leaves the other side's. */
const BEFORE_LINE = 2;
const BEYOND_LINE = 3;

/** An exchange pad as one side's layout names it. */
export interface ExchangePad {
  readonly pad: string;
  /** Over the line and to the pad, and back over the line, in driving order. */
  readonly inEdges: readonly string[];
  readonly outEdges: readonly string[];
}

/** The pads that a side's layout has: on its own ground as a host, on the partner's as a visitor's home. */
export interface ExchangePads {
  readonly own: ExchangePad | undefined;
  readonly partners: ExchangePad | undefined;
}

interface Strip {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

/**
 * Adds the pad to a side's layout: China's own, which Viet Nam's vehicles visit. The other way round containers are scanned
 * after the line, in the lane beyond, where no visitor goes.
 * @throws {Error} when more than one is asked for, or a crane runs along the middle of the road.
 */
export function addExchangePads(
  track: Track,
  side: Side,
  crossing: CrossingFigures,
  strips: { readonly out: Strip; readonly in: Strip },
): ExchangePads {
  const count = crossing.exchangePads?.value ?? 0;
  if (count === 0) return { own: undefined, partners: undefined };
  if (count !== 1) throw new Error(`${count} exchange pads: there is room for one at the line; 0 or 1`);
  if ((crossing.transferPads?.value ?? 0) > 0)
    throw new Error("an exchange pad lies below the way of the crane at the line: have one of the two");
  const isHost = side === "cn";
  const [into, back] = isHost ? [strips.in, strips.out] : [strips.out, strips.in];
  const from = into.nodes[BEYOND_LINE] ?? "";
  const to = back.nodes[BEFORE_LINE] ?? "";
  const { xM, headingRad } = track.poseOf(from);
  const aheadM = crossing.laneOffsetM.value * Math.cos(headingRad);
  const apex = { xM: xM + aheadM, yM: 0, headingRad: headingRad + Math.PI / 2 };
  const pad = track.addNode(isHost ? `${side}.exchange-pad-1` : `${side}.partner-exchange-pad-1`, apex);
  const speedMps = crossing.yardSpeedMps.value;
  const made: ExchangePad = {
    inEdges: [into.edges[BEFORE_LINE] ?? "", track.connect(from, pad, speedMps)],
    pad,
    outEdges: [track.connect(pad, to, speedMps), back.edges[BEFORE_LINE] ?? ""],
  };
  return isHost ? { own: made, partners: undefined } : { own: undefined, partners: made };
}
