import type { Side } from "@baton/maps";
import type { Agency } from "@baton/orchestrator";
import { seededRandom } from "../random/seeded.ts";
import { type Distribution, drawS } from "./distribution.ts";
import { clockMs, DAY_MS, HOUR_MS, type Interval, isWithin, timeOfDayMs, windowsIn } from "./hours.ts";
import type { Scenario } from "./scenario.ts";

/**
 * What a scenario's failures, weather and shifts come to at an instant. Everything follows from the seed and the
 * instant, so that processes that never speak to each other agree, and a restart changes nothing.
 */

/** No failure lasts longer: what began before that is not looked for. */
const LONGEST_MS = DAY_MS;

/** Whether a device or agency of a side is there; undefined when nothing ever takes it away. */
export function deviceUpAt(
  scenario: Scenario,
  side: Side,
  deviceId: string,
): ((atMs: number) => boolean) | undefined {
  const outages = (scenario.failures.devices ?? []).filter((outage) => outage.deviceId === deviceId);
  if (outages.length === 0) return undefined;
  const offset = scenario.utcOffsetMinutes[side];
  const downs = outages.map((outage, index): ((atMs: number) => boolean) => {
    if ("window" in outage) return (atMs) => isWithin(outage.window, atMs, offset);
    const names = [scenario.seed, "outage", deviceId, String(index)];
    return inHourly((hour) => randomIntervals(names, 1 / outage.meanBetweenH, outage.repair, hour));
  });
  return (atMs) => !downs.some((isDown) => isDown(atMs));
}

/** How many people of an agency are at work; undefined when it never lacks them. Between shifts there is nobody. */
export function peopleAt(
  scenario: Scenario,
  side: Side,
  agency: Agency,
): ((atMs: number) => number) | undefined {
  const shifts = scenario.staff[side]?.[agency];
  if (shifts === undefined) return undefined;
  const offset = scenario.utcOffsetMinutes[side];
  return (atMs) =>
    shifts
      .filter((shift) => isWithin(shift.window, atMs, offset))
      .reduce((people, shift) => people + shift.people, 0);
}

/** The fastest that a vehicle may drive, m/s, 0 while it stands by itself; undefined when nothing ever slows it. */
export function speedCapFor(
  scenario: Scenario,
  serialNumber: string,
): ((atMs: number) => number) | undefined {
  const { weather, failures, seed, utcOffsetMinutes } = scenario;
  const { vehicleStops: stops } = failures;
  if (weather.length === 0 && stops === undefined) return undefined;
  const stands =
    stops === undefined
      ? () => false
      : inHourly((hour) =>
          randomIntervals([seed, "stops", serialNumber], stops.perVehicleHour, stops.duration, hour),
        );
  return (atMs) =>
    stands(atMs)
      ? 0
      : Math.min(
          Number.POSITIVE_INFINITY,
          ...weather
            .filter((one) => isWithin(one.window, atMs, utcOffsetMinutes.vn))
            .map((one) => one.speedCapMps),
        );
}

/** Whether the two sides' systems can reach each other. */
export function partnerLinkUpAt(scenario: Scenario, atMs: number): boolean {
  const windows = scenario.failures.partnerLink ?? [];
  return !windows.some((window) => isWithin(window, atMs, scenario.utcOffsetMinutes.vn));
}

/** When a side's unmanned lanes are to be closed within an interval, in order of time. Somebody has to do it: the lane is not closed by itself. */
export function laneClosuresIn(
  scenario: Scenario,
  within: Interval,
): readonly (Interval & { readonly laneId: string; readonly side: Side; readonly reason: string })[] {
  return (scenario.failures.laneClosures ?? [])
    .flatMap(({ laneId, window, reason }) => {
      const side: Side = laneId.startsWith("cn.") ? "cn" : "vn";
      return windowsIn(window, scenario.utcOffsetMinutes[side], within).map((interval) => ({
        ...interval,
        laneId,
        side,
        reason,
      }));
    })
    .sort((a, b) => a.fromMs - b.fromMs || a.laneId.localeCompare(b.laneId));
}

/** Whether a side's unmanned lanes take a hand-over that begins now: open, and not within the curtain before closing. */
export function isOpenAt(scenario: Scenario, side: Side, atMs: number): boolean {
  const calendar = scenario.calendars[side];
  if (calendar === undefined) return true;
  const offset = scenario.utcOffsetMinutes[side];
  const time = timeOfDayMs(atMs, offset);
  const curtainMs = calendar.curtainS * 1000;
  return calendar.open.some(
    (window) =>
      isWithin(window, atMs, offset) &&
      (closesNever(calendar.open, window.to) || untilMs(time, clockMs(window.to)) > curtainMs),
  );
}

/** The end of a window is no closing when another begins there. */
function closesNever(open: readonly { readonly from: string }[], to: string): boolean {
  return open.some(({ from }) => clockMs(from) % DAY_MS === clockMs(to) % DAY_MS);
}

function untilMs(fromTime: number, toTime: number): number {
  return toTime >= fromTime ? toTime - fromTime : toTime - fromTime + DAY_MS;
}

/** Failures that begin in one hour since 1970, as a Poisson process; each lasts as drawn, a day at most. */
function randomIntervals(
  names: readonly string[],
  perHour: number,
  duration: Distribution,
  hour: number,
): Interval[] {
  if (perHour <= 0) return [];
  const random = seededRandom(...names, String(hour));
  const found: Interval[] = [];
  let fromMs = hour * HOUR_MS;
  for (;;) {
    fromMs += (-Math.log(1 - random.next()) / perHour) * HOUR_MS;
    if (fromMs >= (hour + 1) * HOUR_MS) return found;
    const lastsMs = Math.min(drawS(duration, random.next(), random.next()) * 1000, LONGEST_MS);
    found.push({ fromMs, toMs: fromMs + lastsMs });
  }
}

/** Whether an instant lies in any of the intervals that hours begin; those of the hour asked about last are kept. */
function inHourly(startingIn: (hour: number) => readonly Interval[]): (atMs: number) => boolean {
  const kept = new Map<number, readonly Interval[]>();
  const backHours = Math.ceil(LONGEST_MS / HOUR_MS);
  const begun = (hour: number): readonly Interval[] => {
    const known = kept.get(hour);
    if (known !== undefined) return known;
    const made = startingIn(hour);
    kept.set(hour, made);
    return made;
  };
  let around: { readonly hour: number; readonly intervals: readonly Interval[] } | undefined;
  return (atMs) => {
    const hour = Math.floor(atMs / HOUR_MS);
    if (around?.hour !== hour) {
      const hours = Array.from({ length: backHours + 1 }, (_, i) => hour - backHours + i);
      around = { hour, intervals: hours.flatMap(begun) };
      for (const one of kept.keys()) if (one < hour - backHours) kept.delete(one);
    }
    return around.intervals.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
  };
}
