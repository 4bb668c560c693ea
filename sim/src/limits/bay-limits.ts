import { meanS } from "../scenario/distribution.ts";
import type { Context } from "./context.ts";
import { exchangeS, fanHeadwayS } from "./exchange.ts";
import { type Limit, perHourOf } from "./lane-limits.ts";
import { bayToBayS, craneToBayS } from "./round-trip.ts";
import type { SideLane } from "./side-lane.ts";

/** Parallel bays: how many there are for how long each is taken, and how close vehicles follow into and out of them. */
export function bayLimits(context: Context, lane: SideLane, steps: ReadonlySet<string>): Limit[] {
  const { times, following } = context;
  const { serviceTimes, channels, faults } = times;
  const middle = Math.floor(lane.bays.length / 2);
  const into = lane.intoBays[middle];
  const outOf = lane.outOfBays[middle];
  if (into === undefined || outOf === undefined) return [];
  const exchange = exchangeS({ into, outOf }, following) ?? 0;
  const of = (step: string, task: keyof typeof serviceTimes): number =>
    steps.has(step) ? meanS(serviceTimes[task]) : 0;
  const clearS = of("verdict", "judge-scan") + of("quarantine", "quarantine") + of("decision", "decide");
  const inspected = steps.has("decision")
    ? 1 - (1 - channels.red) * (1 - faults.suspect) * (1 - faults.inspect)
    : 0;
  // Where there are docks nothing is inspected in a bay.
  const inBays = lane.docks.length > 0 ? 0 : inspected;
  const inspectS = inBays * meanS(serviceTimes.inspect);
  const bays = lane.bays.length;
  // The partner's offer is accepted with a bay: it is kept for the vehicle all its way from the giver's bay. Outbound, a
  // container leaves its crane with one.
  const keptS = lane.bound === "inbound" ? bayToBayS(context, lane) : craneToBayS(context, lane);
  const name = lane.bound === "outbound" ? "verdict bays" : "arrival bays";
  const id = `${lane.side}.bays.${lane.bound}`;
  const limits: Limit[] = [
    {
      limitId: id,
      where: lane.side,
      what: `${bays} ${name}${inspectS > 0 ? `, ${(inBays * 100).toFixed(0)} % inspected in them` : ""}`,
      how: "bays / (stay + exchange) (Little's law), kept for a vehicle from its crane, inbound from its offer on; at best inspections are elsewhere and none is kept",
      serviceS: keptS + clearS + inspectS,
      exchangeS: exchange,
      perHour: bays * perHourOf(keptS + clearS + inspectS + exchange),
      atBestPerHour: bays * perHourOf(clearS + exchange),
      holds: true,
    },
    {
      limitId: `${id}.in`,
      where: lane.side,
      what: `way into the ${name}`,
      how: "one follows when the other has left what their ways share, mean over pairs of bays",
      perHour: perHourOf(fanHeadwayS(lane.intoBays, true, following)),
      holds: true,
    },
    {
      limitId: `${id}.out`,
      where: lane.side,
      what: `way out of the ${name}`,
      how: "the same, from rest",
      perHour: perHourOf(fanHeadwayS(lane.outOfBays, false, following)),
      holds: true,
    },
  ];
  if (lane.docks.length > 0 && inspected > 0) {
    limits.push({
      limitId: `${lane.side}.docks`,
      where: lane.side,
      what: `${lane.docks.length} inspection docks, ${(inspected * 100).toFixed(0)} % inspected`,
      how: "docks / (share x inspection)",
      serviceS: meanS(serviceTimes.inspect),
      perHour: (lane.docks.length * perHourOf(meanS(serviceTimes.inspect))) / inspected,
      holds: true,
    });
  }
  return limits;
}
