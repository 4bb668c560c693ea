import { DIRECTIONS, transferPointFor } from "@baton/maps";
import { meanS } from "../scenario/distribution.ts";
import { type Context, followingPerHour } from "./context.ts";
import { pullAwayS } from "./driving-time.ts";
import { exchangeS, firstMetres, stretchesOf } from "./exchange.ts";
import { type Limit, perHourOf } from "./lane-limits.ts";
import { aroundNode, lineNodes, partOf, type SideLane } from "./side-lane.ts";
import { lengthOfM, type Way, wayOver } from "./way.ts";

/** A hand-over ends when the vehicle is so far past the hold node, metres: its tail is beyond it. */
const CLEAR_OF_HOLD_M = 27;

/** The hold line, the strip, and cranes at the line when containers change vehicle. */
export function lineLimits(context: Context, lane: SideLane): Limit[] {
  const { following, times, site } = context;
  const { line, beyond } = lineNodes(site, lane, "outbound");
  const strip = partOf(lane.main, line, beyond);
  const stretches = stretchesOf(strip, following);
  const speedMps = Math.min(...stretches.map((stretch) => stretch.limitMps));
  const throughM = lengthOfM(strip) + following.vehicleLengthM;
  const startS = speedMps / (2 * following.accelerationMps2);
  const { handover } = times;
  const mode = site.file.handoffPoints[0]?.mode;
  const exchange = exchangeS(aroundNode(lane.main, line), following) ?? 0;
  // The hand-over is over when the tail is past the hold line; that part of it is the exchange's, too.
  const handoverS = meanS(handover.fromStandstill);
  const leavingS = Math.min(handoverS, pullAwayS(firstMetres(stretches, CLEAR_OF_HOLD_M), following));
  const limits: Limit[] = [
    {
      limitId: `line.handover.${lane.side}`,
      where: "line",
      what: "hand-over from standstill at the hold line",
      how: "service + exchange, the driving away of 27 m counted once; at best the service alone",
      serviceS: handoverS,
      exchangeS: exchange,
      perHour: perHourOf(handoverS - leavingS + exchange),
      atBestPerHour: perHourOf(handoverS),
      // Simulated vehicles declare that they can be handed over while they roll.
      holds: false,
    },
    {
      limitId: `line.handover-rolling.${lane.side}`,
      where: "line",
      what: "hand-over rolling",
      how: "service, one after the other; how close vehicles follow is told in the rows of the strip",
      serviceS: meanS(handover.rolling),
      perHour: perHourOf(meanS(handover.rolling)),
      holds: mode !== "container-transfers",
    },
    {
      limitId: `line.strip.${lane.side}`,
      where: "line",
      what: `strip of ${lengthOfM(strip).toFixed(0)} m, one vehicle at a time, from standstill`,
      how: "(strip + vehicle) / speed + half the time to reach it; at best rolling",
      perHour: perHourOf(throughM / speedMps + startS),
      atBestPerHour: perHourOf(throughM / speedMps),
      holds: mode !== "container-transfers",
    },
    {
      limitId: `line.strip-shared.${lane.side}`,
      where: "line",
      what: "strip, several vehicles in it by its blocks",
      how: "speed / (block + vehicle + gap + braking + latency)",
      perHour: followingPerHour(context, strip),
      holds: false,
    },
  ];
  const crane = craneLimit(context, lane);
  return crane === undefined ? limits : [...limits, crane];
}

/**
 * Cranes at the line, whose pads serve both directions. A container takes a lift off the one vehicle and one onto the other; then a
 * loaded vehicle leaves a pad and the next one comes. On the other pad the emptied one stays for what comes the other way.
 */
function craneLimit(context: Context, lane: SideLane): Limit | undefined {
  const { site, times, following } = context;
  const points = DIRECTIONS.flatMap((direction) => transferPointFor(site, direction) ?? []);
  const cranes = new Set(points.map(({ deviceId }) => deviceId)).size;
  const point = transferPointFor(site, lane.side === "vn" ? "export" : "import");
  if (point === undefined) return undefined;
  const { handover } = times;
  const isOnly = site.file.handoffPoints[0]?.mode === "container-transfers";
  const share = isOnly ? 1 : (handover.transferShare ?? point.orderShare ?? 0);
  const serviceS = 2 * meanS(times.serviceTimes.lift);
  const exchange = exchangeS(aroundPad(context, lane, point.pads.giverNodeId), following);
  const perDirection = (cycleS: number): number => (cranes / 2) * perHourOf(cycleS);
  const all = perDirection(serviceS + (exchange ?? 0));
  return {
    limitId: `line.cranes.${lane.side}`,
    where: "line",
    what: `${cranes} crane${cranes === 1 ? "" : "s"} for both directions, for ${Math.round(100 * share)} % of the containers`,
    how: `cranes / (2 lifts + exchange at the pad) / 2 directions / share: ${all.toFixed(1)} by the crane; at best by the lifts alone`,
    serviceS,
    ...(exchange === undefined ? {} : { exchangeS: exchange }),
    perHour: all / (share || 1),
    atBestPerHour: perDirection(serviceS) / (share || 1),
    holds: share > 0,
  };
}

/** From the exit gate to the pad, and on from there to the entry gate, as a side's vehicles drive. */
function aroundPad(
  { lanes }: Context,
  { side, network }: SideLane,
  padNodeId: string,
): { into: Way; outOf: Way } {
  const way = (from = "", to = ""): Way => {
    const found = wayOver(network, [from, to]);
    if (found === undefined) throw new Error(`${side} has no way from ${from} to ${to}`);
    return found;
  };
  const { outbound, inbound } = lanes[side];
  return { into: way(outbound.gate.nodeId, padNodeId), outOf: way(padNodeId, inbound.gate.nodeId) };
}
