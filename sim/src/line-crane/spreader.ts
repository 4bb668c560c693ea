import type { SpreaderPlace, SpreaderReport, TransferWork } from "@baton/orchestrator";

/** A place on the way of a spreader, in the site's frame. */
export interface SpreaderStop extends SpreaderPlace {
  readonly atMs: number;
}

/** Where the two vehicles stand, along the road. */
export interface PadsAlong {
  readonly giverM: number;
  readonly takerM: number;
}

const UP_M = 10.4;
/** The spreader on a container that stands on a vehicle's deck. */
const LANDED_M = 4.32;
const TRAVEL_MPS = 2;
const HOIST_MPS = 0.9;

/** A spreader that is up and stays. */
export const restingSpreader = (alongM: number, atMs: number): readonly SpreaderStop[] => [
  { atMs, alongM, heightM: UP_M },
];

/** The stops of its way through a piece of work that takes so long, from where it is. It travels only when it is up. */
export function spreaderWay(
  work: TransferWork,
  from: SpreaderStop,
  { giverM, takerM }: PadsAlong,
  takesMs: number,
): readonly SpreaderStop[] {
  const over = (alongM: number): readonly SpreaderPlace[] =>
    from.alongM === alongM
      ? []
      : [
          { alongM: from.alongM, heightM: UP_M },
          { alongM, heightM: UP_M },
        ];
  const places: readonly SpreaderPlace[] =
    work === "engage"
      ? [...over(giverM), { alongM: giverM, heightM: LANDED_M }]
      : work === "land"
        ? [...over(takerM), { alongM: takerM, heightM: LANDED_M }]
        : [{ alongM: from.alongM, heightM: UP_M }];
  let before: SpreaderPlace = from;
  let plannedMs = 0;
  const planned = places.map((place) => {
    plannedMs += 1000 * secondsFor(before, place);
    before = place;
    return { place, afterMs: plannedMs };
  });
  const stretch = plannedMs === 0 ? 0 : takesMs / plannedMs;
  return [
    from,
    ...planned.map(({ place, afterMs }, i) => ({
      ...place,
      // The last one to the millisecond, whatever the parts of the way add up to.
      atMs: from.atMs + (i + 1 === planned.length ? takesMs : afterMs * stretch),
    })),
  ];
}

const secondsFor = (a: SpreaderPlace, b: SpreaderPlace): number =>
  Math.abs(a.alongM - b.alongM) / TRAVEL_MPS + Math.abs(a.heightM - b.heightM) / HOIST_MPS;

/** Where it is at an instant. */
export function spreaderAt(stops: readonly SpreaderStop[], nowMs: number): SpreaderStop {
  const to = stops.findIndex(({ atMs }) => atMs > nowMs);
  const [a, b] = [stops.at(to === -1 ? -1 : Math.max(0, to - 1)), stops[to]];
  if (a === undefined) throw new Error("a way begins somewhere");
  if (b === undefined) return { ...a, atMs: nowMs };
  const part = Math.max(0, (nowMs - a.atMs) / (b.atMs - a.atMs));
  return {
    atMs: nowMs,
    alongM: a.alongM + (b.alongM - a.alongM) * part,
    heightM: a.heightM + (b.heightM - a.heightM) * part,
  };
}

/** What the crane says of it. */
export function spreaderReport(stops: readonly SpreaderStop[], nowMs: number): SpreaderReport {
  const { alongM, heightM } = spreaderAt(stops, nowMs);
  const course = stops
    .filter(({ atMs }) => atMs > nowMs)
    .map((stop) => ({
      alongM: round(stop.alongM),
      heightM: stop.heightM,
      inMs: Math.ceil(stop.atMs - nowMs),
    }));
  return {
    alongM: round(alongM),
    heightM: round(heightM),
    ...(course.length === 0 ? {} : { course }),
  };
}

/** To the centimetre. */
const round = (lengthM: number): number => Math.round(lengthM * 100) / 100;
