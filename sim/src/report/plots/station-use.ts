import { SIDES } from "@baton/maps";
import { type PlaceUse, placeUse } from "../../run/figures/stations.ts";
import type { RunRecord } from "../../run/record.ts";
import type { Figure } from "../figure.ts";
import { el, label } from "../markup.ts";
import { drawing, PLOT_WIDTH, panel } from "../plot/frame.ts";
import { linear, ticks } from "../plot/scale.ts";
import { figure, SIDE_NAMES } from "../words.ts";

/** Rows, as a container meets them: the giver's lane, then the taker's. */
const ROWS: readonly {
  readonly name: string;
  readonly kind: PlaceUse["kind"];
  readonly bound: PlaceUse["bound"];
}[] = [
  { name: "cranes", kind: "crane", bound: "yard" },
  { name: "portal", kind: "portal", bound: "outbound" },
  { name: "weighbridge", kind: "weighbridge", bound: "outbound" },
  { name: "scanner, outbound", kind: "scanner", bound: "outbound" },
  { name: "bays, outbound", kind: "buffer", bound: "outbound" },
  { name: "inspection docks", kind: "inspection-dock", bound: "outbound" },
  { name: "exit gate", kind: "exit-gate", bound: "outbound" },
  { name: "hold line", kind: "hold-line", bound: "outbound" },
  { name: "first stop", kind: "first-stop", bound: "inbound" },
  { name: "entry gate", kind: "entry-gate", bound: "inbound" },
  { name: "scanner, inbound", kind: "scanner", bound: "inbound" },
  { name: "bays, inbound", kind: "buffer", bound: "inbound" },
  { name: "chargers", kind: "charger", bound: "yard" },
];

const ROW_HEIGHT = 24;
const TOP = 30;
/** Of use, above which a place is what others wait for. */
const BUSY = 0.85;

/** How much of the time that counts stations had a vehicle in them. */
export function stationUseFigure(record: RunRecord): Figure {
  const uses = placeUse(record);
  const of = (side: PlaceUse["side"], row: (typeof ROWS)[number]): PlaceUse | undefined =>
    uses.find((use) => use.side === side && use.kind === row.kind && use.bound === row.bound);
  const rows = ROWS.filter((row) => SIDES.some((side) => of(side, row) !== undefined));
  const bottom = TOP + rows.length * ROW_HEIGHT;
  const half = (PLOT_WIDTH - 150 - 30 - 60) / 2;
  const panels = SIDES.map((side, index) => {
    const left = 150 + index * (half + 60);
    const right = left + half;
    const x = linear([0, 1], [left, right]);
    const bars = rows.flatMap((row, at) => {
      const use = of(side, row);
      if (use === undefined) return [];
      const y = TOP + at * ROW_HEIGHT + 5;
      const many = use.count > 1 && use.highest > 0;
      return [
        el("rect", {
          x: left,
          y,
          width: Math.max(0, x(Math.min(1, use.share)) - left),
          height: ROW_HEIGHT - 10,
          fill: use.share >= BUSY ? "var(--c-orange)" : `var(--${side})`,
        }),
        many
          ? el("path", {
              class: "highest",
              d: `M${x(Math.min(1, use.highest)).toFixed(1)} ${y - 2}v${ROW_HEIGHT - 6}`,
            })
          : "",
        label(
          Math.max(x(Math.min(1, many ? use.highest : use.share)), left) + 6,
          y + 11,
          `${figure(use.share * 100)} %${use.count > 1 ? `  of ${use.count}` : ""}`,
          { class: "note halo" },
        ),
      ];
    });
    return panel(
      {
        left,
        right,
        top: TOP,
        bottom,
        title: SIDE_NAMES[side],
        grid: { x: true },
        x: {
          scale: x,
          ticks: ticks(0, 1, 5).map((value) => ({ at: value, text: `${figure(value * 100)} %` })),
          title: "share of the time with a vehicle in it",
        },
        y: { scale: linear([0, rows.length], [TOP, bottom]), ticks: [] },
      },
      ...bars,
    );
  });
  const names = rows.map((row, at) =>
    label(140, TOP + at * ROW_HEIGHT + 17, row.name, { class: "tick", "text-anchor": "end" }),
  );
  return {
    id: "stations",
    title: "Use of stations",
    reading: reading(uses),
    svg: drawing(bottom + 50, "Share of the time in which stations were used", ...names, ...panels),
    table: {
      columns: ["side", "place", "stations", "mean share", "highest share"],
      rows: uses.map((use) => [use.side, `${use.kind} ${use.bound}`, use.count, use.share, use.highest]),
    },
  };
}

function reading(uses: readonly PlaceUse[]): string {
  const inLane = uses.filter(({ kind }) => kind !== "parking" && kind !== "charger");
  const [busiest] = [...inLane].sort((a, b) => b.share - a.share);
  if (busiest === undefined) return "There are no stations.";
  const name =
    ROWS.find((row) => row.kind === busiest.kind && row.bound === busiest.bound)?.name ?? busiest.kind;
  const verdict =
    busiest.share >= BUSY ? "what the others wait for" : "so no station holds the others up by itself";
  return `Used most: ${name} in ${SIDE_NAMES[busiest.side]}, ${figure(busiest.share * 100)} % of the time, ${verdict}. Bars are means; a tick marks the one used most where there are several.`;
}
