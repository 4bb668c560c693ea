import type { Side } from "@baton/maps";
import { type Random, seededRandom } from "../random/seeded.ts";
import type { DayProfile, Pattern } from "../scenario/demand-schema.ts";
import { clockMs, HOUR_MS, isWithin, timeOfDayMs } from "../scenario/hours.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** One order's coming. */
export interface Arrival {
  readonly atMs: number;
  /** Which of the side's orders it is, as `orderOf` counts them. */
  readonly number: number;
}

/** Arrivals as a rate by the hour of day, for one stream of them. */
export interface ArrivalStream {
  /** Names of the stream: the same names, the same arrivals. */
  readonly names: readonly string[];
  readonly perDay: number;
  readonly profile: DayProfile;
  readonly utcOffsetMinutes: number;
  /** Numbers are counted from here: the first hour's are 1, 2, ..., the next hour's 1001, 1002, ... */
  readonly startsAtMs: number;
}

/** No hour has more numbers than this: far above what a lane, or a road, could take. */
const NUMBERS_AN_HOUR = 1_000;
/** Numbers stay within nine digits, whatever the instant: after so many hours, a century, they begin again. */
const HOURS_COUNTED = 999_999;

/** What a scenario's unmanned lanes that are laid out have a day from one side; 0 while its demand is a closed loop. */
export function perDayFrom(scenario: Scenario, side: Side): number {
  const { road, demand } = scenario;
  if (road === undefined || demand.kind !== "arrivals") return 0;
  const share = side === "vn" ? road.exportShare : 1 - road.exportShare;
  const laidOut = scenario.layout?.lanePairs ?? 1;
  return (road.unmanned.vehiclesPerDay.value / road.unmanned.pairs) * laidOut * share;
}

/**
 * The orders that come to one side's unmanned lane in [fromMs, toMs), in order. They are the same however the time is cut: each hour has a
 * random stream of its own. None when the scenario's demand is a closed loop.
 */
export function arrivals(scenario: Scenario, side: Side, fromMs: number, toMs: number): Arrival[] {
  const { demand } = scenario;
  if (demand.kind !== "arrivals") return [];
  const streams = streamsOf.get(scenario) ?? {};
  streamsOf.set(scenario, streams);
  streams[side] ??= {
    names: [scenario.seed, "arrivals", side],
    perDay: perDayFrom(scenario, side),
    profile: demand[side],
    utcOffsetMinutes: scenario.utcOffsetMinutes[side],
    startsAtMs: scenario.startsAtMs,
  };
  return arrivalsOf(streams[side], fromMs, toMs);
}

const streamsOf = new WeakMap<Scenario, Partial<Record<Side, ArrivalStream>>>();
/** The hours drawn last of a stream, newest last: whoever asks goes on from hour to hour, and asks across the turn of one again and again. */
const lastHours = new WeakMap<ArrivalStream, readonly DrawnHour[]>();
const HOURS_KEPT = 2;

interface DrawnHour {
  readonly hour: number;
  readonly found: readonly Arrival[];
}

/** The arrivals of a stream in [fromMs, toMs), in order of time and, at one instant, of number. */
export function arrivalsOf(stream: ArrivalStream, fromMs: number, toMs: number): Arrival[] {
  const backMs = longestBatchMs(stream.profile.pattern);
  const found: Arrival[] = [];
  for (let hour = Math.floor((fromMs - backMs) / HOUR_MS); hour * HOUR_MS < toMs; hour++) {
    found.push(...arrivalsFrom(stream, hour).filter(({ atMs }) => atMs >= fromMs && atMs < toMs));
  }
  return found.sort((a, b) => a.atMs - b.atMs || a.number - b.number);
}

/** Vehicles an hour at an instant. */
export function ratePerHour(stream: Omit<ArrivalStream, "names" | "startsAtMs">, atMs: number): number {
  const { perDay, profile, utcOffsetMinutes } = stream;
  const { hours, peaks = [] } = profile;
  const weights = hours.reduce((sum, weight) => sum + weight, 0);
  const hour = Math.floor(timeOfDayMs(atMs, utcOffsetMinutes) / HOUR_MS);
  const times = peaks
    .filter((peak) => isWithin(peak.window, atMs, utcOffsetMinutes))
    .reduce((product, peak) => product * peak.times, 1);
  return weights === 0 ? 0 : ((hours[hour] ?? 0) / weights) * perDay * times;
}

/** All arrivals that have their beginning in one hour since 1970; members of its batches may come after its end. */
function arrivalsFrom(stream: ArrivalStream, hour: number): readonly Arrival[] {
  const kept = lastHours.get(stream) ?? [];
  const known = kept.find((one) => one.hour === hour);
  if (known !== undefined) return known.found;
  const found = drawHour(stream, hour);
  lastHours.set(stream, [...kept, { hour, found }].slice(-HOURS_KEPT));
  return found;
}

function drawHour(stream: ArrivalStream, hour: number): Arrival[] {
  const { pattern } = stream.profile;
  const firstNumber = numberIn(stream, hour);
  const timesMs = pattern.kind === "fixed" ? evenTimes(stream, hour) : drawnTimes(stream, hour, pattern);
  return timesMs.slice(0, NUMBERS_AN_HOUR).map((atMs, i) => ({ atMs, number: firstNumber + i }));
}

function numberIn(stream: ArrivalStream, hour: number): number {
  const hours = hour - Math.floor(stream.startsAtMs / HOUR_MS);
  const counted = ((hours % HOURS_COUNTED) + HOURS_COUNTED) % HOURS_COUNTED;
  return counted * NUMBERS_AN_HOUR + 1;
}

/**
 * A Poisson process whose rate changes within the hour, by thinning one of the hour's highest rate (Lewis and Shedler
 * 1979); of single vehicles or of batches.
 */
function drawnTimes(stream: ArrivalStream, hour: number, pattern: Pattern): number[] {
  const random = seededRandom(...stream.names, String(hour));
  const startMs = hour * HOUR_MS;
  const meanSize = pattern.kind === "batches" ? (pattern.minSize + pattern.maxSize) / 2 : 1;
  const highest = Math.max(...cutsIn(stream, startMs).map((atMs) => ratePerHour(stream, atMs))) / meanSize;
  if (highest <= 0) return [];
  const timesMs: number[] = [];
  let atMs = startMs;
  while (timesMs.length < NUMBERS_AN_HOUR) {
    atMs += (-Math.log(1 - random.next()) / highest) * HOUR_MS;
    if (atMs >= startMs + HOUR_MS) break;
    if (random.next() * highest * meanSize >= ratePerHour(stream, atMs)) continue;
    timesMs.push(...membersOf(pattern, Math.floor(atMs), random));
  }
  return timesMs;
}

function membersOf(pattern: Pattern, firstMs: number, random: Random): number[] {
  if (pattern.kind !== "batches") return [firstMs];
  const size = pattern.minSize + random.integer(pattern.maxSize - pattern.minSize + 1);
  return Array.from({ length: size }, (_, i) => firstMs + Math.round(i * pattern.gapS * 1000));
}

function longestBatchMs(pattern: Pattern): number {
  return pattern.kind === "batches" ? (pattern.maxSize - 1) * pattern.gapS * 1000 : 0;
}

/**
 * Evenly spaced: where the number that has come since the local midnight passes a half, one and a half, ... The days are alike, each with
 * its number rounded.
 */
function evenTimes(stream: ArrivalStream, hour: number): number[] {
  const startMs = hour * HOUR_MS;
  const endMs = startMs + HOUR_MS;
  const timesMs: number[] = [];
  let fromMs = startMs;
  let come = comeSinceMidnight(stream, startMs);
  while (fromMs < endMs) {
    const toMs = Math.min(endMs, ...cutsIn(stream, startMs).filter((atMs) => atMs > fromMs));
    // At midnight counting begins again.
    if (timeOfDayMs(fromMs, stream.utcOffsetMinutes) === 0) come = 0;
    const rate = ratePerHour(stream, fromMs);
    const more = (rate * (toMs - fromMs)) / HOUR_MS;
    for (let next = Math.ceil(come + 0.5 - 1e-9) - 0.5; next < come + more - 1e-9; next++) {
      timesMs.push(Math.floor(fromMs + (Math.max(0, next - come) / rate) * HOUR_MS));
    }
    come += more;
    fromMs = toMs;
  }
  return timesMs;
}

function comeSinceMidnight(stream: ArrivalStream, atMs: number): number {
  let come = 0;
  let fromMs = atMs - timeOfDayMs(atMs, stream.utcOffsetMinutes);
  while (fromMs < atMs) {
    const hourMs = Math.floor(fromMs / HOUR_MS) * HOUR_MS;
    const toMs = Math.min(
      atMs,
      hourMs + HOUR_MS,
      ...cutsIn(stream, hourMs).filter((cutMs) => cutMs > fromMs),
    );
    come += (ratePerHour(stream, fromMs) * (toMs - fromMs)) / HOUR_MS;
    fromMs = toMs;
  }
  return come;
}

/** The instants of an hour since 1970 at which the rate may change: its beginning, a local hour's, a peak's beginning or end. */
function cutsIn(stream: ArrivalStream, hourMs: number): number[] {
  const { profile, utcOffsetMinutes } = stream;
  const midnightMs = hourMs - timeOfDayMs(hourMs, utcOffsetMinutes);
  const localHours = Array.from({ length: 26 }, (_, i) => i * HOUR_MS);
  const edges = (profile.peaks ?? []).flatMap(({ window }) => [clockMs(window.from), clockMs(window.to)]);
  const times = [...localHours, ...edges, ...edges.map((time) => time + 24 * HOUR_MS)];
  const inside = times
    .map((time) => midnightMs + time)
    .filter((atMs) => atMs > hourMs && atMs < hourMs + HOUR_MS);
  return [hourMs, ...inside];
}
