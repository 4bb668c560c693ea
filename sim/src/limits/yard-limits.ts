import type { Side } from "@baton/maps";
import { meanS } from "../scenario/distribution.ts";
import { type Context, stepsOf } from "./context.ts";
import { exchangeS } from "./exchange.ts";
import { type Limit, perHourOf } from "./lane-limits.ts";

/** Cranes, truck gate and people of a side; both directions use them, so that half of it is one direction's. */
export function yardLimits(context: Context, side: Side): Limit[] {
  const { site, times, scenario } = context;
  const { serviceTimes } = times;
  const lane = context.lanes[side].outbound;
  const exchange = exchangeS(lane.crane, context.following) ?? 0;
  const liftS = meanS(serviceTimes.lift);
  const sealS = stepsOf(context, side, "outbound").has("arm-seal") ? meanS(serviceTimes["arm-seal"]) : 0;
  const bothS = 2 * (liftS + exchange) + sealS;
  const cranes = lane.cranes.length;
  const limits: Limit[] = [
    {
      limitId: `${side}.cranes`,
      where: side,
      what: `${cranes} cranes, a lift each way${sealS > 0 ? " and the seal" : ""}`,
      how: "cranes / (2 lifts + seal + 2 exchanges); at best the crane that unloads a vehicle loads it too, seal elsewhere",
      serviceS: 2 * liftS + sealS,
      exchangeS: 2 * exchange,
      perHour: cranes * perHourOf(bothS),
      atBestPerHour: cranes * perHourOf(2 * liftS),
      holds: true,
    },
  ];
  if (site.file.sides[side].stations.some((station) => station.kind === "truck-gate")) {
    const gates = site.file.sides[side].stations.filter((station) => station.kind === "truck-gate").length;
    limits.push({
      limitId: `${side}.truck-gate`,
      where: side,
      what: "truck gate, a truck each",
      how: "gates / service; the simulated gate takes several trucks at once",
      serviceS: meanS(serviceTimes["admit-truck"]),
      perHour: gates * perHourOf(meanS(serviceTimes["admit-truck"])),
      holds: false,
    });
  }
  const scansOf = (bound: "outbound" | "inbound"): number =>
    stepsOf(context, side, bound).has("verdict") ? 1 : 0;
  const scans = scansOf("outbound") + scansOf("inbound");
  const shifts = scenario?.staff[side]?.analyst;
  if (shifts !== undefined && scans > 0) {
    const people = Math.min(...shifts.map((shift) => shift.people));
    limits.push({
      limitId: `${side}.analysts`,
      where: side,
      what: `${people} analysts in the smallest shift, ${scans === 2 ? "both directions" : "one direction"}`,
      how: "people / time for a verdict, shared by the directions that are scanned here",
      serviceS: meanS(serviceTimes["judge-scan"]),
      perHour: (people * perHourOf(meanS(serviceTimes["judge-scan"]))) / scans,
      holds: true,
    });
  }
  return limits;
}
