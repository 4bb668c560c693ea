import { DIRECTIONS, type Site, transferPointFor } from "@baton/maps";
import { meanS } from "../scenario/distribution.ts";
import { type Context, followingPerHour } from "./context.ts";
import { pullAwayS } from "./driving-time.ts";
import { exchangeS, firstMetres, stretchesOf } from "./exchange.ts";
import { type Limit, perHourOf } from "./lane-limits.ts";
import { aroundNode, lineNodes, partOf, type SideLane } from "./side-lane.ts";
import { lengthOfM } from "./way.ts";

/** A hand-over ends when the vehicle is so far past the hold node, metres: its tail is beyond it. */
const CLEAR_OF_HOLD_M = 27;

/** The hold line, the strip, and cranes at the line when containers change vehicle. */
export function lineLimits(context: Context, lane: SideLane): Limit[] {
  const { following, times, site } = context;
  const { line, beyond } = lineNodes(site, lane.side, "outbound");
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
  if (handover.lineCranes !== undefined) {
    const { aDirection } = handover.lineCranes;
    // A lift off the one vehicle and a lift onto the other.
    const serviceS = 2 * meanS(times.serviceTimes.lift);
    limits.push({
      limitId: `line.cranes.${lane.side}`,
      where: "line",
      what: `${aDirection} line cranes, off one vehicle and onto another`,
      how: `cranes / 2 lifts; the layout has pads for ${cranesAtLine(site)} in all`,
      serviceS,
      perHour: aDirection * perHourOf(serviceS),
      holds: mode === "container-transfers",
    });
  }
  return limits;
}

/** Cranes at the line that the layout has pads for, both directions together. */
function cranesAtLine(site: Site): number {
  const points = DIRECTIONS.flatMap((direction) => transferPointFor(site, direction) ?? []);
  return new Set(points.map(({ deviceId }) => deviceId)).size;
}
