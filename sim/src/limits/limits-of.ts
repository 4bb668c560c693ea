import {
  compileNetwork,
  DIRECTIONS,
  type Direction,
  lanePairsOf,
  type Side,
  vehicleClass,
  vehicleClassIdOf,
} from "@baton/maps";
import { perDayFrom } from "../demand/arrivals.ts";
import { meanS } from "../scenario/distribution.ts";
import { bayLimits } from "./bay-limits.ts";
import { type Context, type LimitInputs, stepsOf } from "./context.ts";
import type { Following } from "./exchange.ts";
import {
  type Assumption,
  bindingOf,
  type DirectionTotal,
  type LaneLimits,
  type Limit,
  type SiteLimits,
} from "./lane-limits.ts";
import { lineLimits } from "./line-limits.ts";
import { type Trip, tripOf } from "./round-trip.ts";
import { type SideLane, sideLaneOf } from "./side-lane.ts";
import { headwayLimit, standingLimit, throughLimits } from "./station-limits.ts";
import { visitAssumptions, visitLimits } from "./visit-limits.ts";
import { yardLimits } from "./yard-limits.ts";

const GAP_M = 5;
const LATENCY_S = 0.6;
const ASSUMPTIONS: readonly Assumption[] = [
  {
    name: "gap to the vehicle ahead",
    value: GAP_M,
    unit: "m",
    source: "assumption, as `maps check` measures sections",
  },
  {
    name: "from a tail being clear to the follower's order",
    value: LATENCY_S,
    unit: "s",
    source: "round trip and two ticks",
  },
];

/**
 * The bounds of each unmanned lane of a site: vehicles an hour and direction by each thing on its way, from the compiled network, the
 * stations and the service times. They are bounds by means: no randomness, every place always occupied.
 */
export function limitsOf(inputs: LimitInputs): SiteLimits {
  const { site, vehicleClassId, scenario } = inputs;
  const vehicle = vehicleClass(site, vehicleClassId);
  if (vehicle === undefined) throw new Error(`${site.siteId} has no vehicle class ${vehicleClassId}`);
  const following: Following = {
    accelerationMps2: vehicle.accelerationMps2,
    brakingMps2: vehicle.brakingMps2,
    maxSpeedMps: vehicle.maxSpeedMps,
    vehicleLengthM: vehicle.lengthM,
    gapM: GAP_M,
    latencyS: LATENCY_S,
  };
  const classId = vehicleClassIdOf(vehicleClassId);
  const networks = { vn: compileNetwork(site, "vn", classId), cn: compileNetwork(site, "cn", classId) };
  const pairs = lanePairsOf(site);
  const contexts = pairs.map((pair): Context => {
    const lanesOf = (side: Side): Context["lanes"]["vn"] => ({
      outbound: sideLaneOf(site, networks[side], "outbound", pair),
      inbound: sideLaneOf(site, networks[side], "inbound", pair),
    });
    return { ...inputs, following, lanes: { vn: lanesOf("vn"), cn: lanesOf("cn") } };
  });
  const availability = vehicle.batteryHours / (vehicle.batteryHours + vehicle.chargeHours);
  // As many go by each pair.
  const trips = contexts.flatMap((context) => DIRECTIONS.map((direction) => tripOf(context, direction)));
  const sum = (of: (trip: Trip) => number): number =>
    trips.reduce((all, trip) => all + of(trip), 0) / pairs.length;
  const roundTripS = sum((trip) => trip.drivingS + trip.dwellS);
  const count = scenario?.fleet.length;
  const fleet = { roundTripS, availability, count };
  const lanes = contexts.flatMap((context) =>
    DIRECTIONS.map((direction) => laneLimits(context, direction, fleet, pairs.length)),
  );
  const totals = DIRECTIONS.map((direction) => totalOf(direction, lanes));
  const needed = (perHour: number): number => Math.ceil((perHour * roundTripS) / 3600 / availability);
  return {
    siteId: site.siteId,
    scenarioId: scenario?.scenarioId,
    lanes,
    totals,
    fleet: {
      roundTripS,
      drivingS: sum((trip) => trip.drivingS),
      dwellS: sum((trip) => trip.dwellS),
      lengthM: sum((trip) => trip.lengthM),
      availability,
      count,
      neededAtBinding: needed(Math.min(...totals.map(({ withoutFleet }) => withoutFleet))),
      neededAt51: needed(51),
    },
    assumptions: [...ASSUMPTIONS, ...visitAssumptions(inputs)],
  };
}

/** What all lanes of a direction pass together: what each passes by itself, or what they share. */
function totalOf(direction: Direction, all: readonly LaneLimits[]): DirectionTotal {
  const lanes = all.filter((lane) => lane.direction === direction);
  const shared = lanes.flatMap((lane) => lane.limits.filter((limit) => limit.isShared === true));
  const by = (limits: readonly Limit[]): number =>
    Math.min(...limits.filter(({ holds }) => holds).map(({ perHour }) => perHour * lanes.length));
  const own = lanes.reduce(
    (sum, lane) => sum + bindingOf(lane.limits.filter((limit) => limit.isShared !== true)).perHour,
    0,
  );
  const withoutFleet = Math.min(own, by(shared.filter(({ limitId }) => limitId !== "fleet")));
  return { direction, perHour: Math.min(own, by(shared)), withoutFleet };
}

function laneLimits(
  context: Context,
  direction: Direction,
  fleet: { readonly roundTripS: number; readonly availability: number; readonly count: number | undefined },
  pairs: number,
): LaneLimits {
  const { site, targets } = context;
  const giver: Side = direction === "export" ? "vn" : "cn";
  const taker: Side = direction === "export" ? "cn" : "vn";
  const out = context.lanes[giver].outbound;
  const { inbound } = context.lanes[taker];
  const shared = (limits: readonly Limit[]): Limit[] => limits.map((limit) => sharedBy(limit, pairs));
  const limits: Limit[] = [
    ...shared(yardLimits(context, giver)),
    ...outboundLimits(context, out),
    ...lineLimits(context, out),
    ...visitLimits(context, out),
    ...inboundLimits(context, inbound),
    ...shared(yardLimits(context, taker)),
    ...shared(fleetLimit(fleet)),
  ];
  const binds = bindingOf(limits);
  const laneIds = site.file.sides[giver].lanes
    .filter((lane) => lane.kind === "unmanned" && lane.direction === direction)
    .map((lane) => lane.laneId)
    .filter((_, i) => i + 1 === out.pair);
  return {
    direction,
    laneIds,
    limits,
    binds,
    targets: targets.map((scenario) => {
      const perDay = perDayFrom(scenario, giver) / pairs;
      return { scenarioId: scenario.scenarioId, perDay, hoursNeeded: perDay / binds.perHour };
    }),
  };
}

/** Of what all pairs of lanes use: an even part of it. */
function sharedBy(limit: Limit, pairs: number): Limit {
  const { atBestPerHour } = limit;
  return {
    ...limit,
    what: pairs === 1 ? limit.what : `${limit.what}, shared by ${pairs} pairs of lanes`,
    perHour: limit.perHour / pairs,
    ...(atBestPerHour === undefined ? {} : { atBestPerHour: atBestPerHour / pairs }),
    isShared: true,
  };
}

function fleetLimit(fleet: {
  readonly roundTripS: number;
  readonly availability: number;
  readonly count: number | undefined;
}): Limit[] {
  if (fleet.count === undefined) return [];
  return [
    {
      limitId: "fleet",
      where: "road",
      what: `${fleet.count} vehicles`,
      how: "count x availability / round trip without waiting (Little's law)",
      serviceS: fleet.roundTripS,
      perHour: (fleet.count * fleet.availability * 3600) / fleet.roundTripS,
      holds: true,
    },
  ];
}

function outboundLimits(context: Context, lane: SideLane): Limit[] {
  const { serviceTimes } = context.times;
  const steps = stepsOf(context, lane.side, "outbound");
  const standing =
    lane.portal === undefined || !steps.has("identify")
      ? []
      : [standingLimit(context, lane, lane.portal, meanS(serviceTimes.identify))];
  return [
    ...standing,
    ...throughLimits(context, lane, steps),
    ...bayLimits(context, lane, steps),
    standingLimit(context, lane, lane.gate, meanS(serviceTimes["guard-check"])),
    headwayLimit(context, lane),
  ];
}

function inboundLimits(context: Context, lane: SideLane): Limit[] {
  const { serviceTimes } = context.times;
  const steps = stepsOf(context, lane.side, "inbound");
  // Who it is, and the border guard's yes, at the same time.
  const gateS = Math.max(meanS(serviceTimes.identify), meanS(serviceTimes["guard-check"]));
  return [
    headwayLimit(context, lane),
    standingLimit(context, lane, lane.gate, gateS),
    ...throughLimits(context, lane, steps),
    ...bayLimits(context, lane, steps),
  ];
}
