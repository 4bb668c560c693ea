import { activityIndex } from "../../run/activity.ts";
import { countedSamples } from "../../run/figures/span.ts";
import { sum } from "../../run/quantiles.ts";
import { ACTIVITIES, type Activity, type RunRecord } from "../../run/record.ts";
import type { Figure } from "../figure.ts";
import { el, label } from "../markup.ts";
import { drawing, PLOT_WIDTH, panel } from "../plot/frame.ts";
import { apart, areaBetween } from "../plot/marks.ts";
import { linear, ticks } from "../plot/scale.ts";
import { type ShownClock, timeAxis } from "../plot/time-axis.ts";
import { ACTIVITY_NAMES, clockDate, figure } from "../words.ts";

const COLOURS: Readonly<Record<Activity, string>> = {
  "driving-loaded": "var(--c-blue)",
  "driving-empty": "var(--c-sky)",
  "at-station": "var(--c-teal)",
  "at-crane": "var(--c-green)",
  "in-bay": "var(--c-purple)",
  "waiting-in-lane": "var(--c-orange)",
  stopped: "var(--c-red)",
  charging: "var(--c-yellow)",
  parked: "var(--c-grey)",
};

/** From the bottom up: what earns first, what waits on top. */
const ORDER: readonly Activity[] = [
  "driving-loaded",
  "driving-empty",
  "at-crane",
  "at-station",
  "in-bay",
  "waiting-in-lane",
  "stopped",
  "charging",
  "parked",
];

const HEIGHT = 400;
const AT = { left: 60, right: PLOT_WIDTH - 150, top: 40, bottom: HEIGHT - 50 };
/** So many points across at most: more cannot be seen. */
const MAX_POINTS = 240;

/** What the vehicles were busy with, all of them together, over the run. */
export function activitiesFigure(record: RunRecord, clock: ShownClock): Figure {
  const { beginMs, endMs, samples } = record;
  const every = Math.max(1, Math.ceil(samples.length / MAX_POINTS), samples.length > 30 ? 3 : 1);
  const rows: { atMs: number; shares: number[] }[] = [];
  for (let at = 0; at < samples.length; at += every) {
    const some = samples.slice(at, at + every);
    const seconds = ACTIVITIES.map((_, index) => sum(some.map(({ activityS }) => activityS[index] ?? 0)));
    const all = sum(seconds);
    const middle = some[Math.floor(some.length / 2)];
    if (all > 0 && middle !== undefined)
      rows.push({ atMs: middle.atMs, shares: seconds.map((one) => one / all) });
  }
  const x = timeAxis(beginMs, endMs, [AT.left, AT.right], clock);
  const y = linear([0, 1], [AT.bottom, AT.top]);
  const upTo = (row: (typeof rows)[number], layers: number): number =>
    sum(ORDER.slice(0, layers).map((activity) => row.shares[activityIndex(activity)] ?? 0));
  const areas = ORDER.map((activity, layer) => {
    const edge = (layers: number) => rows.map((row) => ({ x: x.scale(row.atMs), y: y(upTo(row, layers)) }));
    const last = rows.at(-1);
    return {
      activity,
      d: rows.length === 0 ? "" : areaBetween(edge(layer + 1), edge(layer)),
      middle: last === undefined ? AT.bottom : y((upTo(last, layer) + upTo(last, layer + 1)) / 2),
      isSeen: rows.some((row) => (row.shares[activityIndex(activity)] ?? 0) > 0.004),
    };
  });
  const names = apart(
    areas.filter(({ isSeen }) => isSeen).map(({ activity, middle }) => ({ activity, y: middle })),
    16,
    AT.top + 6,
    AT.bottom,
  );
  return {
    id: "vehicles",
    title: "What the vehicles were busy with",
    reading: reading(record),
    svg: drawing(
      HEIGHT,
      "Shares of vehicle states over the run",
      panel(
        {
          ...AT,
          grid: {},
          x,
          y: {
            scale: y,
            ticks: ticks(0, 1, 5).map((value) => ({ at: value, text: `${figure(value * 100)} %` })),
            title: `share of the ${record.vehicles} vehicles`,
          },
        },
        ...areas.map(({ activity, d }) => el("path", { d, fill: COLOURS[activity], class: "area" })),
        ...names.flatMap(({ activity, y: at }) => [
          el("rect", { x: AT.right + 8, y: at - 5, width: 10, height: 10, rx: 2, fill: COLOURS[activity] }),
          label(AT.right + 24, at + 4, ACTIVITY_NAMES[activity], { class: "key" }),
        ]),
      ),
    ),
    table: {
      columns: ["at", ...ORDER],
      rows: rows.map((row) => [
        clockDate(row.atMs, clock.utcOffsetMinutes),
        ...ORDER.map((activity) => Math.round((row.shares[activityIndex(activity)] ?? 0) * 10_000) / 10_000),
      ]),
    },
  };
}

function reading(record: RunRecord): string {
  const samples = countedSamples(record);
  const all = sum(samples.flatMap(({ activityS }) => activityS));
  const share = (...activities: readonly Activity[]): number =>
    all === 0
      ? 0
      : (sum(
          samples.flatMap(({ activityS }) => activities.map((one) => activityS[activityIndex(one)] ?? 0)),
        ) *
          100) /
        all;
  const moved = sum(samples.map(({ loadedM, emptyM }) => loadedM + emptyM));
  const empty = sum(samples.map(({ emptyM }) => emptyM));
  return `Vehicles drove ${figure(share("driving-loaded", "driving-empty"))} % of the time, waited in a lane ${figure(share("waiting-in-lane"))} %, and were parked or charging ${figure(share("parked", "charging"))} %; ${figure(moved === 0 ? 0 : (empty * 100) / moved)} % of the metres were driven empty.`;
}
