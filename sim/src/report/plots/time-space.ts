import { DIRECTIONS, type Direction, type Site, type StationKind, stationsOf } from "@baton/maps";
import type { RunRecord, Trace } from "../../run/record.ts";
import { giverOf, takerOf } from "../../run/sides.ts";
import type { Figure } from "../figure.ts";
import { el, label } from "../markup.ts";
import { drawing, PLOT_WIDTH, panel } from "../plot/frame.ts";
import { apart, stroke } from "../plot/marks.ts";
import { linear, ticks } from "../plot/scale.ts";
import { type ShownClock, timeAxis } from "../plot/time-axis.ts";
import { clockDate, clockTime, DIRECTION_NAMES, figure } from "../words.ts";

const LEFT = 60;
const RIGHT = PLOT_WIDTH - 130;
const PANEL = 430;
const GAP = 78;
const TOP = 46;

const MANY_NAMES = new Map<StationKind, string>([
  ["buffer", "bays"],
  ["inspection-dock", "inspection docks"],
]);

interface Band {
  readonly name: string;
  readonly fromXM: number;
  readonly toXM: number;
}

/** Vehicles along the lane over an hour: where they drive, stand, and stand behind each other. */
export function timeSpaceFigure(record: RunRecord, site: Site, clock: ShownClock): Figure {
  const { beginMs, traces } = record;
  const offsets = traces.flatMap(({ points }) => [points[0] ?? 0, points.at(-3) ?? 0]);
  const fromMs = beginMs + Math.min(...offsets, record.endMs - beginMs);
  const toMs = beginMs + Math.max(...offsets, fromMs - beginMs + 60_000);
  const panels = DIRECTIONS.map((direction, index) => {
    const top = TOP + index * (PANEL + GAP);
    return lanePanel({ record, site, clock, direction, fromMs, toMs, top, bottom: top + PANEL });
  });
  return {
    id: "time-space",
    title: "Time and space on the unmanned lanes",
    reading: reading(traces, fromMs, toMs, clock),
    svg: drawing(TOP + 2 * PANEL + GAP + 50, "Chainage of vehicles over time, by direction", ...panels),
    table: {
      columns: ["vehicle", "direction", "at", "chainage m", "loaded"],
      rows: traces.flatMap(({ vehicleId, direction, points }) =>
        Array.from({ length: points.length / 3 }, (_, at) => [
          vehicleId,
          direction,
          clockDate(beginMs + (points[at * 3] ?? 0), clock.utcOffsetMinutes),
          points[at * 3 + 1],
          points[at * 3 + 2],
        ]),
      ),
    },
  };
}

interface LanePanel {
  readonly record: RunRecord;
  readonly site: Site;
  readonly clock: ShownClock;
  readonly direction: Direction;
  readonly fromMs: number;
  readonly toMs: number;
  readonly top: number;
  readonly bottom: number;
}

function lanePanel({ record, site, clock, direction, fromMs, toMs, top, bottom }: LanePanel): string {
  const traces = record.traces.filter((one) => one.direction === direction);
  const lane = extentOf(site);
  const x = timeAxis(fromMs, toMs, [LEFT, RIGHT], clock, { title: direction === "import" });
  const y = linear([lane.fromXM, lane.toXM], [bottom, top]);
  const bands = bandsOf(site, direction).filter(
    ({ toXM, fromXM }) => toXM > lane.fromXM && fromXM < lane.toXM,
  );
  const colour = `var(--${direction})`;
  const ways = traces.flatMap((trace) => piecesOf(trace, record.beginMs, x.scale, y));
  const draw = (isLoaded: boolean): string =>
    ways
      .filter((way) => way.isLoaded === isLoaded)
      .map(({ d }) => d)
      .join("");
  const names = apart(
    [
      ...bands.map(({ name, fromXM, toXM }) => ({ name, y: y((fromXM + toXM) / 2), style: "note" })),
      { name: "the line", y: y(0), style: "direct" },
    ],
    15,
    top,
    bottom,
  );
  return panel(
    {
      left: LEFT,
      right: RIGHT,
      top,
      bottom,
      title: `${DIRECTION_NAMES[direction]} lane`,
      x,
      y: {
        scale: y,
        ticks: ticks(lane.fromXM, lane.toXM, 7).map((value) => ({ at: value, text: signed(value) })),
        ...(direction === "export" ? { title: "chainage, metres from the line (China positive)" } : {}),
      },
    },
    ...bands.map(({ fromXM, toXM }) =>
      el("rect", {
        class: "station-band",
        x: LEFT,
        width: RIGHT - LEFT,
        y: y(toXM),
        height: Math.max(2, y(fromXM) - y(toXM)),
      }),
    ),
    ...names.map((one) => label(RIGHT + 8, one.y + 4, one.name, { class: one.style })),
    el("path", { class: "border-line", d: `M${LEFT} ${y(0).toFixed(1)}H${RIGHT}` }),
    stroke(draw(false), colour, { "stroke-width": 1, "stroke-opacity": 0.55, "stroke-dasharray": "3 3" }),
    stroke(draw(true), colour, { "stroke-width": 1.4 }),
    direction === "export"
      ? label(RIGHT, top - 26, "solid: loaded · dashed: empty", { class: "note", "text-anchor": "end" })
      : "",
  );
}

const signed = (value: number): string => (value > 0 ? `+${figure(value)}` : figure(value).replace("-", "−"));

/** A trace cut where it was loaded or unloaded. */
function piecesOf(
  { points }: Trace,
  beginMs: number,
  x: (atMs: number) => number,
  y: (xM: number) => number,
): { readonly isLoaded: boolean; readonly d: string }[] {
  const pieces: { isLoaded: boolean; d: string }[] = [];
  for (let at = 0; at < points.length; at += 3) {
    const place = `${x(beginMs + (points[at] ?? 0)).toFixed(1)} ${y(points[at + 1] ?? 0).toFixed(1)}`;
    const isLoaded = points[at + 2] === 1;
    const last = pieces.at(-1);
    if (last === undefined || last.isLoaded !== isLoaded) pieces.push({ isLoaded, d: `M${place}` });
    else last.d += `L${place}`;
  }
  return pieces;
}

function extentOf(site: Site): { readonly fromXM: number; readonly toXM: number } {
  const xM = (["vn", "cn"] as const)
    .flatMap((side) => site.file.sides[side].lanes)
    .filter(({ kind }) => kind === "unmanned")
    .flatMap(({ centreLine }) => centreLine.map((point) => point.xM));
  return { fromXM: Math.min(...xM), toXM: Math.max(...xM) };
}

/** The stretches of a lane that its stations take up; neighbours alike are one. */
function bandsOf(site: Site, direction: Direction): Band[] {
  const stations = [
    ...stationsOf(site, giverOf(direction)).filter(({ bound }) => bound === "outbound"),
    ...stationsOf(site, takerOf(direction)).filter(({ bound }) => bound === "inbound"),
  ];
  const groups = Map.groupBy(stations, ({ stationId, kind }) =>
    kind === "buffer" || kind === "inspection-dock" ? `${stationId.slice(0, 2)} ${kind}` : stationId,
  );
  return [...groups.values()].flatMap((alike) => {
    const first = alike[0];
    if (first === undefined) return [];
    const ends = alike.flatMap(({ at, sizeM }) => [at.xM - sizeM.lengthM / 2, at.xM + sizeM.lengthM / 2]);
    const name = alike.length > 1 ? MANY_NAMES.get(first.kind) : undefined;
    return [
      { name: name ?? first.kind.replaceAll("-", " "), fromXM: Math.min(...ends), toXM: Math.max(...ends) },
    ];
  });
}

function reading(traces: readonly Trace[], fromMs: number, toMs: number, clock: ShownClock): string {
  const crossings = (direction: Direction): number =>
    traces.filter(({ direction: one, points }) => {
      const first = points[1] ?? 0;
      const last = points.at(-2) ?? 0;
      return one === direction && first < 0 !== last < 0;
    }).length;
  if (traces.length === 0) return "No vehicle was on the lanes in the hour looked at.";
  const from = clockTime(fromMs, clock.utcOffsetMinutes);
  const to = clockTime(toMs, clock.utcOffsetMinutes);
  return `From ${from} to ${to}, ${crossings("export")} vehicles crossed towards China and ${crossings("import")} towards Viet Nam; level pieces are vehicles that stand, at a station (shaded) or behind another.`;
}
