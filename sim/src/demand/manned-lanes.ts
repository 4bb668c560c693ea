import { DIRECTIONS, type Direction } from "@baton/maps";
import { seededRandom } from "../random/seeded.ts";
import { type Distribution, drawS } from "../scenario/distribution.ts";
import { HOUR_MS, type Interval, isWithin, windowsIn } from "../scenario/hours.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type ArrivalStream, arrivalsOf } from "./arrivals.ts";

/**
 * The rest of the road: lanes with drivers and officers, known by their service times only. Each direction is one queue before its
 * lanes, first come, first served, while they are open; who is being served at closing is served to the end.
 */

export interface LaneHour {
  readonly fromMs: number;
  readonly arrived: number;
  readonly served: number;
  /** Waiting at the end of the hour, those in service left out. */
  readonly queue: number;
  /** Of those whose service began in the hour, seconds; 0 when there were none. */
  readonly meanWaitS: number;
}

export interface MannedDay {
  readonly direction: Direction;
  readonly hours: readonly LaneHour[];
  readonly arrived: number;
  readonly served: number;
  readonly longestQueue: number;
  readonly meanWaitS: number;
}

/** What the manned lanes of a scenario's road do in an interval, by direction; empty without a road. */
export function mannedLanes(scenario: Scenario, within: Interval): MannedDay[] {
  return DIRECTIONS.flatMap((direction) => {
    const stream = mannedStream(scenario, direction);
    if (stream === undefined || scenario.road === undefined) return [];
    const { lanesADirection, serviceTime, open } = scenario.road.manned;
    const arrivalsMs = arrivalsOf(stream, within.fromMs, within.toMs).map((arrival) => arrival.atMs);
    const lanes = { count: lanesADirection, serviceTime, openings: openingsIn(open, scenario, within) };
    const served = serve(arrivalsMs, lanes, [scenario.seed, "manned-service", direction]);
    return [{ direction, ...summed(served, within) }];
  });
}

/** Those who use the manned lanes: the whole road's vehicles without the unmanned lanes'. Hours are Viet Nam's. */
export function mannedStream(scenario: Scenario, direction: Direction): ArrivalStream | undefined {
  const { road, seed } = scenario;
  if (road === undefined) return undefined;
  const share = direction === "export" ? road.exportShare : 1 - road.exportShare;
  return {
    names: [seed, "manned", direction],
    perDay: (road.vehiclesPerDay.value - road.unmanned.vehiclesPerDay.value) * share,
    profile: road.manned.arrivals,
    utcOffsetMinutes: scenario.utcOffsetMinutes.vn,
    startsAtMs: scenario.startsAtMs,
  };
}

function openingsIn(
  open: NonNullable<Scenario["road"]>["manned"]["open"],
  scenario: Scenario,
  within: Interval,
): Interval[] {
  const offset = scenario.utcOffsetMinutes.vn;
  // Open all day is one opening, not one a day.
  if (isWithin(open, within.fromMs, offset) && open.from === "00:00" && open.to === "24:00") return [within];
  return windowsIn(open, offset, within);
}

/** One vehicle at the manned lanes; without `startedMs` it was never served. */
export interface Passage {
  readonly arrivedMs: number;
  readonly startedMs?: number;
  readonly leftMs?: number;
}

/**
 * A queue before some lanes, event by event: each vehicle starts when it is first in the queue, a lane is free and the lanes are
 * open. The n-th vehicle's service time follows from the names and n alone.
 */
export function serve(
  arrivalsMs: readonly number[],
  lanes: {
    readonly count: number;
    readonly serviceTime: Distribution;
    readonly openings: readonly Interval[];
  },
  names: readonly string[],
): Passage[] {
  const freeAtMs: number[] = Array.from({ length: lanes.count }, () => Number.NEGATIVE_INFINITY);
  let isOver = lanes.count === 0;
  return arrivalsMs.map((arrivedMs, number): Passage => {
    if (isOver) return { arrivedMs };
    const lane = freeAtMs.indexOf(Math.min(...freeAtMs));
    const startedMs = nextOpenMs(lanes.openings, Math.max(arrivedMs, freeAtMs[lane] ?? 0));
    if (startedMs === undefined) {
      // Who comes later waits behind this one.
      isOver = true;
      return { arrivedMs };
    }
    const random = seededRandom(...names, String(number));
    const leftMs = startedMs + Math.round(drawS(lanes.serviceTime, random.next(), random.next()) * 1000);
    freeAtMs[lane] = leftMs;
    return { arrivedMs, startedMs, leftMs };
  });
}

function nextOpenMs(openings: readonly Interval[], atMs: number): number | undefined {
  const opening = openings.find(({ toMs }) => atMs < toMs);
  return opening === undefined ? undefined : Math.max(atMs, opening.fromMs);
}

function summed(passages: readonly Passage[], within: Interval): Omit<MannedDay, "direction"> {
  const hours: LaneHour[] = [];
  for (let fromMs = within.fromMs; fromMs < within.toMs; fromMs += HOUR_MS) {
    const toMs = Math.min(fromMs + HOUR_MS, within.toMs);
    const inHour = (atMs: number | undefined): boolean => atMs !== undefined && atMs >= fromMs && atMs < toMs;
    hours.push({
      fromMs,
      arrived: passages.filter((one) => inHour(one.arrivedMs)).length,
      served: passages.filter((one) => inHour(one.leftMs)).length,
      queue: passages.filter(
        ({ arrivedMs, startedMs }) => arrivedMs < toMs && (startedMs === undefined || startedMs >= toMs),
      ).length,
      meanWaitS: meanWaitS(passages.filter((one) => inHour(one.startedMs))),
    });
  }
  return {
    hours,
    arrived: passages.length,
    served: passages.filter(({ leftMs }) => leftMs !== undefined && leftMs < within.toMs).length,
    longestQueue: Math.max(0, ...hours.map((hour) => hour.queue)),
    meanWaitS: meanWaitS(passages),
  };
}

function meanWaitS(passages: readonly Passage[]): number {
  const waitsMs = passages.flatMap(({ arrivedMs, startedMs }) =>
    startedMs === undefined ? [] : [startedMs - arrivedMs],
  );
  return waitsMs.length === 0 ? 0 : waitsMs.reduce((sum, waitMs) => sum + waitMs, 0) / waitsMs.length / 1000;
}
