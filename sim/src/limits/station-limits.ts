import { capacityPerHour, edgeIdOf, type Station } from "@baton/maps";
import { meanS } from "../scenario/distribution.ts";
import { type Context, followingPerHour } from "./context.ts";
import { moveUpS } from "./driving-time.ts";
import { exchangeS, stretchesOf } from "./exchange.ts";
import { type Limit, perHourOf } from "./lane-limits.ts";
import { aroundNode, lineNodes, partOf, type SideLane } from "./side-lane.ts";
import { lengthOfM, runsAlong } from "./way.ts";

/** A station in the lane at which each vehicle stands. */
export function standingLimit(context: Context, lane: SideLane, station: Station, serviceS: number): Limit {
  const { following } = context;
  const nodeId = station.nodeId ?? "";
  const exchange = exchangeS(aroundNode(lane.main, nodeId), following) ?? 0;
  const limitMps = Math.max(...stretchesOf(lane.main, following).map((stretch) => stretch.limitMps));
  const togetherS = moveUpS(following.vehicleLengthM + following.gapM, limitMps, following);
  return {
    limitId: station.stationId,
    where: lane.side,
    what: `${station.kind}, standing`,
    how: "service + exchange; at best the next moves up by a length and a gap as the one before leaves",
    serviceS,
    exchangeS: exchange,
    perHour: perHourOf(serviceS + exchange),
    atBestPerHour: perHourOf(serviceS + togetherS),
    holds: true,
  };
}

/** Scanner and weighbridge, driven through: one container at a time, and vehicles that follow each other at that speed. */
export function throughLimits(context: Context, lane: SideLane, steps: ReadonlySet<string>): Limit[] {
  const { serviceTimes } = context.times;
  const limits: Limit[] = [];
  const add = (station: Station | undefined, task: "scan" | "weigh"): void => {
    const first = station?.throughEdgeIds?.[0];
    if (station?.nodeId === undefined || first === undefined || !steps.has(task)) return;
    const { network } = lane;
    const from = network.moves.edgeIds.indexOf(edgeIdOf(first));
    const begin = network.poses.nodeIds[network.moves.from[from] ?? -1] ?? "";
    const hall = partOf(lane.main, begin, station.nodeId);
    const stretches = stretchesOf(hall, context.following);
    const passS = stretches.reduce((sum, { lengthM, limitMps }) => sum + lengthM / limitMps, 0);
    const serviceS = meanS(serviceTimes[task]);
    limits.push({
      limitId: station.stationId,
      where: lane.side,
      what: `${station.kind}, driven through (${lengthOfM(hall).toFixed(0)} m in ${passS.toFixed(0)} s)`,
      how: "one container at a time for its service time; vehicles follow each other on the road's blocks",
      serviceS,
      perHour: Math.min(perHourOf(serviceS), followingPerHour(context, hall)),
      atBestPerHour: perHourOf(serviceS),
      holds: true,
    });
  };
  add(lane.weighbridge, "weigh");
  add(lane.scanner, "scan");
  return limits;
}

/** Vehicles that follow each other on the open road of the lane: from its last station to the line, or the other way round. */
export function headwayLimit(context: Context, lane: SideLane): Limit {
  const { following } = context;
  const gateNode = lane.gate.nodeId ?? "";
  const { line, beyond } = lineNodes(context.site, lane, lane.bound);
  const road =
    lane.bound === "outbound" ? partOf(lane.main, gateNode, line) : partOf(lane.main, beyond, gateNode);
  const fastest = Math.max(...stretchesOf(road, following).map((stretch) => stretch.limitMps));
  const open = runsAlong(road).filter((run) =>
    stretchesOf(run, following).every((one) => one.limitMps >= fastest),
  );
  const longest = open.reduce((a, b) => (lengthOfM(b) > lengthOfM(a) ? b : a), open[0] ?? road);
  return {
    limitId: `${lane.side}.headway.${lane.bound}`,
    where: lane.side,
    what: `following at ${(fastest * 3.6).toFixed(0)} km/h, blocks of ${lengthOfM(longest).toFixed(0)} m`,
    how: "speed / (block + vehicle + gap + braking + latency); at best blocks without length and no latency",
    perHour: followingPerHour(context, longest),
    atBestPerHour: capacityPerHour({
      blockLengthM: 0,
      speedMps: fastest,
      vehicleAndGapM: following.vehicleLengthM + following.gapM,
      brakingMps2: following.brakingMps2,
      latencyS: 0,
    }),
    holds: true,
  };
}
