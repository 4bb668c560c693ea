import type { Direction, Side } from "@baton/maps";
import { meanS } from "../scenario/distribution.ts";
import { type Context, stepsOf } from "./context.ts";
import { drivingS as drivingTimeS } from "./driving-time.ts";
import { type Following, stretchesOf } from "./exchange.ts";
import { lineNodes, partOf, type SideLane } from "./side-lane.ts";
import { lengthOfM, type Way } from "./way.ts";

/** From a yard's middle crane to the other yard's, loading and unloading included, without waiting for anybody. */
export interface Trip {
  readonly lengthM: number;
  readonly drivingS: number;
  /** All that is done to the vehicle or its container while it stands, inspections left out. */
  readonly dwellS: number;
}

export function tripOf(context: Context, direction: Direction): Trip {
  const { site, times, following } = context;
  const { serviceTimes, handover } = times;
  const giver: Side = direction === "export" ? "vn" : "cn";
  const taker: Side = direction === "export" ? "cn" : "vn";
  const out = context.lanes[giver].outbound;
  const { inbound } = context.lanes[taker];
  const outSteps = stepsOf(context, giver, "outbound");
  const inSteps = stepsOf(context, taker, "inbound");
  const when = (steps: ReadonlySet<string>, step: string, task: keyof typeof serviceTimes): number =>
    steps.has(step) ? meanS(serviceTimes[task]) : 0;
  const { line, beyond } = lineNodes(site, out, "outbound");
  const stops = [out.portal?.nodeId, out.gate.nodeId, line, beyond].filter((node) => node !== undefined);
  const inLine = lineNodes(site, inbound, "inbound");
  const onward = partOf(inbound.main, inLine.beyond, endOf(inbound.main));
  // Into a bay and out of it again, from and to the lane's speed, beyond what driving by would take.
  const detoursS = [out, inbound].map((lane) => bayDetourS(lane, following)).reduce((a, b) => a + b, 0);
  const drivingS = legsS(context, out.main, stops) + legsS(context, onward, [inbound.gate.nodeId ?? ""]);
  const dwellS =
    when(outSteps, "load", "lift") +
    when(outSteps, "arm-seal", "arm-seal") +
    when(outSteps, "identify", "identify") +
    when(outSteps, "verdict", "judge-scan") +
    when(outSteps, "quarantine", "quarantine") +
    when(outSteps, "decision", "decide") +
    when(outSteps, "guard-exit", "guard-check") +
    meanS(handover.rolling) +
    when(inSteps, "guard-entry", "guard-check") +
    when(inSteps, "verdict", "judge-scan") +
    when(inSteps, "decision", "decide") +
    when(inSteps, "unload", "lift");
  return { lengthM: lengthOfM(out.main) + lengthOfM(onward), drivingS: drivingS + detoursS, dwellS };
}

function endOf(way: Way): string {
  const { moves, poses } = way.network;
  return poses.nodeIds[moves.to[way.moves.at(-1) ?? -1] ?? -1] ?? "";
}

/**
 * From leaving the giver's bay to standing in the taker's, gates and hand-over included, seconds: so long a bay of the inbound lane is
 * kept for a vehicle that is still on its way.
 */
export function bayToBayS(context: Context, taker: SideLane): number {
  const { site, times } = context;
  const giver = context.lanes[taker.side === "vn" ? "cn" : "vn"].outbound;
  const { line } = lineNodes(site, giver, "outbound");
  const { beyond } = lineNodes(site, taker, "inbound");
  const middle = Math.floor(taker.bays.length / 2);
  const outOf = giver.outOfBays[Math.floor(giver.bays.length / 2)];
  const into = taker.intoBays[middle];
  if (outOf === undefined || into === undefined) return 0;
  const gateNode = taker.gate.nodeId ?? "";
  const passed = taker.scanner?.nodeId ?? gateNode;
  const toLine = partOf(giver.main, giver.gate.nodeId ?? "", line);
  const toGate = partOf(taker.main, beyond, gateNode);
  const beyondGate = passed === gateNode ? [] : [partOf(taker.main, gateNode, passed)];
  const driving = [outOf, toLine, toGate, ...beyondGate, into].map((way) => legsS(context, way, []));
  const { serviceTimes, handover } = times;
  const gatesS = 2 * meanS(serviceTimes["guard-check"]) + meanS(handover.rolling);
  return driving.reduce((a, b) => a + b, 0) + gatesS;
}

/** From the seal at the middle crane to standing in a bay, seconds: so long a bay of the outbound lane is kept for a container. */
export function craneToBayS(context: Context, lane: SideLane): number {
  const { serviceTimes } = context.times;
  const { moves, poses } = lane.main.network;
  const crane = poses.nodeIds[moves.from[lane.main.moves[0] ?? -1] ?? -1] ?? "";
  const passed = lane.scanner ?? lane.weighbridge ?? lane.portal ?? lane.gate;
  const into = lane.intoBays[Math.floor(lane.bays.length / 2)];
  const toLane = partOf(lane.main, crane, passed.nodeId ?? "");
  const drivingS =
    legsS(context, toLane, [lane.portal?.nodeId ?? ""]) + (into === undefined ? 0 : legsS(context, into, []));
  return drivingS + meanS(serviceTimes["arm-seal"]) + meanS(serviceTimes.identify);
}

/** Driving a way with a stop at each of some nodes and at its end. */
function legsS(context: Context, way: Way, stops: readonly string[]): number {
  const { moves, poses } = way.network;
  let leg: number[] = [];
  let sum = 0;
  way.moves.forEach((move, i) => {
    leg.push(move);
    const node = poses.nodeIds[moves.to[move] ?? -1] ?? "";
    if (i < way.moves.length - 1 && !stops.includes(node)) return;
    sum += drivingTimeS(
      stretchesOf({ network: way.network, moves: leg }, context.following),
      context.following,
      {
        from: 0,
        to: 0,
      },
    );
    leg = [];
  });
  return sum;
}

/** What going through the middle bay takes more than passing it by. */
function bayDetourS(lane: SideLane, following: Following): number {
  const middle = Math.floor(lane.bays.length / 2);
  const into = lane.intoBays[middle];
  const outOf = lane.outOfBays[middle];
  if (into === undefined || outOf === undefined) return 0;
  const timeS = (way: Way): number =>
    drivingTimeS(stretchesOf(way, following), following, { from: 0, to: 0 });
  const begin = into.network.poses.nodeIds[into.network.moves.from[into.moves[0] ?? -1] ?? -1] ?? "";
  const past = partOf(lane.main, begin, endOf(outOf));
  return Math.max(0, timeS(into) + timeS(outOf) - timeS(past));
}
