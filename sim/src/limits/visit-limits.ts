import { edgeIdOf, type Network, otherSide, type VisitPoint, visitPoints } from "@baton/maps";
import { meanS } from "../scenario/distribution.ts";
import { type Context, followingPerHour } from "./context.ts";
import { drivingS } from "./driving-time.ts";
import { stretchesOf } from "./exchange.ts";
import { type Assumption, type Limit, perHourOf } from "./lane-limits.ts";
import { lineNodes, partOf, type SideLane } from "./side-lane.ts";
import { blocksOf, lengthOfM, type Way, wayOver } from "./way.ts";

/**
 * What is kept by one side of a visit, and looked at by the other, before the vehicle or the crane goes on: the way in entered, the container
 * known, the container off, the way out granted, the way out entered, the vehicle home, the next one's way in held.
 */
const CONFIRMATIONS = 7;
const CONFIRMATION_S = 1.6;

/** Of a site where vehicles are driven over the line and back by their own side. */
export function visitAssumptions({ site }: Pick<Context, "site">): readonly Assumption[] {
  if (visitPoints(site).length === 0) return [];
  return [
    {
      name: `each of the ${CONFIRMATIONS} confirmations of a visit`,
      value: CONFIRMATION_S,
      unit: "s",
      source: "both sides look at a visit once a second; a message and two ticks",
    },
  ];
}

/**
 * Where vehicles of the giver's home are driven over the line to the taker's exchange pad and back. A visitor has the way in from when it
 * leaves the hold line until it is home again, and the next one waits so long. Who passes for good waits too when its way shares that ground.
 */
export function visitLimits(context: Context, lane: SideLane): Limit[] {
  const { site, times } = context;
  const direction = lane.side === "vn" ? "export" : "import";
  const point = visitPoints(site).find((one) => one.direction === direction);
  if (point === undefined) return [];
  const { serviceTimes } = times;
  // Who it is, and the border guard's yes, at the same time; then the host's crane.
  const atPadS =
    Math.max(meanS(serviceTimes.identify), meanS(serviceTimes["guard-check"])) + meanS(serviceTimes.lift);
  const { pad, hold, home } = point;
  const driveS =
    driveBetweenS(context, lane.network, hold.giverNodeId, pad.giverNodeId) +
    driveBetweenS(context, lane.network, pad.giverNodeId, home.giverNodeId);
  const exchange = driveS + CONFIRMATIONS * CONFIRMATION_S;
  const visitS = atPadS + exchange;
  const share = shareOf(context, lane, point);
  const passS = passingS(context, lane, point);
  const each = `${perHourOf(visitS).toFixed(1)} visits by the pad`;
  return [
    {
      limitId: `line.visits.${lane.side}`,
      where: "line",
      what: `exchange pad, for ${Math.round(100 * share)} % of the containers: those on vehicles of this side`,
      how: `1 / (share x (identity + lift + there and back + confirmations) + (1 - share) x a passage, when that has to wait): ${each}; at best without confirmations`,
      serviceS: atPadS,
      exchangeS: exchange,
      perHour: perHourOf(share * visitS + (1 - share) * passS),
      atBestPerHour: perHourOf(share * (atPadS + driveS) + (1 - share) * passS),
      holds: share > 0,
    },
  ];
}

/** From rest to rest. */
function driveBetweenS({ following }: Context, network: Network, from: string, to: string): number {
  const way = wayOver(network, [from, to]);
  if (way === undefined) throw new Error(`${network.side} has no way from ${from} to ${to}`);
  return drivingS(stretchesOf(way, following), following, { from: 0, to: 0 });
}

/** The vehicles that are at home on the giver's side visit, the others go home for good; all visit where no fleet is told. */
function shareOf({ site, scenario }: Context, lane: SideLane, point: VisitPoint): number {
  const first = site.file.handoffPoints.find(({ direction }) => direction === point.direction);
  if (first !== point) return 0;
  const fleet = scenario?.fleet ?? [];
  if (fleet.length === 0) return 1;
  return fleet.filter(({ home }) => home === lane.side).length / fleet.length;
}

/** How long a vehicle that passes for good keeps the road at the line, where a visitor's way in bars it; 0 where it does not. */
function passingS(context: Context, lane: SideLane, point: VisitPoint): number {
  const { inbound } = context.lanes[otherSide(lane.side)];
  const { network } = inbound;
  const moves = point.in.takerEdgeIds.map((edgeId) => network.moves.edgeIds.indexOf(edgeIdOf(edgeId)));
  const visited: Way = { network, moves };
  const passed = blocksOf(inbound.main);
  if (lengthOfM(visited) === 0 || ![...blocksOf(visited)].some((block) => passed.has(block))) return 0;
  const { line, beyond } = lineNodes(context.site, lane, "outbound");
  return 3600 / followingPerHour(context, partOf(lane.main, line, beyond));
}
